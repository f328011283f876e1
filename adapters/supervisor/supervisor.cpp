#include "adapters/supervisor/supervisor.hpp"

#include <systemd/sd-daemon.h>

#include <cstdint>

namespace lokaal {

Supervisor::Supervisor(boost::asio::io_context& io) : timer_(io) {
  std::uint64_t timeout_us = 0;
  if (sd_watchdog_enabled(0, &timeout_us) > 0)
    period_ = std::chrono::microseconds(static_cast<std::int64_t>(timeout_us / 2));
}

void Supervisor::ready(const std::string& status) {
  sd_notify(0, ("READY=1\nSTATUS=" + status).c_str());
  if (period_.count() > 0) feed();
}

void Supervisor::stopping() {
  sd_notify(0, "STOPPING=1");
  timer_.cancel();
}

void Supervisor::feed() {
  sd_notify(0, "WATCHDOG=1");
  timer_.expires_after(period_);
  timer_.async_wait([this](const boost::system::error_code& ec) {
    if (!ec) feed();
  });
}

}  // namespace lokaal
