// School time for threads that do not own the clock.
#pragma once

#include <atomic>
#include <cstdint>

#include "adapters/clock/clock.hpp"

namespace lokaal {

// The owner sets it whenever school time and CLOCK_BOOTTIME part differently than before; any
// thread reads. What is read may lie a moment behind such a change.
class SharedTime {
 public:
  void set_from(Clock& clock);
  WallTime now() const;

 private:
  std::atomic<std::int64_t> ahead_us_{0};  // school time less CLOCK_BOOTTIME
};

}  // namespace lokaal
