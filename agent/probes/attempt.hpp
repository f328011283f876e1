// One try of a probe: real packets, and what came of them.
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>

#include "agent/probes/probe.hpp"
#include "core/wire/agent_report.hpp"

namespace lokaal {

// Sockets are made on the thread that runs `io`, and so in that thread's network namespace. Calls
// back once, from the reactor. Kept alive by what it waits for.
class Attempt : public std::enable_shared_from_this<Attempt> {
 public:
  using Done = std::function<void(wire::ProbeOutcome)>;

  // `resolver`: whom the room's devices ask, on port 53.
  Attempt(boost::asio::io_context& io, ProbeTarget target, boost::asio::ip::udp::endpoint resolver,
          std::uint16_t query_id, Done done);

  void start(std::chrono::milliseconds timeout);

 private:
  void ask();
  void receive();
  void connect(const IpAddress& address);
  void finish(wire::ProbeOutcome outcome);
  void fail(const boost::system::error_code& ec);

  ProbeTarget target_;
  boost::asio::ip::udp::endpoint resolver_;
  std::uint16_t query_id_;
  Done done_;
  boost::asio::steady_timer deadline_;
  boost::asio::ip::udp::socket question_;
  boost::asio::ip::tcp::socket connection_;
  std::array<std::uint8_t, 1232> buffer_{};  // what the question announced with EDNS
};

}  // namespace lokaal
