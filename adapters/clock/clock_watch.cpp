#include "adapters/clock/clock_watch.hpp"

#include <sys/timerfd.h>
#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <limits>
#include <system_error>
#include <utility>

namespace lokaal {

class ClockWatch::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(const boost::asio::any_io_executor& executor, SystemClock& clock,
       std::chrono::milliseconds period, int fd)
      : clock_(&clock), period_(period), steps_(executor, fd), timer_(executor) {}

  void run() {
    arm();
    await_step();
    await_period();
  }

  void stop() {
    clock_ = nullptr;
    steps_.close();
    timer_.cancel();
  }

 private:
  // timerfd_create(2): with TFD_TIMER_CANCEL_ON_SET, a discontinuous change of CLOCK_REALTIME makes
  // the descriptor readable and read(2) fail with ECANCELED. The expiry itself never comes.
  void arm() {
    itimerspec never{};
    never.it_value.tv_sec = std::numeric_limits<std::int32_t>::max();
    ::timerfd_settime(steps_.native_handle(), TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never,
                      nullptr);
  }

  void await_step() {
    steps_.async_wait(
        boost::asio::posix::stream_descriptor::wait_read,
        [self = shared_from_this()](const boost::system::error_code& error) {
          if (error || self->clock_ == nullptr) return;
          std::uint64_t expirations = 0;
          if (::read(self->steps_.native_handle(), &expirations, sizeof expirations) < 0 &&
              errno == EAGAIN) {
            self->await_step();
            return;
          }
          self->arm();
          self->await_step();
          self->clock_->observe();  // last: it may end this watch
        });
  }

  void await_period() {
    timer_.expires_after(period_);
    timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
      if (error || self->clock_ == nullptr) return;
      self->await_period();
      self->clock_->observe();
    });
  }

  SystemClock* clock_;
  std::chrono::milliseconds period_;
  boost::asio::posix::stream_descriptor steps_;
  boost::asio::steady_timer timer_;
};

Result<ClockWatch> ClockWatch::start(const boost::asio::any_io_executor& executor,
                                     SystemClock& clock, std::chrono::milliseconds period) {
  const int fd = ::timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
  if (fd < 0) return failure("timerfd_create: " + std::generic_category().message(errno));
  auto impl = std::make_shared<Impl>(executor, clock, period, fd);
  impl->run();
  return ClockWatch(std::move(impl));
}

ClockWatch::ClockWatch(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
ClockWatch::ClockWatch(ClockWatch&&) noexcept = default;
ClockWatch& ClockWatch::operator=(ClockWatch&& other) noexcept {
  if (impl_ && impl_ != other.impl_) impl_->stop();
  impl_ = std::move(other.impl_);
  return *this;
}
ClockWatch::~ClockWatch() {
  if (impl_) impl_->stop();
}

}  // namespace lokaal
