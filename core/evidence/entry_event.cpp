// The other half of event_entry.hpp: from an entry to its event.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "core/evidence/event_entry.hpp"
#include "core/evidence/event_fields.hpp"

namespace lokaal {
namespace {

namespace json = boost::json;
using namespace event_fields;  // NOLINT: the names of the entries' members

using MaybeEvent = Result<std::optional<Event>>;

Result<const json::value*> opened(const PrivateValues& personal, std::string_view field,
                                  const std::optional<std::string>& commitment) {
  const auto found = personal.fields.find(field);
  if (!commitment || found == personal.fields.end() || personal.matches(field, *commitment) != true)
    return failure(fmt::format("the private value of {} is missing or does not match", field));
  return &found->second.value;
}

// What no leaf commits to.
Result<const json::value*> kept(const PrivateValues& personal, std::string_view field) {
  const auto found = personal.fields.find(field);
  if (found == personal.fields.end())
    return failure(fmt::format("the private value {} is missing", field));
  return &found->second.value;
}

Result<DeviceRules> read_devices(const entry::Change& change, const PrivateValues& personal) {
  DeviceRules rules;
  const auto allow = opened(personal, kAllow, change.allow_c);
  if (!allow) return tl::unexpected(allow.error());
  const auto forbid = opened(personal, kForbid, change.forbid_c);
  if (!forbid) return tl::unexpected(forbid.error());
  if (auto done = read_device_list(**allow, rules.allowed_kinds, rules.allowed); !done)
    return tl::unexpected(done.error());
  if (auto done = read_device_list(**forbid, rules.forbidden_kinds, rules.forbidden); !done)
    return tl::unexpected(done.error());
  return rules;
}

Result<void> read_lifted(const json::value& value, OverlaysSet& event) {
  const auto fault = [] { return failure("the private value lifted has another form"); };
  if (!value.is_object()) return fault();
  for (const auto& [name, until] : value.get_object()) {
    if (!until.is_string()) return fault();
    const auto moment = parse_time(std::string_view(until.get_string()));
    if (!moment) return tl::unexpected(moment.error());
    if (name == kPhoneFree) event.phone_free_lifted = *moment;
    if (name == kSocialFree) event.social_free_lifted = *moment;
  }
  return {};
}

class FromEntry {
 public:
  FromEntry(const LogEntry& entry, const PrivateValues& personal)
      : room_(entry.room), personal_(personal) {}

  MaybeEvent operator()(const entry::Change& change) const {
    if (!room_) return no_room("a change");
    if (change.exam) return exam(change);
    if (change.cause == kOverlays) return overlays(change);
    if (change.cause == kTaken) return taken(change);
    if (change.cause == kGivenBack)
      return Event(RoomTaken{*room_, std::nullopt, {Cause::Kind::person, change.jti}});
    if (change.cause == kEnded) return Event(RoomCommanded{*room_, std::nullopt, change.jti});
    // Nobody commands in the timetable's name: its bells are only told.
    if (change.cause == name_of(Cause::Kind::timetable)) return Event(Bell{*room_});
    const auto mode = mode_from(change.mode);
    const auto by = cause_kind_from(change.cause);
    if (!mode || !by || !change.until) return failure("a change that says no mode, cause or end");
    auto devices = read_devices(change, personal_);
    if (!devices) return tl::unexpected(devices.error());
    return Event(RoomCommanded{
        *room_, CommandedMode{*mode, *change.until, {*by, change.jti}, std::move(*devices)}});
  }

  MaybeEvent operator()(const entry::GrantBegin& begin) const {
    if (!room_) return no_room("a grant");
    Grant grant;
    grant.id = begin.id;
    grant.room = *room_;
    grant.services = {begin.services.begin(), begin.services.end()};
    if (begin.devices) grant.devices = {begin.devices->begin(), begin.devices->end()};
    grant.until = begin.until;
    return Event(GrantBegun{grant});
  }

  MaybeEvent operator()(const entry::GrantEnd& end) const {
    return Event(GrantEnded{end.id, room(), end.why});
  }

  MaybeEvent operator()(const entry::ExamBegin& begin) const {
    return Event(ExamStep{ExamStep::Kind::began,
                          begin.exam,
                          room(),
                          {},
                          static_cast<std::uint64_t>(begin.plan_version.value_or(0))});
  }
  MaybeEvent operator()(const entry::ExamPause& step) const {
    return Event(ExamStep{ExamStep::Kind::paused, step.exam, room(), step.cause});
  }
  MaybeEvent operator()(const entry::ExamResume& step) const {
    return Event(ExamStep{ExamStep::Kind::resumed, step.exam, room(), step.cause});
  }
  MaybeEvent operator()(const entry::ExamEnd& step) const {
    return Event(ExamStep{ExamStep::Kind::ended, step.exam, room(), step.cause});
  }

