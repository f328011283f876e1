#include "daemon/evidence/heartbeats.hpp"

#include <utility>

namespace lokaal {

Heartbeats::Heartbeats(boost::asio::any_io_executor executor, Hooks hooks)
    : hooks_(std::move(hooks)), timer_(std::move(executor)) {}

void Heartbeats::start() {
  look(Clock::now());
  arm();
}

void Heartbeats::look(Clock::time_point now) {
  // A look that comes a little early must not put the heartbeat off to the one after it.
  if (last_ && !hooks_.exam_runs() && now - *last_ < kOtherwise - kLook / 2) return;
  last_ = now;
  entry::Heartbeat beat = hooks_.counted();
  beat.n = next_++;
  hooks_.write(std::move(beat));
}

void Heartbeats::arm() {
  timer_.expires_after(kLook);
  timer_.async_wait([this](const boost::system::error_code& ec) {
    if (ec) return;
    look(Clock::now());
    arm();
  });
}

}  // namespace lokaal
