// School time from the kernel's clocks.
#pragma once

#include <memory>

#include "adapters/clock/clock.hpp"
#include "core/base/result.hpp"

namespace lokaal {

// What the kernel says; apart, so that steps, suspends and lost synchronisation can be played.
class ClockReadings {
 public:
  struct Moment {
    WallTime wall;                    // CLOCK_REALTIME
    std::chrono::nanoseconds boot{};  // CLOCK_BOOTTIME, read at the same moment
  };

  virtual ~ClockReadings() = default;
  virtual Moment read() = 0;
  virtual bool synchronised() = 0;  // adjtimex(2): not STA_UNSYNC, not TIME_ERROR
  virtual std::string boot_id() = 0;
};

std::unique_ptr<ClockReadings> kernel_readings();

// CLOCK_BOOTTIME is the steady time here, not CLOCK_MONOTONIC: a permission until 10:20 has ended
// at 10:20 also on a machine that slept meanwhile. Both are slewed with the wall clock by NTP and
// are stepped by nobody.
class SystemClock final : public Clock {
 public:
  // Which wall clock is believed: one that the kernel holds to be synchronised, or any (in a
  // laboratory without a time server).
  enum class Trust : std::uint8_t { synchronised, any };

  // `floor`: the time of the last journal record; the epoch if there is none, and then the wall
  // clock is all there is to go by.
  SystemClock(std::unique_ptr<ClockReadings> readings, WallTime floor,
              Trust trust = Trust::synchronised);

  WallTime now() override;
  SteadyTime steady() override;
  std::uint64_t mono_ns() override;
  std::string boot_id() override { return boot_id_; }
  bool synced() override;
  std::chrono::microseconds offset() override;
  bool follow_wall_clock() override;
  void on_change(ChangeHandler handler) override { handler_ = std::move(handler); }

  // Compares with the wall clock and reports what happened to it. Called when the kernel says that
  // it was stepped, and now and then: becoming synchronised is announced by nobody.
  void observe();

 private:
  WallTime unclamped(std::chrono::nanoseconds boot) const;
  void anchor(const ClockReadings::Moment& moment);
  void report(const ClockChange& change);

  std::unique_ptr<ClockReadings> readings_;
  std::string boot_id_;
  ClockReadings::Moment anchor_;
  WallTime floor_;
  bool anchored_synced_ = false;
  std::chrono::microseconds known_offset_{0};  // the step that was last reported
  ChangeHandler handler_;
};

}  // namespace lokaal
