// A clock that stands still until it is told otherwise.
#pragma once

#include <algorithm>
#include <string>
#include <utility>

#include "adapters/clock/clock.hpp"

namespace lokaal {

class FakeClock final : public Clock {
 public:
  FakeClock() = default;
  explicit FakeClock(WallTime start) : now_(start) {}

  WallTime now() override { return std::max(now_, floor_); }
  SteadyTime steady() override {
    return SteadyTime{std::chrono::duration_cast<std::chrono::microseconds>(boot_)};
  }
  std::uint64_t mono_ns() override { return static_cast<std::uint64_t>(boot_.count()); }
  std::string boot_id() override { return boot_id_; }
  bool synced() override { return synced_; }
  std::chrono::microseconds offset() override { return offset_; }
  bool follow_wall_clock() override {
    if (!synced_) return false;
    const WallTime before = now();
    now_ = now_ + offset_;
    offset_ = {};
    floor_ = std::max(floor_, before);
    report({before, now(), ClockSource::follow});
    return true;
  }
  void on_change(ChangeHandler handler) override { handler_ = std::move(handler); }

  // School time and steady time go on together.
  void advance(std::chrono::microseconds by) {
    now_ += by;
    boot_ += by;
  }
  // The machine's wall clock is stepped; school time does not follow.
  void step_wall_clock(std::chrono::microseconds by) {
    offset_ += by;
    report({now(), now() + offset_, ClockSource::step});
  }
  void set_synced(bool synced) { synced_ = synced; }
  // A machine that restarts: another boot id, steady time from zero; the wall clock went on.
  void reboot(std::string boot_id, std::chrono::microseconds took, bool synced) {
    boot_id_ = std::move(boot_id);
    now_ += took + offset_;
    offset_ = {};
    boot_ = std::chrono::seconds(5);
    synced_ = synced;
  }

 private:
  void report(const ClockChange& change) {
    if (handler_) handler_(change);
  }

  // A school morning: 2026-11-23T08:00:00Z, a Monday.
  WallTime now_{std::chrono::seconds(1'795'420'800)};
  WallTime floor_{};
  std::chrono::nanoseconds boot_{std::chrono::seconds(5)};
  std::string boot_id_ = "00000000-0000-4000-8000-000000000001";
  bool synced_ = true;
  std::chrono::microseconds offset_{};
  ChangeHandler handler_;
};

}  // namespace lokaal
