// A kernel whose clocks do what a test says.
#pragma once

#include <memory>

#include "adapters/clock/system_clock.hpp"

namespace lokaal {

struct Machine {
  WallTime wall{std::chrono::hours(24 * 365 * 50)};
  std::chrono::nanoseconds boot{std::chrono::seconds(30)};
  bool synchronised = true;

  // Time passes, asleep or awake: CLOCK_BOOTTIME counts both.
  void pass(std::chrono::microseconds time) {
    wall += time;
    boot += time;
  }
  void step(std::chrono::microseconds by) { wall += by; }
};

class ScriptedReadings final : public ClockReadings {
 public:
  explicit ScriptedReadings(std::shared_ptr<Machine> machine) : machine_(std::move(machine)) {}
  Moment read() override { return {machine_->wall, machine_->boot}; }
  bool synchronised() override { return machine_->synchronised; }
  std::string boot_id() override { return "5f0c1f2e-7f0b-4c62-9a3f-0d8f3d7c1a11"; }

 private:
  std::shared_ptr<Machine> machine_;
};

}  // namespace lokaal
