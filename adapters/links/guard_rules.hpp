// The routing guard's rules as values, and their order.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "adapters/links/routing_guard.hpp"

namespace lokaal::links {

// Tells our rules from others' (FRA_PROTOCOL). rtnetlink.h: above RTPROT_STATIC, user space
// chooses; no daemon of /etc/iproute2/rt_protos has this one.
inline constexpr std::uint8_t kGuardProtocol = 108;

// Priorities (FRA_PRIORITY), asked in rising order after `local` at 0, which stays first: without
// it neither ARP nor the gateway's own services would work.
enum GuardPriority : std::uint32_t {
  kOwnTraffic = 100,          // iif lo: the gateway's own packets
  kFromInfrastructure = 101,  // who sends is not governed: go to kToInfrastructure
  kFromRoomMarked = 102,
  kFromRoom = 103,  // prohibit
  kToInfrastructure = 104,
  kToRoomMarked = 105,
  kToRoom = 106,  // prohibit
};

enum class RuleAction : std::uint8_t { lookup_main, prohibit, jump };

struct Rule {
  IpFamily family = IpFamily::v4;
  std::uint32_t priority = 0;
  RuleAction action = RuleAction::prohibit;
  std::string iif{};  // empty: any
  std::optional<IpPrefix> from{};
  std::optional<IpPrefix> to{};
  bool marked = false;     // only packets with kGuardMark
  std::uint32_t jump = 0;  // priority that `jump` goes on with

  std::string text() const;
  auto operator<=>(const Rule&) const = default;
};

// In rising priority; both families.
std::vector<Rule> guard_rules(const GuardPlan& plan);

}  // namespace lokaal::links
