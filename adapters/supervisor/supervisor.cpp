#include "adapters/supervisor/supervisor.hpp"

#include <systemd/sd-daemon.h>

#include <algorithm>
#include <cstdint>

namespace lokaal {

Supervisor::Supervisor(boost::asio::io_context& io) : timer_(io) {
  std::uint64_t timeout_us = 0;
  if (sd_watchdog_enabled(0, &timeout_us) > 0)
    period_ = std::chrono::microseconds(static_cast<std::int64_t>(timeout_us / 2));
}

void Supervisor::ready(const std::string& status) {
  status_ = status;
  sd_notify(0, "READY=1");
  trouble({});
  if (period_.count() > 0) feed();
}

void Supervisor::stopping() {
  sd_notify(0, "STOPPING=1");
  timer_.cancel();
}

void Supervisor::reloading() {
  sd_notify(0, "RELOADING=1");
  timer_.cancel();
}

void Supervisor::trouble(const std::string& what) {
  std::string line = "STATUS=" + status_ + (what.empty() ? what : "; " + what);
  std::replace(line.begin(), line.end(), '\n', ' ');  // a line feed would begin another variable
  sd_notify(0, line.c_str());
}

void Supervisor::feed() {
  sd_notify(0, "WATCHDOG=1");
  timer_.expires_after(period_);
  timer_.async_wait([this](const boost::system::error_code& ec) {
    if (!ec) feed();
  });
}

}  // namespace lokaal
