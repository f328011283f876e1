// Says regularly, in the log, that the gateway is there and what it counts: silence is a gap.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

#include "core/evidence/entry_types.hpp"

namespace lokaal {

// The reactor's thread.
class Heartbeats {
 public:
  using Clock = std::chrono::steady_clock;
  // 30 seconds are allowed in exams and 5 minutes otherwise (INTERFACES section 4); a busy machine
  // and a slow disk need the rest. An exam that begins between two is noticed by the next look.
  static constexpr std::chrono::seconds kLook{20};
  static constexpr std::chrono::seconds kOtherwise{240};

  struct Hooks {
    std::function<bool()> exam_runs;
    std::function<entry::Heartbeat()> counted;  // all but `n`
    std::function<void(entry::Heartbeat)> write;
  };

  Heartbeats(boost::asio::any_io_executor executor, Hooks hooks);

  // The first one at once, and so on until this is gone.
  void start();
  // Writes one if it is time; what the timer calls every kLook.
  void look(Clock::time_point now);

 private:
  void arm();

  Hooks hooks_;
  boost::asio::steady_timer timer_;
  std::optional<Clock::time_point> last_;
  std::int64_t next_ = 0;
};

}  // namespace lokaal
