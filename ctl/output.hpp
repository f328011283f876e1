// What a subcommand says: text for people, or one JSON object a line for programs.
#pragma once

#include <boost/json/object.hpp>
#include <ostream>
#include <string_view>

#include "core/base/result.hpp"

namespace lokaal::ctl {

class Output {
 public:
  Output(std::ostream& out, std::ostream& err) : out_(out), err_(err) {}

  bool json = false;

  void say(std::string_view text, const boost::json::object& object);
  // Beside the result, for people only.
  void note(std::string_view text);
  // Says what cannot be read or used; gives the exit code for that.
  int unusable(const Error& error);

 private:
  std::ostream& out_;
  std::ostream& err_;
};

}  // namespace lokaal::ctl
