#include "core/evidence/event_entry.hpp"

#include <boost/json.hpp>

#include "core/evidence/event_fields.hpp"

namespace lokaal {
namespace {

namespace json = boost::json;
using namespace event_fields;  // NOLINT: the names of the entries' members

std::vector<entry::OverlayUntil> listed(const std::vector<OverlayInForce>& overlays) {
  std::vector<entry::OverlayUntil> out;
  for (const OverlayInForce& overlay : overlays)
    out.push_back({std::string(overlay.name), overlay.until});
  return out;
}

// Which overlays are switched off against their hours, and until when.
json::object lifted(const OverlaysSet& event) {
  json::object out;
  if (event.phone_free_lifted) out[kPhoneFree] = format_time(*event.phone_free_lifted);
  if (event.social_free_lifted) out[kSocialFree] = format_time(*event.social_free_lifted);
  return out;
}

std::optional<RuleId> overlay_rule(const std::vector<OverlayInForce>& overlays,
                                   const Rulebook& rules) {
  std::optional<RuleId> found;
  for (const OverlayInForce& overlay : overlays) {
    if (overlay.name == kPhoneFree) return rules.phone_free;
    if (overlay.name == kSocialFree) found = rules.social_free;
  }
  return found;
}

class ToEntry {
 public:
  ToEntry(const RoomThen& then, const SaltSource& salt) : then_(then), salt_(salt) {}

  EventEntry operator()(const RoomCommanded& event) const {
    EventEntry out;
    entry::Change change =
        room_change(event.commanded ? name_of(event.commanded->by.kind) : kEnded);
    if (event.commanded) {
      const CommandedMode& commanded = *event.commanded;
      change.mode = std::string(name_of(commanded.mode));
      change.until = commanded.until;
      change.jti = commanded.by.jti;
      const DeviceRules& devices = commanded.devices;
      change.allow_c = commit(out, kAllow, device_list(devices.allowed_kinds, devices.allowed));
      change.forbid_c =
          commit(out, kForbid, device_list(devices.forbidden_kinds, devices.forbidden));
    } else {
      change.jti = event.ended;
    }
    out.body = change;
    return out;
  }

  EventEntry operator()(const RoomTaken& event) const {
    EventEntry out;
    entry::Change change = room_change(event.taken ? kTaken : kGivenBack);
    change.jti = event.by.jti;
    if (event.taken) {
      change.until = event.taken->until;
      keep(out, kPerson, json::value(event.taken->by.str()));
    }
    out.body = change;
    return out;
  }

  EventEntry operator()(const OverlaysSet& event) const {
    entry::Change change = room_change(kOverlays);
    EventEntry out;
    change.jti = event.by.jti;
    if (then_.overlay_rule) change.rule = then_.overlay_rule;
    change.overlays.clear();
    if (event.phone_free)
      change.overlays.push_back({std::string(kPhoneFree), event.phone_free->until});
    if (event.social_free)
      change.overlays.push_back({std::string(kSocialFree), event.social_free->until});
    if (event.phone_free_lifted || event.social_free_lifted) keep(out, kLifted, lifted(event));
    out.body = std::move(change);
    return out;
  }

  EventEntry operator()(const ExamSet& event) const {
    EventEntry out;
    const Exam& exam = event.exam;
    entry::Change change = room_change(name_of(exam.by.kind));
    change.mode = std::string(name_of(Mode::exam));
    change.jti = exam.by.jti;
    change.exam = exam.id;
    change.until = exam.until;
    change.allow_c = commit(out, kAllow, allow_list(exam));
    change.forbid_c = commit(out, kForbid, candidate_list(exam));
    keep(out, kExam, exam_object(exam));
    out.body = change;
    return out;
  }

  EventEntry operator()(const ExamStep& event) const {
    switch (event.kind) {
      case ExamStep::Kind::began: {
        entry::ExamBegin begin;
        begin.exam = event.exam;
        if (event.plan_version != 0)
          begin.plan_version = static_cast<std::int64_t>(event.plan_version);
        return {begin, {}};
      }
      case ExamStep::Kind::paused:
        return {entry::ExamPause{{event.exam, event.cause}}, {}};
      case ExamStep::Kind::resumed:
        return {entry::ExamResume{{event.exam, event.cause}}, {}};
      case ExamStep::Kind::ended:
        break;
    }
    return {entry::ExamEnd{{event.exam, event.cause}}, {}};
  }

