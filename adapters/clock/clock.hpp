// The school's time, and what happens to the machine's clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "core/base/time.hpp"

namespace lokaal {

// Why school time and the machine's wall clock part, or meet (`source` of a `clock` entry).
enum class ClockSource : std::uint8_t {
  sync,    // the wall clock was synchronised for the first time in this boot; school time follows
  step,    // the wall clock was stepped; school time does not follow
  follow,  // school time was set to the wall clock at the caller's wish
};
std::string_view name_of(ClockSource source);

struct ClockChange {
  WallTime before;  // school time until now
  WallTime after;   // sync, follow: school time from now on; step: what the wall clock says
  ClockSource source = ClockSource::step;

  bool operator==(const ClockChange&) const = default;
};

// Not for use by several threads at once: the owner reads it and hands values on.
class Clock {
 public:
  using ChangeHandler = std::function<void(const ClockChange&)>;

  virtual ~Clock() = default;

  // School time. Runs on steady time from one reading of the wall clock, so that a step of that
  // clock neither ends nor extends anything; never decreases, and never lies below the floor. Until
  // the wall clock is trusted it runs from the floor: what a machine believes after a boot ends
  // nothing, and the time that it is up does.
  virtual WallTime now() = 0;

  // Time since the machine started, time asleep counted in (CLOCK_BOOTTIME). std::chrono's
  // steady_clock and timers that rest on it stand still while the machine sleeps: after a resume,
  // a timer that waits for a SteadyTime must be armed again.
  virtual SteadyTime steady() = 0;

  // The same in nanoseconds, for log entries.
  virtual std::uint64_t mono_ns() = 0;

  // Tells this boot from others: the kernel's random boot id, a UUID.
  virtual std::string boot_id() = 0;

  // Whether school time can be relied on: taken from a wall clock that the kernel held to be
  // synchronised, in this boot, and not standing still at the floor.
  virtual bool synced() = 0;

  // How far the wall clock is ahead of school time; other than zero after a step.
  virtual std::chrono::microseconds offset() = 0;

  // Sets school time to the wall clock, if the kernel holds that to be synchronised; says whether
  // it did. For a moment in which nothing runs that a change of time would end or extend. If the
  // wall clock lies behind, school time stands still until it has caught up.
  virtual bool follow_wall_clock() = 0;

  // One handler; called from whatever call noticed the change.
  virtual void on_change(ChangeHandler handler) = 0;
};

}  // namespace lokaal
