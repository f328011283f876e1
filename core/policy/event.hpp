// What happened, as the journal keeps it: folding events over a State gives the State after them.
#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>
#include <variant>

#include "core/base/result.hpp"
#include "core/policy/state.hpp"

namespace lokaal {

// A room was brought into a base mode. What devices may be used starts anew with it.
struct ModeSet {
  RoomId room;
  Mode mode = Mode::open;
  WallTime until;
  Cause by;

  bool operator==(const ModeSet&) const = default;
};

// A room's commanded mode reached its end; the timetable or the standing mode shows again.
struct ModeEnded {
  RoomId room;

  bool operator==(const ModeEnded&) const = default;
};

// A teacher said which devices may be used in the mode that is on.
struct DevicesSet {
  RoomId room;
  DeviceRules devices;

  bool operator==(const DevicesSet&) const = default;
};

struct GrantBegun {
  Grant grant;

  bool operator==(const GrantBegun&) const = default;
};

struct GrantEnded {
  GrantId grant;
  std::string why;  // "expired", "revoked", "lesson-end"

  bool operator==(const GrantEnded&) const = default;
};

using Event = std::variant<ModeSet, ModeEnded, DevicesSet, GrantBegun, GrantEnded>;

// Every event counts one generation. Events about what the state does not know (a room that the
// configuration no longer has) change nothing else.
void fold(State& state, const Event& event);

// The form in which events are kept beside their log entries; strict both ways.
boost::json::object to_json(const Event& event);
Result<Event> event_from_json(const boost::json::object& object);

}  // namespace lokaal
