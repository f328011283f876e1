#include "core/evidence/event_fields.hpp"

#include <boost/json.hpp>

#include "core/command/members.hpp"

namespace lokaal::event_fields {
namespace {

namespace json = boost::json;

// A kept list of texts, whatever it is called.
Result<std::vector<std::string>> texts(const json::value& value, std::string_view what) {
  if (!value.is_array()) return failure("a kept list of " + std::string(what) + " is not a list");
  std::vector<std::string> out;
  for (const json::value& item : value.get_array()) {
    if (!item.is_string())
      return failure("a kept list of " + std::string(what) + " holds something else");
    out.emplace_back(item.get_string());
  }
  return out;
}

json::value or_null(const std::optional<ServiceId>& id) {
  return id ? json::value(id->str()) : json::value();
}

Result<void> read_hosts(const json::object& hosts, Exam& exam) {
  for (const auto& host : hosts) {
    std::optional<ServiceId>& part_of = exam.hosts[ServiceId(std::string_view(host.key()))];
    if (host.value().is_string()) {
      part_of = ServiceId(std::string_view(host.value().get_string()));
    } else if (!host.value().is_null()) {
      return failure("a kept host name is part of something that is no service");
    }
  }
  return {};
}

}  // namespace

json::array device_list(const std::set<Kind>& kinds, const std::set<DeviceId>& devices) {
  json::array out;
  for (const Kind kind : kinds) out.emplace_back(json::string(name_of(kind)));
  for (const DeviceId& device : devices) out.emplace_back(device.str());
  return out;
}

Result<void> read_device_list(const json::value& value, std::set<Kind>& kinds,
                              std::set<DeviceId>& devices) {
  const auto names = texts(value, "devices");
  if (!names) return tl::unexpected(names.error());
  for (const std::string& name : *names) {
    if (const auto kind = kind_from(name)) {
      kinds.insert(*kind);
    } else {
      devices.insert(DeviceId(name));
    }
  }
  return {};
}

json::array candidate_list(const Exam& exam) {
  json::array out;
  for (const auto& [device, until] : exam.candidates)
    out.push_back({{"device", device.str()}, {"until", format_time(until)}});
  return out;
}

Result<void> read_candidates(const json::value& value, Exam& exam) {
  if (!value.is_array()) return failure("a kept list of candidates is not a list");
  for (const json::value& item : value.get_array()) {
    if (!item.is_object()) return failure("a kept list of candidates holds something else");
    Members members(item.get_object(), "candidate");
    const DeviceId device(members.text("device"));
    exam.candidates[device] = members.time("until");
    if (auto done = members.finish(); !done) return done;
  }
  return {};
}

json::array allow_list(const Exam& exam) {
  json::array out;
  for (const ServiceId& service : exam.allow) out.emplace_back(service.str());
  for (const auto& [host, part_of] : exam.hosts) out.emplace_back(host.str());
  return out;
}

json::object exam_object(const Exam& exam) {
  json::object hosts;
  for (const auto& [host, part_of] : exam.hosts) hosts[host.str()] = or_null(part_of);
  return {{"allow", service_list(exam.allow)},
          {"hosts", std::move(hosts)},
          {"kind", name_of(exam.kind)},
          {"latest", exam.latest ? json::value(format_time(*exam.latest)) : json::value()},
          {"owner", exam.owner.str()},
          {"paused", exam.paused ? json::value(format_time(*exam.paused)) : json::value()},
          {"paused_by_hand", exam.paused_by_hand},
          {"plan_version", exam.plan_version},
          {"planned", exam.planned},
          {"whole_room", exam.whole_room}};
}

Result<void> read_exam(const json::value& value, Exam& exam) {
  if (!value.is_object()) return failure("a kept exam is not an object");
  Members members(value.get_object(), "exam");
  for (const std::string& service : members.texts("allow")) exam.allow.insert(ServiceId(service));
  const json::object* hosts = members.object("hosts");
  const auto kind = exam_kind_from(members.text("kind"));
  if (!kind) members.fault("\"kind\" is no kind of exam");
  exam.kind = kind.value_or(ExamKind::test);
  if (members.has_value("latest")) exam.latest = members.time("latest");
  exam.owner = PersonId(members.text("owner"));
  if (members.has_value("paused")) exam.paused = members.time("paused");
  exam.paused_by_hand = members.boolean("paused_by_hand");
  exam.plan_version = static_cast<std::uint64_t>(members.integer("plan_version"));
  exam.planned = members.boolean("planned");
  exam.whole_room = members.boolean("whole_room");
  if (auto done = members.finish(); !done) return done;
  return read_hosts(*hosts, exam);
}

json::array service_list(const std::set<ServiceId>& services) {
  json::array out;
  for (const ServiceId& service : services) out.emplace_back(service.str());
  return out;
}

Result<std::set<ServiceId>> read_services(const json::value& value) {
  const auto names = texts(value, "services");
  if (!names) return tl::unexpected(names.error());
  return std::set<ServiceId>(names->begin(), names->end());
}

}  // namespace lokaal::event_fields
