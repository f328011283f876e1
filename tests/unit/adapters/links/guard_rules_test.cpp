#include "adapters/links/guard_rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lokaal {
namespace {

using testing::ElementsAre;

std::vector<std::string> texts(const GuardPlan& plan) {
  std::vector<std::string> lines;
  for (const links::Rule& rule : links::guard_rules(plan)) lines.push_back(rule.text());
  return lines;
}

TEST(GuardRules, CloseARoomInBothDirectionsAndBothFamilies) {
  EXPECT_THAT(
      texts({.interfaces = {"lan112"},
             .prefixes = {IpPrefix::parse("10.112.0.0/24").value(),
                          IpPrefix::parse("fd00:112::/64").value()},
             .infrastructure = {}}),
      ElementsAre("ipv4 100: from all iif lo lookup main", "ipv6 100: from all iif lo lookup main",
                  "ipv4 102: from all iif lan112 fwmark 0x2000000/0x2000000 lookup main",
                  "ipv6 102: from all iif lan112 fwmark 0x2000000/0x2000000 lookup main",
                  "ipv4 103: from all iif lan112 prohibit",
                  "ipv6 103: from all iif lan112 prohibit",
                  "ipv4 105: from all to 10.112.0.0/24 fwmark 0x2000000/0x2000000 lookup main",
                  "ipv6 105: from all to fd00:112::/64 fwmark 0x2000000/0x2000000 lookup main",
                  "ipv4 106: from all to 10.112.0.0/24 prohibit",
                  "ipv6 106: from all to fd00:112::/64 prohibit"));
}

TEST(GuardRules, LetInfrastructurePassOnlyTheSenderOrReceiverCheckItStandsFor) {
  EXPECT_THAT(
      texts({.interfaces = {},
             .prefixes = {},
             .infrastructure = {IpPrefix::parse("10.112.0.20").value()}}),
      ElementsAre("ipv4 100: from all iif lo lookup main", "ipv6 100: from all iif lo lookup main",
                  "ipv4 101: from 10.112.0.20/32 goto 104",
                  "ipv4 104: from all to 10.112.0.20/32 lookup main"));
}

}  // namespace
}  // namespace lokaal
