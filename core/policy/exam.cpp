#include "core/policy/exam.hpp"

#include <algorithm>

namespace lokaal {

WallTime Exam::end() const {
  WallTime last = whole_room || candidates.empty() ? until : WallTime{};
  for (const auto& [device, own] : candidates) last = std::max(last, own);
  return last;
}

Exam resumed(Exam exam, WallTime now) {
  if (!exam.paused) return exam;
  const auto lost = std::max(now - *exam.paused, WallTime::duration::zero());
  exam.until += lost;
  if (exam.latest) *exam.latest += lost;
  for (auto& [device, own] : exam.candidates) own += lost;
  exam.paused.reset();
  exam.paused_by_hand = false;
  return exam;
}

Exam extended(Exam exam, WallTime until, WallTime now) {
  const auto more = until - exam.until;
  exam.until = until;
  for (auto& [device, own] : exam.candidates)
    if (exam.holds_until(own, now)) own += more;
  return exam;
}

Exam extended(Exam exam, const DeviceId& candidate, WallTime until) {
  const auto found = exam.candidates.find(candidate);
  if (found != exam.candidates.end()) found->second = until;
  return exam;
}

Exam begun(const PlannedExam& plan, WallTime until) {
  Exam exam;
  exam.id = plan.id;
  exam.room = plan.room;
  exam.whole_room = !plan.group;
  exam.until = until;
  exam.planned = true;
  exam.owner = plan.owner;
  exam.kind = plan.kind;
  exam.plan_version = plan.plan_version;
  for (const auto& [device, own] : plan.candidates)
    exam.candidates[device] = std::max(own.value_or(until), until);
  return exam;
}

}  // namespace lokaal
