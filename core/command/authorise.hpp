// Whether the holder of a key may have this done here and now: the checks after the replay window,
// in the order of SCHEMAS "Reasons". Pure.
#pragma once

#include <optional>
#include <tl/expected.hpp>

#include "core/command/context.hpp"
#include "core/command/envelope.hpp"
#include "core/command/reason.hpp"
#include "core/command/roster.hpp"

namespace lokaal {

enum class SignedBy : std::uint8_t { person, panel, physical };
std::string_view name_of(SignedBy by);
SignedBy kind_of_signer(const RosterEntry& signer);

struct Approved {
  std::optional<WallTime> until;  // resolved; absent where the command has no end of its own
  bool loosens = false;           // durable before it takes effect; tightening may run beside
  PersonId person;                // for whom; empty: a button
  Role role = Role::supervisor;   // in which of that person's roles
  SignedBy signed_by = SignedBy::person;
  bool ends_test_only = false;  // a set-mode: the room's base mode stays what it is

  bool operator==(const Approved&) const = default;
};

// The rights at stake: the signer's own entry, or, where a panel signs, that of the person.
struct Authority {
  const RosterEntry& signer;
  const RosterEntry& person;

  bool by_panel() const { return signer.role == Role::panel; }
};

using Authorisation = tl::expected<Approved, Refusal>;

Authorisation authorise(const Envelope& envelope, const Command& command,
                        const Authority& authority, const RoomId& room,
                        const CommandContext& context, WallTime now);

}  // namespace lokaal
