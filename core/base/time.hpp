// Time as values. core never reads a clock: `now` is handed in.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace lokaal {

// Civil time in UTC, microseconds: timetable, permissions, evidence.
using WallTime = std::chrono::sys_time<std::chrono::microseconds>;
// Time within one boot, never stepped: intervals and deadlines in force.
using SteadyTime = std::chrono::time_point<std::chrono::steady_clock, std::chrono::microseconds>;

// "2026-11-22T08:30:00.000000Z": the form of everything that lokaal writes (SCHEMAS).
std::string format_time(WallTime time);
// "2026-11-22T08:30:00Z", whole seconds rounded down: DNS error texts and people.
std::string format_time_seconds(WallTime time);
// RFC 3339 date-time with any offset and up to nine fractional digits (more than six are cut off).
Result<WallTime> parse_time(std::string_view text);

// Whole seconds since 1970, rounded down (NumericDate of RFC 7519).
std::int64_t to_unix_seconds(WallTime time);
WallTime from_unix_seconds(std::int64_t seconds);

}  // namespace lokaal
