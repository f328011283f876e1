// When something is looked at, by both clocks.
#pragma once

#include "core/base/time.hpp"

namespace lokaal {

// `steady` counts from the machine's start (Clock::steady), as a report's uptime does.
struct Moment {
  WallTime now;
  SteadyTime steady;
};

// Whoever speaks every few seconds and has said nothing for so long is silent.
inline constexpr std::chrono::seconds kSilence{15};
// Two boxes' clocks, and the whole milliseconds of an uptime.
inline constexpr std::chrono::seconds kClocksDiffer{5};

}  // namespace lokaal
