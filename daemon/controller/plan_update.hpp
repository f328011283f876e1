// What a plan document changes, as the controller takes it up.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/command/roster.hpp"
#include "core/evidence/entry.hpp"
#include "core/policy/state.hpp"

namespace lokaal {

// What a plan says of the state; without members: nothing was planned.
struct PlanInForce {
  // By room; a room that is not named has no lessons.
  std::map<RoomId, std::vector<Lesson>> lessons;
  std::map<ExamId, PlannedExam> planned;
  // From when on the plan is stale, and loosens nothing. Absent: it does not grow stale.
  std::optional<WallTime> stale_from;

  bool operator==(const PlanInForce&) const = default;
};

struct PlanUpdate {
  std::optional<Roster> roster;
  std::optional<PlanInForce> plan;
  // One for each document that was taken or refused.
  std::vector<entry::Plan> entries;

  bool changes() const { return roster || plan; }
  // Takes over what an older one says that this does not.
  void follow(PlanUpdate&& older);
};

// Rooms, devices and what is commanded stay as they are.
void apply(const PlanInForce& plan, State& state);

}  // namespace lokaal
