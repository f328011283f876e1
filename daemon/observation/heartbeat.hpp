// When the log says that somebody is there, and what. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "core/base/time.hpp"
#include "core/evidence/entry_types.hpp"

namespace lokaal {

// Verification wants heartbeats at most 30 s apart while an exam runs, and 5 minutes otherwise
// (INTERFACES section 4): they are written a little earlier, so that a slow disk makes no gap.
inline constexpr std::chrono::seconds kExamHeartbeat{25};
inline constexpr std::chrono::seconds kQuietHeartbeat{285};

class Heartbeat {
 public:
  explicit Heartbeat(SteadyTime begun) : last_(begun) {}

  SteadyTime due(bool exam_runs) const {
    return last_ + (exam_runs ? kExamHeartbeat : kQuietHeartbeat);
  }

  struct Counts {
    std::size_t present = 0;  // devices of the inventory that are in a room
    std::size_t cut = 0;
    int agents_ok = 0;
    int agents_silent = 0;
    std::optional<entry::Machines> machines{};  // where there are any
  };
  // The entry, where one is due.
  std::optional<entry::Heartbeat> beat(SteadyTime now, bool exam_runs, const Counts& counts);

 private:
  SteadyTime last_;
  std::int64_t count_ = 0;  // since the start
};

}  // namespace lokaal
