// What happened, as the journal keeps it: folding events over a State gives the State after them.
// core/evidence/event_entry.hpp says which log entry each event becomes.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "core/policy/state.hpp"

namespace lokaal {

// What is commanded of a room is now this; none: the timetable or the standing mode shows again.
struct RoomCommanded {
  RoomId room;
  std::optional<CommandedMode> commanded;

  bool operator==(const RoomCommanded&) const = default;
};

struct GrantBegun {
  Grant grant;

  bool operator==(const GrantBegun&) const = default;
};

struct GrantEnded {
  GrantId grant;
  RoomId room;
  std::string why;  // "expired", "revoked", "lesson-end"

  bool operator==(const GrantEnded&) const = default;
};

// A lesson of the timetable began, or ended, or both: what the room is follows from the clock.
struct Bell {
  RoomId room;

  bool operator==(const Bell&) const = default;
};

using Event = std::variant<RoomCommanded, GrantBegun, GrantEnded, Bell>;

// Every event counts one generation. An event about what the state does not know (a room that the
// configuration no longer has) changes nothing else.
void fold(State& state, const Event& event);

}  // namespace lokaal
