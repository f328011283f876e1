// Whether anything of the time that is asked about went unwatched.
#pragma once

#include <chrono>

#include "core/verification/finding.hpp"
#include "core/verification/timeline.hpp"

namespace lokaal {

// INTERFACES section 4.
inline constexpr std::chrono::seconds kLongestSilenceInExams{30};
inline constexpr std::chrono::minutes kLongestSilence{5};

// The time that was asked about; absent: from the log's first entry, to its last.
struct AskedTime {
  std::optional<WallTime> from, to;
};

// Heartbeats that are late or missing, gaps that the log itself records, exams that nobody but the
// gateway watched, and what lies outside the log. All of these are gaps, none a fault.
void check_continuity(const Timeline& timeline, const AskedTime& asked, Findings& findings);

}  // namespace lokaal
