#include "daemon/controller/effects.hpp"

#include <fmt/format.h>

#include <utility>

#include "core/policy/overlay_hours.hpp"
#include "daemon/controller/exam_effects.hpp"

namespace lokaal {
namespace {

using Effects = tl::expected<std::vector<Event>, Refusal>;

tl::unexpected<Refusal> not_here(std::string_view what) {
  return tl::unexpected<Refusal>(Refusal{
      Reason::unsupported_command, fmt::format("{} is not carried out by this version", what), {}});
}

Cause::Kind cause_of(SignedBy by) {
  switch (by) {
    case SignedBy::person:
      return Cause::Kind::person;
    case SignedBy::panel:
      return Cause::Kind::panel;
    case SignedBy::physical:
      return Cause::Kind::physical;
  }
  return Cause::Kind::person;
}

// Kinds and ids share one list; an id is never the name of a kind (the configuration sees to it).
void assign(const std::vector<std::string>& names, std::set<Kind>& kinds,
            std::set<DeviceId>& devices) {
  kinds.clear();
  devices.clear();
  for (const std::string& name : names) {
    if (const auto kind = kind_from(name)) {
      kinds.insert(*kind);
    } else {
      devices.insert(DeviceId(name));
    }
  }
}

class Effect {
 public:
  Effect(const CommandInRoom& in, const State& state, WallTime now)
      : in_(in), state_(state), now_(now) {}

  Effects operator()(const SetMode& command) const {
    const auto mode = mode_from(command.mode);
    if (!mode || !in_.approved.until) return not_here("a mode without a name or an end");
    const Exam* test = exam_of_room(state_, in_.room, now_);
    if (*mode == Mode::exam) return begin_test(command, test);
    std::vector<Event> events;
    if (test) events.push_back(exam_ends(*test, "command"));
    if (in_.approved.ends_test_only) return events;
    end_permissions(*mode, *in_.approved.until, events);
    events.emplace_back(
        RoomCommanded{in_.room, CommandedMode{*mode, *in_.approved.until, cause(), {}}});
    return events;
  }

  Effects operator()(const RunExam& command) const {
    const auto running = state_.exams.find(command.exam);
    if (command.action == ExamAction::start) {
      const auto plan = state_.planned.find(command.exam);
      if (plan == state_.planned.end() || !in_.approved.until) return not_here("an unplanned exam");
      Exam exam = begun(plan->second, *in_.approved.until);
      exam.by = cause();
      exam.latest = now_ + in_.longest_exam;
      allow_names(exam, plan->second.allow, in_.catalogue);
      return within_hosts(exam_begins(std::move(exam), state_, now_));
    }
    if (running == state_.exams.end()) return not_here("a step of an exam that does not run");
    Exam exam = running->second;
    exam.by = cause();
    switch (command.action) {
      case ExamAction::extend:
        return one(ExamSet{command.candidate
                               ? extended(exam, *command.candidate, *in_.approved.until)
                               : extended(exam, *in_.approved.until, now_)});
      case ExamAction::pause:
        return exam_pauses(exam, "command", true, now_);
      case ExamAction::resume:
        if (!in_emergency(state_, now_)) return exam_resumes(exam, "command", now_);
        exam.paused_by_hand = false;  // it goes on when the emergency is over
        return one(ExamSet{exam});
      case ExamAction::end:
        if (command.candidate && exam.whole_room)
          return not_here("the end of one candidate where the whole room is closed");
        if (command.candidate)
          return one(ExamSet{
              extended(exam, *command.candidate, std::min(now_, exam.paused.value_or(now_)))});
        break;
      case ExamAction::start:
        break;
    }
    return one(exam_ends(exam, "command"));
  }

  Effects operator()(const SetDevices& command) const {
    const BaseMode base = base_mode(state_.rooms.at(in_.room), now_);
    const auto until = base.until ? base.until : in_.approved.until;
    if (!until || (base.mode == Mode::open && !base.until))
      return not_here("set-devices outside a lesson");
    CommandedMode commanded{base.mode, *until, cause(), {}};
    if (base.devices) commanded.devices = *base.devices;
    DeviceRules& rules = commanded.devices;
    if (command.allow) assign(*command.allow, rules.allowed_kinds, rules.allowed);
    if (command.forbid) assign(*command.forbid, rules.forbidden_kinds, rules.forbidden);
    return one(RoomCommanded{in_.room, commanded});
  }

  Effects operator()(const GiveGrant& command) const {
    if (!in_.approved.until) return not_here("a grant without an end");
    Grant grant;
    grant.id = GrantId(id_here());
    grant.room = in_.room;
    grant.services = {command.services.begin(), command.services.end()};
    if (command.devices) grant.devices = {command.devices->begin(), command.devices->end()};
    grant.until = *in_.approved.until;
    return one(GrantBegun{grant});
  }

  Effects operator()(const RevokeGrant& command) const {
    return one(GrantEnded{command.grant, in_.room, "revoked"});
  }

  Effects operator()(const SetOverlay& command) const {
    OverlaysSet event = overlays_at(state_, now_);
    event.room = in_.room;
    event.by = cause();
    const bool phones = command.overlay == "phone-free";
    const OverlayMembers members{phones ? event.phone_free : event.social_free,
                                 phones ? event.phone_free_lifted : event.social_free_lifted,
                                 phones ? state_.hours.phone_free : state_.hours.social_free};
    if (command.on) {
      switch_on(members, in_.approved.until, now_);
    } else {
      switch_off(members, in_.approved.until, now_);
    }
    return one(std::move(event));
  }

