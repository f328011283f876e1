#include "adapters/clock/system_clock.hpp"

#include <algorithm>
#include <utility>

namespace lokaal {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;

// Both clocks are read some nanoseconds apart, more where the thread is preempted between; a step
// that matters to a school is far longer.
constexpr microseconds kSmallestStep{50'000};

}  // namespace

std::string_view name_of(ClockSource source) {
  switch (source) {
    case ClockSource::sync:
      return "sync";
    case ClockSource::step:
      return "step";
    case ClockSource::follow:
      return "follow";
  }
  return "unknown";
}

SystemClock::SystemClock(std::unique_ptr<ClockReadings> readings, WallTime floor, Trust trust)
    : readings_(std::move(readings)),
      boot_id_(readings_->boot_id()),
      anchor_(readings_->read()),
      floor_(floor),
      anchored_synced_(readings_->synchronised()) {
  if (anchored_synced_ || trust == Trust::any || floor == WallTime{}) return;
  known_offset_ = anchor_.wall - floor;
  anchor_.wall = floor;
}

WallTime SystemClock::unclamped(std::chrono::nanoseconds boot) const {
  return anchor_.wall + duration_cast<microseconds>(boot - anchor_.boot);
}

WallTime SystemClock::now() {
  return std::max(floor_, unclamped(readings_->read().boot));
}

SteadyTime SystemClock::steady() {
  return SteadyTime{duration_cast<microseconds>(readings_->read().boot)};
}

std::uint64_t SystemClock::mono_ns() {
  return static_cast<std::uint64_t>(readings_->read().boot.count());
}

bool SystemClock::synced() {
  return anchored_synced_ && unclamped(readings_->read().boot) >= floor_;
}

microseconds SystemClock::offset() {
  const ClockReadings::Moment moment = readings_->read();
  return moment.wall - std::max(floor_, unclamped(moment.boot));
}

bool SystemClock::follow_wall_clock() {
  if (!readings_->synchronised()) return false;
  const ClockReadings::Moment moment = readings_->read();
  const WallTime before = std::max(floor_, unclamped(moment.boot));
  anchor(moment);
  report({before, std::max(floor_, moment.wall), ClockSource::follow});
  return true;
}

void SystemClock::observe() {
  const ClockReadings::Moment moment = readings_->read();
  const WallTime before = std::max(floor_, unclamped(moment.boot));
  if (!anchored_synced_ && readings_->synchronised()) {
    anchor(moment);
    report({before, std::max(floor_, moment.wall), ClockSource::sync});
    return;
  }
  const microseconds offset = moment.wall - unclamped(moment.boot);
  if (std::chrono::abs(offset - known_offset_) < kSmallestStep) return;
  known_offset_ = offset;
  report({before, moment.wall, ClockSource::step});
}

// What was said before is a floor too: time does not decrease.
void SystemClock::anchor(const ClockReadings::Moment& moment) {
  floor_ = std::max(floor_, unclamped(moment.boot));
  anchor_ = moment;
  anchored_synced_ = true;
  known_offset_ = microseconds{0};
}

void SystemClock::report(const ClockChange& change) {
  if (handler_) handler_(change);
}

}  // namespace lokaal
