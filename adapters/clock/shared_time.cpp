#include "adapters/clock/shared_time.hpp"

#include <ctime>

namespace lokaal {
namespace {

std::int64_t boot_us() {
  timespec time{};
  clock_gettime(CLOCK_BOOTTIME, &time);
  return std::int64_t{time.tv_sec} * 1'000'000 + time.tv_nsec / 1'000;
}

}  // namespace

void SharedTime::set_from(Clock& clock) {
  ahead_us_ = clock.now().time_since_epoch().count() - boot_us();
}

WallTime SharedTime::now() const {
  return WallTime(std::chrono::microseconds(boot_us() + ahead_us_.load()));
}

}  // namespace lokaal
