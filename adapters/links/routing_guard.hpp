// Routing policy that keeps rooms closed, in both directions, while our packet filter is missing.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/base/ip.hpp"
#include "core/base/result.hpp"

namespace lokaal {

struct GuardPlan {
  std::set<std::string> interfaces;  // of rooms; they need not exist yet
  std::set<IpPrefix> prefixes;       // of rooms
  // Addresses of infrastructure (telephony, alarm, doors): never governed, so forwarded also while
  // the filter is missing; but not from or to a governed device.
  std::set<IpPrefix> infrastructure;
};

struct GuardReport {
  // Each a rule in the words of ip-rule(8), or a kernel setting.
  std::vector<std::string> missing;
  std::vector<std::string> unexpected;  // bear our protocol number, are not of the plan
  std::vector<std::string> ahead;       // others' rules that are asked before ours are done

  bool intact() const { return missing.empty() && unexpected.empty() && ahead.empty(); }
};

// Blocking, short (some dozens of netlink messages). Acts on the network namespace of the calling
// thread. Needs CAP_NET_ADMIN; a missing IPv6 stack is not an error, there is nothing to close.
class RoutingGuard {
 public:
  virtual ~RoutingGuard() = default;

  // Makes our rules exactly the plan's: what is missing is added before what is surplus is deleted,
  // so that nothing is open in between; a second time changes nothing. Others' rules stay.
  virtual Result<void> install(const GuardPlan& plan) = 0;

  // Deletes every rule that bears our protocol number, and no other.
  virtual Result<void> remove() = 0;

  virtual Result<GuardReport> check(const GuardPlan& plan) = 0;
};

// By rtnetlink.
std::unique_ptr<RoutingGuard> kernel_routing_guard();

}  // namespace lokaal
