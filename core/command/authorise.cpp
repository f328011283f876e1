#include "core/command/authorise.hpp"

#include <array>

#include "core/command/checks.hpp"
#include "core/command/deadline.hpp"
#include "core/command/loosening.hpp"

namespace lokaal {
namespace {

// SCHEMAS "Reasons", from clock-untrusted to stale-generation.
constexpr std::array<Check, 22> kChecks = {
    check_clock,      check_plan,          check_supported,  check_mode,     check_room,
    check_exam,       check_services,      check_devices,    check_grant,    check_exemption,
    check_until,      check_personal_key,  check_role,       check_own_room, check_own_hour,
    check_identity,   check_exam_in_force, check_exam_owner, check_overlay,  check_essential,
    check_superseded, check_generation,
};

}  // namespace

SignedBy kind_of_signer(const RosterEntry& signer) {
  if (signer.role == Role::panel) return SignedBy::panel;
  return signer.role == Role::physical ? SignedBy::physical : SignedBy::person;
}

std::string_view name_of(SignedBy by) {
  switch (by) {
    case SignedBy::person:
      return "person";
    case SignedBy::panel:
      return "panel";
    case SignedBy::physical:
      return "physical";
  }
  return "?";
}

Authorisation authorise(const Envelope& envelope, const Command& command,
                        const Authority& authority, const RoomId& room,
                        const CommandContext& context, WallTime now) {
  const CommandCase it{envelope, command, authority, room, context, now, context.room(room)};
  for (const Check check : kChecks) {
    if (auto refusal = check(it)) return tl::unexpected(std::move(*refusal));
  }
  return Approved{*deadline_of(command, *it.view, context, now),
                  loosens(command, it.view, context, now),
                  authority.person.person,
                  authority.person.role,
                  kind_of_signer(authority.signer),
                  ends_test_only(it)};
}

}  // namespace lokaal