  // Said to the whole building it is judged room by room, and holds once.
  Effects operator()(const Exempt& command) const {
    const ExemptionId id(in_.jti.str());  // unique among commands, so among exemptions
    if (state_.exemptions.count(id) > 0) return std::vector<Event>{};
    if (!in_.approved.until) return not_here("an exemption without an end");
    Exemption exemption;
    exemption.id = id;
    exemption.room = in_.room;
    exemption.device = command.device;
    for (const std::string& from : command.from) {
      exemption.from_social |= from == "social-media";
      exemption.from_phone_free |= from == "phone-free";
      exemption.from_exam |= from == "exam";
    }
    if (command.services) exemption.services = {command.services->begin(), command.services->end()};
    exemption.until = *in_.approved.until;
    return one(ExemptionBegun{std::move(exemption), !command.accept_weak_identity});
  }

  Effects operator()(const EndExemption& command) const {
    if (state_.exemptions.count(command.exemption) == 0) return std::vector<Event>{};
    return one(ExemptionEnded{command.exemption, in_.room, "ended"});
  }

  Effects operator()(const TakeRoom&) const {
    if (!in_.approved.until) return not_here("taking a room without an end");
    return one(RoomTaken{in_.room, TakenRoom{in_.approved.person, *in_.approved.until}, cause()});
  }

  Effects operator()(const Emergency& command) const {
    std::vector<Event> events;
    if (command.on) {
      if (!in_.approved.until) return not_here("an emergency without an end");
      events = exams_pause(state_, in_.room, now_);
      events.insert(events.begin(), EmergencyBegun{in_.room, *in_.approved.until, in_.jti});
    } else {
      events = exams_resume(state_, in_.room, now_);
      events.insert(events.begin(), EmergencyEnded{in_.room, "command"});
    }
    return events;
  }

  // What a mode holds on lab machines they let go themselves; who has is counted.
  Effects operator()(const Release&) const { return std::vector<Event>{}; }
  Effects operator()(const UnknownCommand& command) const { return not_here(command.type); }

 private:
  // A permission never outlives its lesson. Where no timetable knows of one the mode is the lesson:
  // over when the room is opened, shorter when the mode is.
  void end_permissions(Mode mode, WallTime until, std::vector<Event>& events) const {
    const Room& room = state_.rooms.at(in_.room);
    if (lesson_at(room, now_)) return;
    const bool over = mode == Mode::open && base_mode(room, now_).mode != Mode::open;
    until = lesson_goes_on_until(room, mode, until);
    for (const auto& [id, grant] : state_.grants) {
      if (grant.room != in_.room) continue;
      if (over) {
        events.emplace_back(GrantEnded{id, in_.room, "lesson-end"});
      } else if (mode != Mode::open && until < grant.until) {
        Grant shorter = grant;
        shorter.until = until;
        events.emplace_back(GrantBegun{std::move(shorter)});
      }
    }
  }

  // A stricter mode for a while stands on the lesson, which goes on when it is over.
  static WallTime lesson_goes_on_until(const Room& room, Mode mode, WallTime until) {
    const auto consider = [&](const CommandedMode& before) {
      if (before.mode != Mode::open && before.mode < mode) until = std::max(until, before.until);
    };
    if (room.commanded) consider(*room.commanded);
    for (const CommandedMode& before : room.underneath) consider(before);
    return until;
  }

  // A teacher's test, or what it now is.
  Effects begin_test(const SetMode& command, const Exam* running) const {
    Exam exam;
    if (running) {
      exam = *running;
    } else {
      exam.id = ExamId(id_here());
      exam.room = in_.room;
      exam.owner = in_.approved.person;
      exam.latest = now_ + in_.longest_exam;
    }
    exam.until = *in_.approved.until;
    exam.by = cause();
    if (command.allow || !running)
      allow_names(exam, command.allow.value_or(std::vector<std::string>()), in_.catalogue);
    return within_hosts(running ? std::vector<Event>{ExamSet{std::move(exam)}}
                                : exam_begins(std::move(exam), state_, now_));
  }

  // Every host name needs a class of its own.
  Effects within_hosts(std::vector<Event> events) const {
    State after = state_;
    std::set<ServiceId> named;
    for (const Event& event : events) {
      fold(after, event);
      if (const auto* set = std::get_if<ExamSet>(&event))
        for (const auto& [host, part_of] : set->exam.hosts) named.insert(host);
    }
    for (const ServiceId& host : named)
      if (after.hosts.count(host) == 0)
        return tl::unexpected<Refusal>(
            Refusal{Reason::unsupported_command,
                    fmt::format("running exams name more than {} hosts", kMostExamHosts),
                    {}});
    return events;
  }

  // Unique among commands, and so among what they bring about; told to the whole building, also
  // among its rooms.
  std::string id_here() const {
    return in_.to_building ? in_.jti.str() + "/" + in_.room.str() : in_.jti.str();
  }
  Cause cause() const { return {cause_of(in_.approved.signed_by), in_.jti}; }
  static Effects one(Event event) { return std::vector<Event>{std::move(event)}; }

  const CommandInRoom& in_;
  const State& state_;
  WallTime now_;
};

}  // namespace

tl::expected<std::vector<Event>, Refusal> effects_of(const CommandInRoom& command,
                                                     const State& state, WallTime now) {
  return std::visit(Effect(command, state, now), command.command);
}

}  // namespace lokaal
