// A folder to work in, and the program called as its users call it.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "tests/unit/adapters/bus/process.hpp"

namespace lokaal::test {

struct Said {
  int code = -1;
  std::string out;
  std::string err;

  // The last line as JSON.
  boost::json::object json() const;
};

class Workbench {
 public:
  Said call(std::vector<std::string> arguments) const;
  // Fails the test unless it exits 0.
  Said done(std::vector<std::string> arguments) const;
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }
  std::string text(const std::string& name) const { return read_file(folder_.path() / name); }
  void put(const std::string& name, const std::string& text) const {
    write_file(folder_.path() / name, text);
  }
  // Makes KID.jwk; its public part.
  boost::json::value key(const std::string& kid, const std::string& role = "teacher") const;

 private:
  TemporaryFolder folder_;
};

}  // namespace lokaal::test
