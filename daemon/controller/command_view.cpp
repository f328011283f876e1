#include "daemon/controller/command_view.hpp"

namespace lokaal {
namespace {

std::set<std::string> names(const std::set<Kind>& kinds, const std::set<DeviceId>& devices) {
  std::set<std::string> out;
  for (const Kind kind : kinds) out.emplace(name_of(kind));
  for (const DeviceId& device : devices) out.insert(device.str());
  return out;
}

}  // namespace

std::vector<RoomId> CommandView::rooms() const {
  std::vector<RoomId> out;
  for (const auto& [id, room] : state_.rooms) out.push_back(id);
  return out;
}

std::optional<RoomView> CommandView::room(const RoomId& id) const {
  const auto found = state_.rooms.find(id);
  if (found == state_.rooms.end()) return std::nullopt;
  const Room& room = found->second;
  const BaseMode base = base_mode(room, moment_.now);
  RoomView view;
  view.mode = base.mode;
  view.mode_until = base.until;
  view.generation = state_.generation;
  const auto last = last_set_mode_.find(id);
  if (last != last_set_mode_.end()) view.last_set_mode = last->second;
  if (base.devices) {
    view.allowed = names(base.devices->allowed_kinds, base.devices->allowed);
    view.forbidden = names(base.devices->forbidden_kinds, base.devices->forbidden);
  }
  view.timetabled = !room.lessons.empty();
  if (const Lesson* lesson = lesson_at(room, moment_.now))
    view.lesson = LessonView{lesson->teacher, lesson->to};
  if (!view.lesson) view.next_lesson = next_lesson(room, moment_.now);
  if (room.taken && holds(room.taken->until, moment_.now)) view.taken_by = room.taken->by;
  if (const Exam* exam = exam_of_room(state_, id, moment_.now)) {
    view.exam = RunningExamView{std::nullopt, exam->owner, rules_.exam};
    if (!exam->paused) view.exam->until = exam->until;
    view.exam->latest = exam->latest;
    if (exam->planned) view.exam->id = exam->id;
  }
  return view;
}

std::optional<ServiceView> CommandView::service(const ServiceId& id) const {
  const Service* service = catalogue_.find(id);
  if (!service) return std::nullopt;
  return ServiceView{is_essential(service->category)};
}

std::optional<DeviceView> CommandView::device(const DeviceId& id) const {
  const auto found = state_.devices.find(id);
  if (found == state_.devices.end()) return std::nullopt;
  return DeviceView{found->second.kind, false};  // a MAC address is all that is known of it
}

// One that runs is what it was when it began, whatever the plan says by now.
std::optional<ExamView> CommandView::exam(const ExamId& id) const {
  ExamView view;
  const auto running = state_.exams.find(id);
  if (running != state_.exams.end() && running->second.runs(moment_.now)) {
    const Exam& exam = running->second;
    view = {std::string(name_of(exam.kind)),
            exam.owner,
            {exam.room},
            true,
            {},
            exam.until,
            exam.candidates};
    view.latest = exam.latest;
    for (const auto& [device, until] : exam.candidates) view.candidates.insert(device);
    return view;
  }
  const auto planned = state_.planned.find(id);
  if (planned == state_.planned.end()) return std::nullopt;
  const PlannedExam& exam = planned->second;
  view = {std::string(name_of(exam.kind)), exam.owner, {exam.room}, false, {}, exam.to};
  view.allow = exam.allow;
  view.group = exam.group.has_value();
  for (const auto& [device, until] : exam.candidates) view.candidates.insert(device);
  return view;
}

std::optional<ExemptionView> CommandView::exemption(const ExemptionId& id) const {
  const auto found = state_.exemptions.find(id);
  if (found == state_.exemptions.end() || !holds(found->second.until, moment_.now))
    return std::nullopt;
  const Exemption& exemption = found->second;
  return ExemptionView{exemption.from_exam && !exemption.from_social && !exemption.from_phone_free};
}

std::vector<OverlayView> CommandView::overlays() const {
  std::vector<OverlayView> out;
  for (const OverlayInForce& overlay : overlays_in_force(state_, moment_.now)) {
    if (overlay.name == "phone-free")
      out.push_back({"phone-free", rules_.teacher_may_permit_phones, rules_.phone_free});
    // A teacher's permission, in a lesson, is one of the three things that loosen.
    if (overlay.name == "social-free") out.push_back({"social-free", true, rules_.social_free});
  }
  return out;
}

std::optional<RoomId> CommandView::grant(const GrantId& id) const {
  const auto found = state_.grants.find(id);
  if (found == state_.grants.end() || !holds(found->second.until, moment_.now)) return std::nullopt;
  return found->second.room;
}

}  // namespace lokaal
