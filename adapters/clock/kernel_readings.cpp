#include <sys/timex.h>

#include <array>
#include <cerrno>
#include <ctime>
#include <fstream>
#include <system_error>

#include "adapters/clock/system_clock.hpp"

namespace lokaal {
namespace {

using std::chrono::nanoseconds;

nanoseconds read_clock(clockid_t id) {
  timespec time{};
  if (::clock_gettime(id, &time) != 0) {
    throw std::system_error(errno, std::generic_category(), "clock_gettime");
  }
  return std::chrono::seconds(time.tv_sec) + nanoseconds(time.tv_nsec);
}

class KernelReadings final : public ClockReadings {
 public:
  // The wall clock between two readings of the other; of a few tries the one with the narrowest
  // bracket, lest a preemption look like a step.
  Moment read() override {
    constexpr nanoseconds kNarrow{20'000};
    nanoseconds best = nanoseconds::max();
    Moment moment{};
    for (int tries = 0; tries < 5 && best > kNarrow; ++tries) {
      const nanoseconds before = read_clock(CLOCK_BOOTTIME);
      const nanoseconds wall = read_clock(CLOCK_REALTIME);
      const nanoseconds after = read_clock(CLOCK_BOOTTIME);
      if (after - before >= best) continue;
      best = after - before;
      moment.boot = before + best / 2;
      moment.wall = WallTime{std::chrono::duration_cast<std::chrono::microseconds>(wall)};
    }
    return moment;
  }

  bool synchronised() override {
    timex state{};  // modes 0: read only
    const int verdict = ::adjtimex(&state);
    // Unsigned STA_UNSYNC is also what settimeofday(2) leaves behind: a clock set by hand.
    return verdict >= 0 && verdict != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
  }

  // proc(5): a UUID made anew at each boot.
  std::string boot_id() override {
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string id;
    if (!std::getline(file, id) || id.size() != 36) {
      throw std::system_error(ENOENT, std::generic_category(), "/proc/sys/kernel/random/boot_id");
    }
    return id;
  }
};

}  // namespace

std::unique_ptr<ClockReadings> kernel_readings() {
  return std::make_unique<KernelReadings>();
}

}  // namespace lokaal
