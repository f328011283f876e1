#include "daemon/controller/exam_effects.hpp"

#include <utility>

namespace lokaal {
namespace {

void append(std::vector<Event>& to, std::vector<Event> more) {
  for (Event& event : more) to.push_back(std::move(event));
}

ExamStep step(const Exam& exam, ExamStep::Kind kind, const std::string& cause) {
  return {kind, exam.id, exam.room, cause, exam.plan_version};
}

}  // namespace

void allow_names(Exam& exam, const std::vector<std::string>& names, const Catalogue& catalogue) {
  exam.allow.clear();
  exam.hosts.clear();
  for (const std::string& name : names) {
    if (catalogue.find(ServiceId(name))) {
      exam.allow.insert(ServiceId(name));
      continue;
    }
    const Service* part_of = catalogue.find_name(name);
    exam.hosts[ServiceId(name)] =
        part_of ? std::optional<ServiceId>(part_of->id) : std::optional<ServiceId>();
  }
}

std::vector<Event> exam_begins(Exam exam, const State& state, WallTime now) {
  std::vector<Event> events{step(exam, ExamStep::Kind::began, {})};
  if (!in_emergency(state, now)) {
    events.emplace_back(ExamSet{std::move(exam)});
  } else {
    append(events, exam_pauses(exam, "emergency", false, now));
  }
  return events;
}

std::vector<Event> exam_pauses(const Exam& exam, const std::string& cause, bool by_hand,
                               WallTime now) {
  // Whom an emergency has paused a hand can pause too: then its end does not resume it.
  if (exam.paused && (exam.paused_by_hand || !by_hand)) return {};
  Exam paused = exam;
  if (!paused.paused) paused.paused = now;
  paused.paused_by_hand = by_hand;
  return {step(exam, ExamStep::Kind::paused, cause), ExamSet{std::move(paused)}};
}

std::vector<Event> exam_resumes(const Exam& exam, const std::string& cause, WallTime now) {
  if (!exam.paused) return {};
  return {step(exam, ExamStep::Kind::resumed, cause), ExamSet{resumed(exam, now)}};
}

Event exam_ends(const Exam& exam, const std::string& cause) {
  return step(exam, ExamStep::Kind::ended, cause);
}

std::vector<Event> exams_pause(const State& state, const RoomId& room, WallTime now) {
  std::vector<Event> events;
  for (const auto& [id, exam] : state.exams)
    if (exam.room == room) append(events, exam_pauses(exam, "emergency", false, now));
  return events;
}

std::vector<Event> exams_resume(const State& state, const RoomId& room, WallTime now) {
  std::vector<Event> events;
  for (const auto& [id, exam] : state.exams)
    if (exam.room == room && !exam.paused_by_hand)
      append(events, exam_resumes(exam, "emergency", now));
  return events;
}

}  // namespace lokaal
