// What the site settles for all of its nodes: its protocol, overlays by the hour, rooms.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "core/plan/signed_plan.hpp"

namespace lokaal {

// Verified, kept and vouched for; a node is still set up by its own configuration (rooms, protocol
// file), so that what is not named here is not read further: `defaults`, `hours`, `groups`,
// `attach`.
struct SchoolPolicy {
  PlanDocument document;
  KeyId signer;
  std::string protocol;            // "mondia-2020"
  std::set<std::string> overlays;  // phone-free, social-free
  std::set<RoomId> rooms;

  bool operator==(const SchoolPolicy&) const = default;
};

// The payload of plan/policy, without any trust: for who is about to sign one.
Result<SchoolPolicy> parse_school_policy(std::string_view payload);
// plan/policy as published, signed by it.
Result<SchoolPolicy> verify_school_policy(std::string_view jws, const PlanSigners& signers);

}  // namespace lokaal
