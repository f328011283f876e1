#include "adapters/links/guard_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/policy/marks.hpp"

namespace lokaal::links {
namespace {

void add_family(IpFamily family, const GuardPlan& plan, std::vector<Rule>& rules) {
  const auto add = [&](Rule rule) {
    rule.family = family;
    rules.push_back(std::move(rule));
  };
  const auto of_family = [&](const IpPrefix& prefix) { return prefix.address.family == family; };

  add({.priority = kOwnTraffic, .action = RuleAction::lookup_main, .iif = "lo"});
  for (const IpPrefix& address : plan.infrastructure) {
    if (!of_family(address)) continue;
    // A jump, not `lookup main`: infrastructure reaches no governed device past the filter.
    add({.priority = kFromInfrastructure,
         .action = RuleAction::jump,
         .from = address,
         .jump = kToInfrastructure});
    add({.priority = kToInfrastructure, .action = RuleAction::lookup_main, .to = address});
  }
  for (const std::string& interface : plan.interfaces) {
    add({.priority = kFromRoomMarked,
         .action = RuleAction::lookup_main,
         .iif = interface,
         .marked = true});
    add({.priority = kFromRoom, .action = RuleAction::prohibit, .iif = interface});
  }
  for (const IpPrefix& prefix : plan.prefixes) {
    if (!of_family(prefix)) continue;
    add({.priority = kToRoomMarked,
         .action = RuleAction::lookup_main,
         .to = prefix,
         .marked = true});
    add({.priority = kToRoom, .action = RuleAction::prohibit, .to = prefix});
  }
}

}  // namespace

std::string Rule::text() const {
  std::string text = fmt::format("{} {}: from {}", family == IpFamily::v4 ? "ipv4" : "ipv6",
                                 priority, from ? from->text() : "all");
  if (to) text += " to " + to->text();
  if (!iif.empty()) text += " iif " + iif;
  if (marked) text += fmt::format(" fwmark {0:#x}/{0:#x}", kGuardMark);
  switch (action) {
    case RuleAction::lookup_main:
      return text + " lookup main";
    case RuleAction::prohibit:
      return text + " prohibit";
    case RuleAction::jump:
      return text + fmt::format(" goto {}", jump);
  }
  return text;
}

std::vector<Rule> guard_rules(const GuardPlan& plan) {
  std::vector<Rule> rules;
  add_family(IpFamily::v4, plan, rules);
  add_family(IpFamily::v6, plan, rules);
  std::stable_sort(rules.begin(), rules.end(),
                   [](const Rule& a, const Rule& b) { return a.priority < b.priority; });
  return rules;
}

}  // namespace lokaal::links
