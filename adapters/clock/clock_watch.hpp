// Lets a SystemClock notice steps and synchronisation, from a reactor.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <memory>

#include "adapters/clock/system_clock.hpp"

namespace lokaal {

// Calls clock.observe() when the kernel announces a step of the wall clock (a timerfd with
// TFD_TIMER_CANCEL_ON_SET; a resume counts as one), and every `period`. Destroying it ends that;
// the clock must outlive it. Everything happens on the executor, which must not run in two threads
// at once.
class ClockWatch {
 public:
  // Fails where no timerfd can be had.
  static Result<ClockWatch> start(const boost::asio::any_io_executor& executor, SystemClock& clock,
                                  std::chrono::milliseconds period = std::chrono::seconds(10));
  ClockWatch(ClockWatch&&) noexcept;
  ClockWatch& operator=(ClockWatch&&) noexcept;
  ~ClockWatch();

 private:
  class Impl;
  explicit ClockWatch(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace lokaal
