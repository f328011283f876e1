#include "core/wire/event.hpp"

#include <boost/json.hpp>
#include <stdexcept>

#include "core/wire/fields.hpp"

namespace lokaal::wire {

std::string_view name_of(EventKind kind) {
  switch (kind) {
    case EventKind::grant_begin:
      return "grant-begin";
    case EventKind::grant_end:
      return "grant-end";
    case EventKind::exemption_begin:
      return "exemption-begin";
    case EventKind::exemption_end:
      return "exemption-end";
    case EventKind::exam_begin:
      return "exam-begin";
    case EventKind::exam_pause:
      return "exam-pause";
    case EventKind::exam_resume:
      return "exam-resume";
    case EventKind::exam_end:
      return "exam-end";
    case EventKind::emergency_begin:
      return "emergency-begin";
    case EventKind::emergency_end:
      return "emergency-end";
    case EventKind::sighting:
      return "sighting";
    case EventKind::drift:
      return "drift";
    case EventKind::release:
      return "release";
  }
  return "?";
}

std::optional<EventKind> event_kind_from(std::string_view name) {
  for (int kind = 0; kind <= static_cast<int>(EventKind::release); ++kind)
    if (name_of(static_cast<EventKind>(kind)) == name) return static_cast<EventKind>(kind);
  return std::nullopt;
}

boost::json::value to_json(const RoomEvent& event) {
  boost::json::object out;
  out["v"] = kVersion;
  out["room"] = text(event.room);
  out["node"] = text(event.node);
  out["seq"] = decimal(event.seq);
  out["at"] = time(event.at);
  out["kind"] = name_of(event.kind);
  for (const auto& field : event.fields) {
    const bool own_kind = event.kind == EventKind::sighting && field.key() == "kind";
    const boost::json::string_view key = own_kind ? "sighting" : field.key();
    if (!out.emplace(key, field.value()).second)
      throw std::logic_error("an event's field hides a member of every event");
  }
  return out;
}

std::string to_text(const RoomEvent& event) {
  return boost::json::serialize(to_json(event));
}

}  // namespace lokaal::wire
