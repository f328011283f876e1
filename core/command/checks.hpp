// The checks of authorise(), each of one reason. A check may count on those before it to have
// passed, and on nothing else.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "core/command/authorise.hpp"

namespace lokaal {

struct CommandCase {
  const Envelope& envelope;
  const Command& command;
  const Authority& authority;
  const RoomId& room;
  const CommandContext& context;
  WallTime now;
  std::optional<RoomView> view;  // absent: no room of this node
};

using Check = std::optional<Refusal> (*)(const CommandCase&);

// A rule that the school's protocol has no name for is none.
inline Refusal refusal(Reason reason, std::string detail,
                       std::optional<RuleId> rule = std::nullopt) {
  if (rule && rule->empty()) rule.reset();
  return {reason, std::move(detail), std::move(rule)};
}

// What the node must know: clock, plan, and everything that the command names.
std::optional<Refusal> check_clock(const CommandCase& it);
std::optional<Refusal> check_plan(const CommandCase& it);
std::optional<Refusal> check_supported(const CommandCase& it);
std::optional<Refusal> check_mode(const CommandCase& it);
std::optional<Refusal> check_room(const CommandCase& it);
std::optional<Refusal> check_exam(const CommandCase& it);
std::optional<Refusal> check_services(const CommandCase& it);
std::optional<Refusal> check_devices(const CommandCase& it);
std::optional<Refusal> check_grant(const CommandCase& it);
std::optional<Refusal> check_exemption(const CommandCase& it);
std::optional<Refusal> check_until(const CommandCase& it);

// Whether a set-mode may end the test that is on, and command nothing beyond: in somebody else's
// hour the room is then what its base mode says.
bool ends_test_only(const CommandCase& it);

// What the person may, and what the state of the room leaves room for.
std::optional<Refusal> check_personal_key(const CommandCase& it);
std::optional<Refusal> check_role(const CommandCase& it);
std::optional<Refusal> check_own_room(const CommandCase& it);
std::optional<Refusal> check_own_hour(const CommandCase& it);
std::optional<Refusal> check_identity(const CommandCase& it);
std::optional<Refusal> check_exam_in_force(const CommandCase& it);
std::optional<Refusal> check_exam_owner(const CommandCase& it);
std::optional<Refusal> check_overlay(const CommandCase& it);
std::optional<Refusal> check_essential(const CommandCase& it);
std::optional<Refusal> check_superseded(const CommandCase& it);
std::optional<Refusal> check_generation(const CommandCase& it);

}  // namespace lokaal
