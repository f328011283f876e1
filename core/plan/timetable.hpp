// Who teaches where and when: the timetable of a site, in the time that its clocks show.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/plan/signed_plan.hpp"
#include "core/policy/mode.hpp"

namespace lokaal {

// What a clock on the wall shows; which moment that is, the time zone says.
using CivilTime = std::chrono::local_seconds;

// "2026-11-23T08:30" or "2026-11-23T08:30:15" (docs/decisions/0019).
Result<CivilTime> parse_civil_time(std::string_view text);

struct TimetabledLesson {
  RoomId room;
  CivilTime from;
  CivilTime to;  // after `from`, at most a day
  PersonId teacher;
  std::optional<std::string> group;  // `class` in the document
  Mode mode = Mode::lesson;          // never exam

  bool operator==(const TimetabledLesson&) const = default;
};

struct Timetable {
  PlanDocument document;
  KeyId signer;
  std::string zone;                       // a name of the tz database: "Europe/Amsterdam"
  std::vector<TimetabledLesson> lessons;  // by room and `from`; in a room never two at a time

  bool operator==(const Timetable&) const = default;
};

// The payload of plan/timetable, without any trust: for who is about to sign one.
Result<Timetable> parse_timetable(std::string_view payload);
// plan/timetable as published, signed by a panel.
Result<Timetable> verify_timetable(std::string_view jws, const PlanSigners& signers);

}  // namespace lokaal
