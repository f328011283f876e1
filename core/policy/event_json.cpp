#include <fmt/format.h>
#include <boost/json.hpp>

#include "core/policy/event.hpp"

namespace lokaal {
namespace {

namespace json = boost::json;

// --- writing ---

template <class T>
json::array texts(const std::set<Id<T>>& ids) {
  json::array out;
  for (const auto& id : ids) out.emplace_back(id.str());
  return out;
}

json::array texts(const std::set<Kind>& kinds) {
  json::array out;
  for (const Kind kind : kinds) out.emplace_back(json::string(name_of(kind)));
  return out;
}

struct Write {
  json::object operator()(const ModeSet& event) const {
    return {{"event", "mode-set"},
            {"room", event.room.str()},
            {"mode", json::string(name_of(event.mode))},
            {"until", format_time(event.until)},
            {"by", json::string(name_of(event.by.kind))},
            {"jti", event.by.jti ? json::value(event.by.jti->str()) : json::value(nullptr)}};
  }
  json::object operator()(const ModeEnded& event) const {
    return {{"event", "mode-ended"}, {"room", event.room.str()}};
  }
  json::object operator()(const DevicesSet& event) const {
    return {{"event", "devices-set"},
            {"room", event.room.str()},
            {"allowed_kinds", texts(event.devices.allowed_kinds)},
            {"forbidden_kinds", texts(event.devices.forbidden_kinds)},
            {"allowed", texts(event.devices.allowed)},
            {"forbidden", texts(event.devices.forbidden)}};
  }
  json::object operator()(const GrantBegun& event) const {
    return {{"event", "grant-begun"},
            {"id", event.grant.id.str()},
            {"room", event.grant.room.str()},
            {"services", texts(event.grant.services)},
            {"devices", texts(event.grant.devices)},
            {"until", format_time(event.grant.until)}};
  }
  json::object operator()(const GrantEnded& event) const {
    return {{"event", "grant-ended"}, {"id", event.grant.str()}, {"why", event.why}};
  }
};

// --- reading: the first fault is kept, later reads give empty values ---

class Reader {
 public:
  explicit Reader(const json::object& object) : object_(object) {}

  std::string text(std::string_view key) {
    const json::value* value = find(key);
    if (!value) return {};
    if (!value->is_string()) return fault(key, "is not a string");
    return std::string(value->get_string());
  }

  std::optional<std::string> optional_text(std::string_view key) {
    const json::value* value = find(key);
    if (!value || value->is_null()) return std::nullopt;
    return text(key);
  }

  WallTime time(std::string_view key) {
    const auto parsed = parse_time(text(key));
    if (!parsed) fault(key, "is not a time");
    return parsed.value_or(WallTime{});
  }

  template <class T>
  std::set<T> ids(std::string_view key) {
    std::set<T> out;
    for (const std::string& item : list(key)) out.insert(T(item));
    return out;
  }

  std::set<Kind> kinds(std::string_view key) {
    std::set<Kind> out;
    for (const std::string& item : list(key)) {
      const auto kind = kind_from(item);
      if (!kind) fault(key, "names a kind that is not known");
      out.insert(kind.value_or(Kind::other));
    }
    return out;
  }

  std::string fault(std::string_view key, std::string_view what) {
    if (!fault_) fault_ = fmt::format("\"{}\" {}", key, what);
    return {};
  }

  Result<Event> done(Event event) const {
    if (fault_) return failure("a kept event: " + *fault_);
    return event;
  }

 private:
  const json::value* find(std::string_view key) {
    const json::value* value = object_.if_contains({key.data(), key.size()});
    if (!value) fault(key, "is missing");
    return value;
  }

  std::vector<std::string> list(std::string_view key) {
    std::vector<std::string> out;
    const json::value* value = find(key);
    if (!value) return out;
    if (!value->is_array()) {
      fault(key, "is not a list");
      return out;
    }
    for (const json::value& item : value->get_array()) {
      if (item.is_string()) {
        out.emplace_back(item.get_string());
      } else {
        fault(key, "holds something that is not a string");
      }
    }
    return out;
  }

  const json::object& object_;
  std::optional<std::string> fault_;
};

Result<Event> read_mode_set(Reader& reader) {
  ModeSet event;
  event.room = RoomId(reader.text("room"));
  const auto mode = mode_from(reader.text("mode"));
  if (!mode) reader.fault("mode", "is not known");
  event.mode = mode.value_or(Mode::open);
  event.until = reader.time("until");
  const auto by = cause_kind_from(reader.text("by"));
  if (!by) reader.fault("by", "is not known");
  event.by.kind = by.value_or(Cause::Kind::standing);
  if (const auto jti = reader.optional_text("jti")) event.by.jti = CommandId(*jti);
  return reader.done(event);
}

Result<Event> read_devices_set(Reader& reader) {
  DevicesSet event;
  event.room = RoomId(reader.text("room"));
  event.devices.allowed_kinds = reader.kinds("allowed_kinds");
  event.devices.forbidden_kinds = reader.kinds("forbidden_kinds");
  event.devices.allowed = reader.ids<DeviceId>("allowed");
  event.devices.forbidden = reader.ids<DeviceId>("forbidden");
  return reader.done(event);
}

Result<Event> read_grant_begun(Reader& reader) {
  Grant grant;
  grant.id = GrantId(reader.text("id"));
  grant.room = RoomId(reader.text("room"));
  grant.services = reader.ids<ServiceId>("services");
  grant.devices = reader.ids<DeviceId>("devices");
  grant.until = reader.time("until");
  return reader.done(GrantBegun{grant});
}

}  // namespace

json::object to_json(const Event& event) {
  return std::visit(Write{}, event);
}

Result<Event> event_from_json(const json::object& object) {
  Reader reader(object);
  const std::string kind = reader.text("event");
  if (kind == "mode-set") return read_mode_set(reader);
  if (kind == "mode-ended") return reader.done(ModeEnded{RoomId(reader.text("room"))});
  if (kind == "devices-set") return read_devices_set(reader);
  if (kind == "grant-begun") return read_grant_begun(reader);
  if (kind == "grant-ended") {
    GrantEnded event{GrantId(reader.text("id")), reader.text("why")};
    return reader.done(event);
  }
  return failure(fmt::format("a kept event of unknown kind \"{}\"", kind));
}

}  // namespace lokaal
