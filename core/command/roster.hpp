// Who may sign what: persons, panels, buttons and nodes, each with a key of their own.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/command/root.hpp"

namespace lokaal {

// INTERFACES section 3; and the keys of machines, which command nothing.
enum class Role : std::uint8_t {
  teacher,
  supervisor,
  coordinator,
  care,
  it,
  communications,
  bhv,
  privacy_officer,
  panel,
  physical,
  node,
  agent,
};
std::string_view name_of(Role role);  // "privacy-officer"
std::optional<Role> role_from(std::string_view name);

struct RosterEntry {
  KeyId kid;
  Ed25519PublicKey key;
  Role role = Role::supervisor;
  // Exactly one of the two is not empty.
  PersonId person;
  NodeId node;
  std::set<RoomId> rooms;
  std::optional<WallTime> from;   // absent: since always
  std::optional<WallTime> until;  // absent: no end
  // Revoked for ever, or from a time on.
  std::optional<WallTime> revoked;
  // What a button does (role physical): "emergency", "release", "set-mode:devices-away".
  // An extension of the schema; where left out, a button only calls an emergency.
  std::set<std::string> commands;

  const std::string& subject() const { return person.empty() ? node.str() : person.str(); }
  bool in_force(WallTime now) const;
  bool operator==(const RosterEntry&) const = default;
};

struct Roster {
  PlanDocument document;
  KeyId signer;  // the root's key that signed it; empty: not verified
  std::map<KeyId, RosterEntry> entries;

  const RosterEntry* find(const KeyId& kid) const;
  // The entries of a person that are in force.
  std::vector<const RosterEntry*> of_person(const PersonId& person, WallTime now) const;
  bool operator==(const Roster&) const = default;
};

// The payload of plan/roster, without any trust: for who is about to sign one.
Result<Roster> parse_roster(std::string_view payload);
// plan/roster as published: compact JWS, signed by a key of the root, of the root's site.
Result<Roster> verify_roster(std::string_view jws, const Root& root);

}  // namespace lokaal
