#include "tests/unit/ctl/workbench.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "ctl/ctl.hpp"

namespace lokaal::test {

boost::json::object Said::json() const {
  boost::json::error_code error;
  const std::size_t end = out.find_last_not_of('\n');
  const std::size_t start = out.rfind('\n', end == std::string::npos ? end : end - 1);
  const auto value = boost::json::parse(
      out.substr(start == std::string::npos || start > end ? 0 : start + 1), error);
  EXPECT_TRUE(!error && value.is_object()) << out;
  return value.is_object() ? value.get_object() : boost::json::object();
}

Said Workbench::call(std::vector<std::string> arguments) const {
  std::ostringstream out;
  std::ostringstream err;
  Said said;
  said.code = ctl::run(std::move(arguments), out, err);
  said.out = out.str();
  said.err = err.str();
  return said;
}

Said Workbench::done(std::vector<std::string> arguments) const {
  Said said = call(std::move(arguments));
  EXPECT_EQ(said.code, 0) << said.out << said.err;
  return said;
}

boost::json::value Workbench::key(const std::string& kid, const std::string& role) const {
  return done({"--json", "keygen", "--role", role, "--kid", kid, "--out", path(kid + ".jwk")})
      .json()
      .at("jwk");
}

}  // namespace lokaal::test
