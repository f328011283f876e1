// Local civil time: what a school's hours are written in.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "core/base/result.hpp"
#include "core/base/time.hpp"

namespace lokaal {

// A time of day on certain days of the week, in a time zone of the machine's database (tzdata).
struct LocalHour {
  std::string zone;                // "Europe/Amsterdam"
  std::chrono::minutes of_day{0};  // since midnight by the clock on the wall
  std::set<unsigned> days;         // ISO 8601: 1 Monday to 7 Sunday; empty: every day
};

// The first such moment after `now`. On the day that clocks go forward an hour that does not exist
// is the moment of the change; on the day that they go back the later of the two is meant, so that
// nothing ends an hour early. Any thread.
Result<WallTime> next_local(const LocalHour& hour, WallTime now);

// Which moment the clocks of a zone show as this civil time; by the same rules, so that a later
// civil time is never an earlier moment. The function may be kept, and called from any thread.
Result<std::function<WallTime(std::chrono::local_seconds)>> moments_of_zone(
    const std::string& zone);

}  // namespace lokaal
