#include "core/policy/state.hpp"

#include <algorithm>

namespace lokaal {
namespace {

// Keeps the earliest of the moments it is shown that lie after `now`.
class Earliest {
 public:
  explicit Earliest(WallTime now) : now_(now) {}

  void consider(const std::optional<WallTime>& moment) {
    if (moment && *moment > now_ && (!found_ || *moment < *found_)) found_ = moment;
  }
  // The ends of the span that is on or comes next.
  void consider(const std::vector<OverlaySpan>& hours) {
    for (const OverlaySpan& span : hours) {
      if (span.to <= now_) continue;
      consider(span.from);
      return consider(span.to);
    }
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

const CommandedMode* commanded_at(const Room& room, WallTime now) {
  if (room.commanded && holds(room.commanded->until, now)) return &*room.commanded;
  for (const CommandedMode& mode : room.underneath)
    if (holds(mode.until, now)) return &mode;
  return nullptr;
}

const Lesson* lesson_at(const Room& room, WallTime now) {
  const Lesson* lesson = lesson_not_over(room, now);
  return lesson && lesson->from <= now ? lesson : nullptr;
}

std::optional<WallTime> next_lesson(const Room& room, WallTime now) {
  const Lesson* lesson = lesson_not_over(room, now);
  const Lesson* end = room.lessons.data() + room.lessons.size();
  if (lesson && lesson->from <= now) ++lesson;
  return lesson == nullptr || lesson == end ? std::nullopt : std::optional(lesson->from);
}

BaseMode base_mode(const Room& room, WallTime now) {
  if (const CommandedMode* commanded = commanded_at(room, now))
    return {commanded->mode, commanded->until, commanded->by, &commanded->devices};
  if (const Lesson* lesson = lesson_at(room, now))
    return {lesson->mode, lesson->to, {Cause::Kind::timetable, std::nullopt}, nullptr};
  return {room.default_mode, std::nullopt, {}, nullptr};
}

std::optional<WallTime> open_until(const Room& room, WallTime now) {
  if (base_mode(room, now).mode != Mode::open) return std::nullopt;
  WallTime then = now;
  if (const CommandedMode* commanded = commanded_at(room, now)) then = commanded->until;
  if (then > now && base_mode(room, then).mode != Mode::open) return then;
  if (room.default_mode != Mode::open) {
    // Open by an hour of the timetable: up to the first gap, or the first hour of another mode.
    for (const Lesson* lesson = lesson_at(room, then); lesson; lesson = lesson_at(room, then)) {
      if (lesson->mode != Mode::open) return then;
      then = lesson->to;
    }
    return then;
  }
  const Lesson* lesson = lesson_not_over(room, then);
  if (!lesson) return std::nullopt;
  const Lesson* end = room.lessons.data() + room.lessons.size();
  lesson = std::find_if(lesson, end, [](const Lesson& each) { return each.mode != Mode::open; });
  return lesson == end ? std::nullopt : std::optional(lesson->from);
}

const Exam* exam_of_room(const State& state, const RoomId& room, WallTime now) {
  const Exam* last = nullptr;
  for (const auto& [id, exam] : state.exams) {
    if (exam.room != room || !exam.holds_room(now)) continue;
    if (!last || (!last->paused && (exam.paused || exam.until > last->until))) last = &exam;
  }
  return last;
}

ShownMode shown_mode(const State& state, const RoomId& room, WallTime now) {
  if (const Exam* exam = exam_of_room(state, room, now)) {
    ShownMode shown{Mode::exam, std::nullopt, exam->by, exam};
    if (!exam->paused) shown.until = exam->until;
    return shown;
  }
  const auto found = state.rooms.find(room);
  if (found == state.rooms.end()) return {};
  const BaseMode base = base_mode(found->second, now);
  return {base.mode, base.until, base.by, nullptr};
}

bool in_emergency(const State& state, WallTime now) {
  return state.emergency_until && holds(*state.emergency_until, now);
}

std::vector<OverlayInForce> overlays_in_force(const State& state, WallTime now) {
  std::vector<OverlayInForce> out;
  if (state.phone_free && holds(state.phone_free->until, now))
    out.push_back({"phone-free", state.phone_free->until});
  if (state.social_free && holds(state.social_free->until, now))
    out.push_back({"social-free", state.social_free->until});
  if (in_emergency(state, now)) out.push_back({"emergency", state.emergency_until});
  return out;
}

std::optional<WallTime> next_deadline(const State& state, WallTime now) {
  Earliest earliest(now);
  for (const auto& [id, room] : state.rooms) {
    if (room.commanded) earliest.consider(room.commanded->until);
    for (const CommandedMode& mode : room.underneath) earliest.consider(mode.until);
    if (room.taken) earliest.consider(room.taken->until);
    if (const Lesson* lesson = lesson_not_over(room, now)) {
      earliest.consider(lesson->from);
      earliest.consider(lesson->to);
    }
  }
  for (const auto& [id, grant] : state.grants) earliest.consider(grant.until);
  for (const auto& [id, exemption] : state.exemptions) earliest.consider(exemption.until);
  for (const auto& [id, exam] : state.exams) {
    earliest.consider(exam.let_go(exam.until));
    for (const auto& [device, until] : exam.candidates) earliest.consider(exam.let_go(until));
  }
  if (state.phone_free) earliest.consider(state.phone_free->until);
  if (state.social_free) earliest.consider(state.social_free->until);
  earliest.consider(state.phone_free_lifted);
  earliest.consider(state.social_free_lifted);
  earliest.consider(state.hours.phone_free);
  earliest.consider(state.hours.social_free);
  earliest.consider(state.emergency_until);
  return earliest.found();
}

}  // namespace lokaal
