// `rooms/<room>/events`: what happens, as it happens (SCHEMAS events).
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"

namespace lokaal::wire {

enum class EventKind : std::uint8_t {
  grant_begin,
  grant_end,
  exemption_begin,
  exemption_end,
  exam_begin,
  exam_pause,
  exam_resume,
  exam_end,
  emergency_begin,
  emergency_end,
  sighting,
  drift,
  release,
};
std::string_view name_of(EventKind kind);  // "grant-begin": also the log entry's type
std::optional<EventKind> event_kind_from(std::string_view name);

struct RoomEvent {
  RoomId room;
  NodeId node;
  std::uint64_t seq = 0;
  WallTime at;
  EventKind kind = EventKind::release;
  // The fields of that log entry (without the common ones). A sighting's own `kind` would hide the
  // event's: it travels as `sighting`. Any other clash with the members above throws
  // std::logic_error.
  boost::json::object fields;
};

boost::json::value to_json(const RoomEvent& event);
std::string to_text(const RoomEvent& event);

}  // namespace lokaal::wire
