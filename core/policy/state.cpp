#include "core/policy/state.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace lokaal {
namespace {

constexpr std::array<std::pair<Cause::Kind, std::string_view>, 6> kCauses{{
    {Cause::Kind::person, "person"},
    {Cause::Kind::panel, "panel"},
    {Cause::Kind::physical, "physical"},
    {Cause::Kind::timetable, "timetable"},
    {Cause::Kind::plan, "plan"},
    {Cause::Kind::standing, "default"},
}};

// Keeps the earliest of the moments it is shown that lie after `now`.
class Earliest {
 public:
  explicit Earliest(WallTime now) : now_(now) {}

  void consider(const std::optional<WallTime>& moment) {
    if (moment && *moment > now_ && (!found_ || *moment < *found_)) found_ = moment;
  }
  std::optional<WallTime> found() const { return found_; }

 private:
  WallTime now_;
  std::optional<WallTime> found_;
};

// The lesson that is on or comes next. A timetable has thousands: they are not all looked at.
const Lesson* lesson_not_over(const Room& room, WallTime now) {
  const auto found = std::partition_point(room.lessons.begin(), room.lessons.end(),
                                          [now](const Lesson& lesson) { return lesson.to <= now; });
  return found == room.lessons.end() ? nullptr : &*found;
}

}  // namespace

std::string_view name_of(Cause::Kind kind) {
  for (const auto& [candidate, name] : kCauses)
    if (candidate == kind) return name;
  return "?";
}

std::optional<Cause::Kind> cause_kind_from(std::string_view name) {
  for (const auto& [kind, candidate] : kCauses)
    if (candidate == name) return kind;
  return std::nullopt;
}

const Lesson* lesson_at(const Room& room, WallTime now) {
  const Lesson* lesson = lesson_not_over(room, now);
  return lesson && lesson->from <= now ? lesson : nullptr;
}

BaseMode base_mode(const Room& room, WallTime now) {
  if (room.commanded && holds(room.commanded->until, now)) {
    const CommandedMode& commanded = *room.commanded;
    return {commanded.mode, commanded.until, commanded.by, &commanded.devices};
  }
  if (const Lesson* lesson = lesson_at(room, now))
    return {lesson->mode, lesson->to, {Cause::Kind::timetable, std::nullopt}, nullptr};
  return {room.default_mode, std::nullopt, {}, nullptr};
}

std::optional<WallTime> next_deadline(const State& state, WallTime now) {
  Earliest earliest(now);
  for (const auto& [id, room] : state.rooms) {
    if (room.commanded) earliest.consider(room.commanded->until);
    if (const Lesson* lesson = lesson_not_over(room, now)) {
      earliest.consider(lesson->from);
      earliest.consider(lesson->to);
    }
  }
  for (const auto& [id, grant] : state.grants) earliest.consider(grant.until);
  for (const auto& [id, exemption] : state.exemptions) earliest.consider(exemption.until);
  for (const auto& [id, exam] : state.exams) {
    if (exam.paused) continue;
    earliest.consider(exam.until);
    for (const auto& [device, until] : exam.candidates) earliest.consider(until);
  }
  if (state.phone_free) earliest.consider(state.phone_free->until);
  if (state.social_free) earliest.consider(state.social_free->until);
  earliest.consider(state.emergency_until);
  return earliest.found();
}

}  // namespace lokaal