  MaybeEvent operator()(const entry::ExemptionBegin& begin) const {
    ExemptionBegun event{{}, begin.identity == "strong"};
    Exemption& exemption = event.exemption;
    exemption.room = room();
    exemption.id = begin.id;
    exemption.device = begin.device;
    exemption.until = begin.until;
    for (const std::string& from : begin.from) {
      exemption.from_social |= from == "social-media";
      exemption.from_phone_free |= from == "phone-free";
      exemption.from_exam |= from == "exam";
    }
    const auto services = kept(personal_, kServices);
    if (!services) return tl::unexpected(services.error());
    auto read = read_services(**services);
    if (!read) return tl::unexpected(read.error());
    exemption.services = std::move(*read);
    return Event(std::move(event));
  }

  MaybeEvent operator()(const entry::ExemptionEnd& end) const {
    return Event(ExemptionEnded{end.id, room(), end.why});
  }

  MaybeEvent operator()(const entry::EmergencyBegin& begin) const {
    return Event(EmergencyBegun{room(), begin.until, begin.jti});
  }

  MaybeEvent operator()(const entry::EmergencyEnd& end) const {
    return Event(EmergencyEnded{room(), end.cause});
  }

  MaybeEvent operator()(const entry::Release& release) const {
    return Event(Released{room(), release.total, release.still_locked});
  }

  template <class Other>
  MaybeEvent operator()(const Other&) const {
    return std::nullopt;
  }

 private:
  RoomId room() const { return room_.value_or(RoomId()); }

  static tl::unexpected<Error> no_room(std::string_view what) {
    return failure(fmt::format("{} without a room", what));
  }

  MaybeEvent exam(const entry::Change& change) const {
    const auto by = cause_kind_from(change.cause);
    if (!by || !change.until) return failure("an exam that says no cause or end");
    Exam exam;
    exam.id = *change.exam;
    exam.room = *room_;
    exam.until = *change.until;
    exam.by = {*by, change.jti};
    const auto candidates = opened(personal_, kForbid, change.forbid_c);
    if (!candidates) return tl::unexpected(candidates.error());
    if (auto done = read_candidates(**candidates, exam); !done) return tl::unexpected(done.error());
    const auto rest = kept(personal_, kExam);
    if (!rest) return tl::unexpected(rest.error());
    if (auto done = read_exam(**rest, exam); !done) return tl::unexpected(done.error());
    return Event(ExamSet{std::move(exam)});
  }

  MaybeEvent overlays(const entry::Change& change) const {
    // Without a command it was the hours of the protocol.
    const Cause by = change.jti ? Cause{Cause::Kind::person, change.jti} : Cause{};
    OverlaysSet event{*room_, std::nullopt, std::nullopt, by};
    for (const entry::OverlayUntil& overlay : change.overlays) {
      if (overlay.name == kPhoneFree) event.phone_free = BuildingOverlay{overlay.until};
      if (overlay.name == kSocialFree) event.social_free = BuildingOverlay{overlay.until};
    }
    // Most say nothing of it, and logs from before there were hours never do.
    const auto lifted = personal_.fields.find(kLifted);
    if (lifted == personal_.fields.end()) return Event(std::move(event));
    if (auto done = read_lifted(lifted->second.value, event); !done)
      return tl::unexpected(done.error());
    return Event(std::move(event));
  }

  MaybeEvent taken(const entry::Change& change) const {
    const auto person = kept(personal_, kPerson);
    if (!person) return tl::unexpected(person.error());
    if (!(*person)->is_string() || !change.until)
      return failure("a room that was taken by nobody, or without an end");
    const PersonId by{std::string_view((*person)->get_string())};
    return Event(
        RoomTaken{*room_, TakenRoom{by, *change.until}, {Cause::Kind::person, change.jti}});
  }

  const std::optional<RoomId>& room_;
  const PrivateValues& personal_;
};

}  // namespace

Result<std::optional<Event>> event_from(const LogEntry& entry, const PrivateValues& personal) {
  return std::visit(FromEntry(entry, personal), entry.body);
}

}  // namespace lokaal
