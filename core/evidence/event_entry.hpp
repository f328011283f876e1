// Which log entry an event of the policy becomes, and back: what a restart folds.
//
//   RoomCommanded   change, cause person|panel|... (the end of it: "ended")
//   Bell            change, cause "timetable"
//   RoomTaken       change, cause "take-room" or "give-back"
//   OverlaysSet     change, cause "overlays", with all that are on
//   ExamSet         change with `exam`; its names behind allow_c, its candidates behind forbid_c
//   ExamStep        exam-begin, exam-pause, exam-resume, exam-end
//   the others      the entry of their name
#pragma once

#include <functional>
#include <optional>

#include "core/base/ids.hpp"
#include "core/evidence/commitment.hpp"
#include "core/evidence/entry.hpp"
#include "core/policy/event.hpp"
#include "core/policy/rulebook.hpp"

namespace lokaal {

// Fresh salts, one a call (adapters/entropy).
using SaltSource = std::function<Salt()>;

struct EventEntry {
  EntryBody body;
  PrivateValues personal;
};

// What a room is after an event, as a `change` tells it.
struct RoomThen {
  ShownMode shown;
  std::vector<OverlayInForce> overlays;
  std::optional<RuleId> rule;          // of that mode
  std::optional<RuleId> overlay_rule;  // of the strictest overlay that is on
};
RoomThen room_then(const State& after, const RoomId& room, const Rulebook& rules, WallTime now);

// The rule that a mode stands on; none for `open`.
std::optional<RuleId> rule_of(Mode mode, const Rulebook& rules);

// The entry of an event that is folded already; `then` is its room after it.
EventEntry to_entry(const Event& event, const RoomThen& then, const SaltSource& salt);

// The event that an entry stands for; none for entries that change no policy. An error where the
// entry needs private values that are not there or do not match: then live state cannot be rebuilt.
Result<std::optional<Event>> event_from(const LogEntry& entry, const PrivateValues& personal);

}  // namespace lokaal
