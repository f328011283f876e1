// What the service manager is told (sd_notify(3)); nothing where there is none.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <string>

namespace lokaal {

// The reactor's thread. The watchdog is fed from the reactor, so only while that makes progress.
class Supervisor {
 public:
  explicit Supervisor(boost::asio::io_context& io);

  // `status`: what is being done now, for people.
  void ready(const std::string& status);
  void stopping();
  void reloading();  // until ready()
  // What `systemctl status` shows beside that; empty: nothing more.
  void trouble(const std::string& what);

 private:
  void feed();

  std::string status_;
  boost::asio::steady_timer timer_;
  std::chrono::microseconds period_{0};  // 0: no watchdog
};

}  // namespace lokaal
