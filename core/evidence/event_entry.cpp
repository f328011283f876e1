#include "core/evidence/event_entry.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

namespace lokaal {
namespace {

namespace json = boost::json;

constexpr std::string_view kAllow = "allow_c";
constexpr std::string_view kForbid = "forbid_c";
// The cause of a change by which nothing is commanded any more.
constexpr std::string_view kEnded = "ended";
// The cause of a change by the bell. Nobody commands in the timetable's name.
constexpr std::string_view kTimetable = "timetable";

json::array to_list(const std::set<Kind>& kinds, const std::set<DeviceId>& devices) {
  json::array out;
  for (const Kind kind : kinds) out.emplace_back(json::string(name_of(kind)));
  for (const DeviceId& device : devices) out.emplace_back(device.str());
  return out;
}

// Kinds and device ids share one list, as in `set-devices`; a kind's name is never a device's id.
Result<void> from_list(const json::value& value, std::set<Kind>& kinds,
                       std::set<DeviceId>& devices) {
  if (!value.is_array()) return failure("a kept list of devices is not a list");
  for (const json::value& item : value.get_array()) {
    if (!item.is_string()) return failure("a kept list of devices holds something else");
    const std::string text(item.get_string());
    if (const auto kind = kind_from(text)) {
      kinds.insert(*kind);
    } else {
      devices.insert(DeviceId(text));
    }
  }
  return {};
}

struct ToEntry {
  const BaseMode& shown;
  const std::optional<RuleId>& rule;
  const SaltSource& salt;

  EventEntry operator()(const RoomCommanded& event) const {
    EventEntry out;
    entry::Change change;
    change.cause = event.commanded ? std::string(name_of(shown.by.kind)) : std::string(kEnded);
    change.mode = std::string(name_of(shown.mode));
    change.until = shown.until;
    change.rule = rule;
    if (event.commanded) {
      const DeviceRules& devices = event.commanded->devices;
      change.jti = shown.by.jti;
      change.allow_c =
          out.personal.commit(kAllow, to_list(devices.allowed_kinds, devices.allowed), salt());
      change.forbid_c =
          out.personal.commit(kForbid, to_list(devices.forbidden_kinds, devices.forbidden), salt());
    }
    out.body = change;
    return out;
  }

  EventEntry operator()(const GrantBegun& event) const {
    entry::GrantBegin begin;
    begin.id = event.grant.id;
    begin.services = {event.grant.services.begin(), event.grant.services.end()};
    if (!event.grant.devices.empty())
      begin.devices = std::vector<DeviceId>(event.grant.devices.begin(), event.grant.devices.end());
    begin.until = event.grant.until;
    begin.jti = shown.by.jti;
    return {begin, {}};
  }

  EventEntry operator()(const GrantEnded& event) const {
    return {entry::GrantEnd{event.grant, event.why}, {}};
  }

  EventEntry operator()(const Bell&) const {
    entry::Change change;
    change.cause = std::string(kTimetable);
    change.mode = std::string(name_of(shown.mode));
    change.until = shown.until;
    change.rule = rule;
    return {change, {}};
  }
};

Result<const json::value*> opened(const PrivateValues& personal, std::string_view field,
                                  const std::optional<std::string>& commitment) {
  const auto found = personal.fields.find(field);
  if (!commitment || found == personal.fields.end() || personal.matches(field, *commitment) != true)
    return failure(fmt::format("the private value of {} is missing or does not match", field));
  return &found->second.value;
}

Result<DeviceRules> read_devices(const entry::Change& change, const PrivateValues& personal) {
  DeviceRules rules;
  const auto allow = opened(personal, kAllow, change.allow_c);
  if (!allow) return tl::unexpected(allow.error());
  const auto forbid = opened(personal, kForbid, change.forbid_c);
  if (!forbid) return tl::unexpected(forbid.error());
  if (auto done = from_list(**allow, rules.allowed_kinds, rules.allowed); !done)
    return tl::unexpected(done.error());
  if (auto done = from_list(**forbid, rules.forbidden_kinds, rules.forbidden); !done)
    return tl::unexpected(done.error());
  return rules;
}

Result<std::optional<Event>> read_change(const LogEntry& entry, const entry::Change& change,
                                         const PrivateValues& personal) {
  if (!entry.room) return failure("a change without a room");
  if (change.cause == kEnded) return Event(RoomCommanded{*entry.room, std::nullopt});
  if (change.cause == kTimetable) return Event(Bell{*entry.room});
  const auto mode = mode_from(change.mode);
  const auto by = cause_kind_from(change.cause);
  if (!mode || !by || !change.until) return failure("a change that says no mode, cause or end");
  auto devices = read_devices(change, personal);
  if (!devices) return tl::unexpected(devices.error());
  return Event(RoomCommanded{
      *entry.room, CommandedMode{*mode, *change.until, {*by, change.jti}, std::move(*devices)}});
}

}  // namespace

EventEntry to_entry(const Event& event, const BaseMode& shown, const std::optional<RuleId>& rule,
                    const SaltSource& salt) {
  return std::visit(ToEntry{shown, rule, salt}, event);
}

Result<std::optional<Event>> event_from(const LogEntry& entry, const PrivateValues& personal) {
  if (const auto* change = std::get_if<entry::Change>(&entry.body))
    return read_change(entry, *change, personal);
  if (const auto* begin = std::get_if<entry::GrantBegin>(&entry.body)) {
    if (!entry.room) return failure("a grant without a room");
    Grant grant;
    grant.id = begin->id;
    grant.room = *entry.room;
    grant.services = {begin->services.begin(), begin->services.end()};
    if (begin->devices) grant.devices = {begin->devices->begin(), begin->devices->end()};
    grant.until = begin->until;
    return Event(GrantBegun{grant});
  }
  if (const auto* end = std::get_if<entry::GrantEnd>(&entry.body))
    return Event(GrantEnded{end->id, entry.room.value_or(RoomId()), end->why});
  return std::nullopt;
}

}  // namespace lokaal