  EventEntry operator()(const GrantBegun& event) const {
    entry::GrantBegin begin;
    begin.id = event.grant.id;
    begin.services = {event.grant.services.begin(), event.grant.services.end()};
    if (!event.grant.devices.empty())
      begin.devices = std::vector<DeviceId>(event.grant.devices.begin(), event.grant.devices.end());
    begin.until = event.grant.until;
    // A grant bears the name of its command; told to the building, its room's too.
    begin.jti = CommandId(event.grant.id.str().substr(0, event.grant.id.str().find('/')));
    return {begin, {}};
  }

  EventEntry operator()(const GrantEnded& event) const {
    return {entry::GrantEnd{event.grant, event.why}, {}};
  }

  EventEntry operator()(const ExemptionBegun& event) const {
    EventEntry out;
    const Exemption& exemption = event.exemption;
    entry::ExemptionBegin begin;
    begin.id = exemption.id;
    begin.device = exemption.device;
    if (exemption.from_social) begin.from.emplace_back("social-media");
    if (exemption.from_phone_free) begin.from.emplace_back("phone-free");
    if (exemption.from_exam) begin.from.emplace_back("exam");
    begin.until = exemption.until;
    begin.identity = event.strong_identity ? "strong" : "mac";
    begin.jti = CommandId(exemption.id.str());  // an exemption bears the name of its command
    keep(out, kServices, service_list(exemption.services));
    out.body = begin;
    return out;
  }

  EventEntry operator()(const ExemptionEnded& event) const {
    return {entry::ExemptionEnd{event.exemption, event.why}, {}};
  }

  EventEntry operator()(const EmergencyBegun& event) const {
    return {entry::EmergencyBegin{event.jti, event.until}, {}};
  }

  EventEntry operator()(const EmergencyEnded& event) const {
    return {entry::EmergencyEnd{event.cause}, {}};
  }

  EventEntry operator()(const Released& event) const {
    return {entry::Release{event.total, event.still_locked}, {}};
  }

  EventEntry operator()(const Bell&) const {
    return {room_change(name_of(Cause::Kind::timetable)), {}};
  }

 private:
  // What the room shows after it.
  entry::Change room_change(std::string_view cause) const {
    entry::Change change;
    change.cause = std::string(cause);
    change.mode = std::string(name_of(then_.shown.mode));
    change.until = then_.shown.until;
    change.overlays = listed(then_.overlays);
    change.rule = then_.rule;
    return change;
  }

  std::string commit(EventEntry& out, std::string_view field, json::value value) const {
    return out.personal.commit(field, std::move(value), salt_());
  }
  // Beside a leaf that does not commit to it.
  void keep(EventEntry& out, std::string_view field, json::value value) const {
    out.personal.commit(field, std::move(value), salt_());
  }

  const RoomThen& then_;
  const SaltSource& salt_;
};

}  // namespace

RoomThen room_then(const State& after, const RoomId& room, const Rulebook& rules, WallTime now) {
  RoomThen then{shown_mode(after, room, now), overlays_in_force(after, now), std::nullopt,
                std::nullopt};
  then.rule = rule_of(then.shown.mode, rules);
  then.overlay_rule = overlay_rule(then.overlays, rules);
  return then;
}

std::optional<RuleId> rule_of(Mode mode, const Rulebook& rules) {
  switch (mode) {
    case Mode::open:
      return std::nullopt;
    case Mode::lesson:
      return rules.lesson_social;
    case Mode::devices_away:
      return rules.devices_away;
    case Mode::exam:
      return rules.exam;
  }
  return std::nullopt;
}

EventEntry to_entry(const Event& event, const RoomThen& then, const SaltSource& salt) {
  return std::visit(ToEntry(then, salt), event);
}

}  // namespace lokaal
