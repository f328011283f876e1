#include "core/command/deadline.hpp"

#include <algorithm>

namespace lokaal {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr hours kLongestDay{12};
constexpr hours kLongestExemption{24 * 366};
constexpr std::int64_t kMostMinutes = 24 * 60;

struct Bounds {
  WallTime latest;
  std::string why;
};

// "6 hours from now", "90 minutes from now".
Bounds from_now(seconds most, WallTime now) {
  const bool whole = most % hours(1) == seconds(0) && most > hours(1);
  const auto count = whole ? most / hours(1) : most / minutes(1);
  return {now + most, std::to_string(count) + (whole ? " hours" : " minutes") + " from now"};
}

Deadline bounded(WallTime until, const Bounds& bounds, WallTime now) {
  if (until <= now) return tl::unexpected(std::string("until lies in the past"));
  if (until > bounds.latest)
    return tl::unexpected("until is after " + format_time_seconds(bounds.latest) + ", " +
                          bounds.why);
  return until;
}

Deadline given(const std::string& until, const Bounds& bounds, WallTime now) {
  const auto time = parse_time(until);
  if (!time) return tl::unexpected(time.error().message);
  return bounded(*time, bounds, now);
}

struct Ends {
  const RoomView& room;
  const CommandContext& context;
  WallTime now;

  WallTime usual_lesson() const { return now + context.terms().lesson; }
  // `latest`: of one that runs, however often it is extended.
  Bounds longest_exam(const std::optional<WallTime>& latest = std::nullopt) const {
    Bounds bounds = from_now(context.terms().longest_exam, now);
    if (latest && *latest < bounds.latest) bounds = {*latest, "the longest that this exam lasts"};
    return bounds;
  }

  Bounds school_day() const {
    const auto end = context.school_day_end();
    if (end && *end > now) return {*end, "the end of the school day"};
    return {now + kLongestDay, "the longest that a lesson mode lasts"};
  }

  // The bell, as far as anyone knows.
  std::optional<WallTime> lesson_end() const {
    if (room.lesson && room.lesson->until > now) return room.lesson->until;
    return std::nullopt;
  }

  WallTime usual_end() const {
    return std::min(lesson_end().value_or(usual_lesson()), school_day().latest);
  }

  // Where no timetable knows of one, a mode of lessons is the lesson.
  bool in_commanded_lesson() const {
    return room.mode != Mode::open && room.mode_until && *room.mode_until > now;
  }

  // A permission never outlives its lesson: the timetable's, or the mode that is on.
  Bounds permission() const {
    if (const auto end = lesson_end()) return {*end, "the lesson's end"};
    const Bounds bounds = in_commanded_lesson()
                              ? Bounds{*room.mode_until, "the end of the lesson mode"}
                              : school_day();
    if (room.next_lesson && *room.next_lesson < bounds.latest)
      return {*room.next_lesson, "the next lesson's begin"};
    return bounds;
  }

  // "lesson-end" where no timetable knows the bell.
  WallTime usual_permission() const {
    const Bounds bounds = permission();
    return in_commanded_lesson() ? bounds.latest : std::min(usual_lesson(), bounds.latest);
  }

  Deadline operator()(const SetMode& command) const {
    if (command.mode == name_of(Mode::exam)) {
      const Bounds longest = longest_exam(room.exam ? room.exam->latest : std::nullopt);
      if (command.until) return given(*command.until, longest, now);
      return std::min(lesson_end().value_or(usual_lesson()), longest.latest);
    }
    return command.until ? given(*command.until, school_day(), now) : Deadline(usual_end());
  }

  static std::optional<WallTime> end_of(const ExamView& exam,
                                        const std::optional<DeviceId>& candidate) {
    if (!candidate) return exam.until;
    const auto own = exam.ends.find(*candidate);
    return own == exam.ends.end() ? std::nullopt : std::optional(own->second);
  }

  Deadline operator()(const RunExam& command) const {
    const auto exam = context.exam(command.exam);
    const Bounds longest = longest_exam(exam ? exam->latest : std::nullopt);
    if (command.until) {
      const Deadline until = given(*command.until, longest, now);
      const auto end = exam ? end_of(*exam, command.candidate) : std::nullopt;
      if (command.action == ExamAction::extend && until && end && *until <= *end)
        return tl::unexpected(std::string("until is not later than the exam's end is now"));
      return until;
    }
    if (command.action == ExamAction::extend)
      return tl::unexpected(std::string("extend wants until"));
    if (command.action == ExamAction::start && exam && exam->until)
      return bounded(*exam->until, longest, now);
    return std::optional<WallTime>{};
  }

  // Where the mode that stands has no end of its own.
  Deadline operator()(const SetDevices&) const {
    return room.next_lesson ? std::min(usual_end(), *room.next_lesson) : usual_end();
  }

  Deadline operator()(const GiveGrant& command) const {
    if (command.until) return given(*command.until, permission(), now);
    if (!command.minutes) return lesson_end().value_or(usual_permission());
    if (*command.minutes < 1 || *command.minutes > kMostMinutes)
      return tl::unexpected(std::string("minutes is not between 1 and 1440"));
    return bounded(now + minutes(*command.minutes), permission(), now);
  }

  Deadline operator()(const SetOverlay& command) const {
    if (command.until) return given(*command.until, school_day(), now);
    return command.on ? Deadline(usual_end()) : Deadline(std::optional<WallTime>{});
  }

  Deadline operator()(const Exempt& command) const {
    return given(command.until, {now + kLongestExemption, "a year from now"}, now);
  }

  Deadline operator()(const TakeRoom&) const { return usual_end(); }

  Deadline operator()(const Emergency& command) const {
    const Bounds longest = from_now(context.terms().longest_emergency, now);
    if (command.until) return given(*command.until, longest, now);
    return command.on ? Deadline(longest.latest) : Deadline(std::optional<WallTime>{});
  }

  template <class Other>
  Deadline operator()(const Other&) const {
    return std::optional<WallTime>{};
  }
};

}  // namespace

Deadline deadline_of(const Command& command, const RoomView& room, const CommandContext& context,
                     WallTime now) {
  return std::visit(Ends{room, context, now}, command);
}

}  // namespace lokaal
