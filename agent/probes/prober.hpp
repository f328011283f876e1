// Tries probes from where a device of the room is: a network namespace with a port of the room.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "agent/probes/probe.hpp"
#include "core/base/result.hpp"
#include "core/wire/agent_report.hpp"

namespace lokaal {

// A thread that enters the namespace once, gives up every capability, and from then on only makes
// ordinary sockets.
class Prober {
 public:
  // In the order of the targets.
  using Done = std::function<void(std::vector<wire::ProbeOutcome>)>;

  // `namespace_file`: as under /run/netns; empty: the namespace of the caller. Entering needs
  // CAP_SYS_ADMIN. `resolver`: whom the room's devices ask for names.
  static Result<std::unique_ptr<Prober>> start(const std::string& namespace_file,
                                               const IpAddress& resolver,
                                               std::chrono::milliseconds timeout);
  // What is under way is dropped; nothing is called after that.
  ~Prober();
  Prober(const Prober&) = delete;
  Prober& operator=(const Prober&) = delete;

  // All at the same time; `done` is called on the prober's thread after at most the timeout.
  void round(std::vector<ProbeTarget> targets, Done done);

 private:
  struct Round;
  Prober(const IpAddress& resolver, std::chrono::milliseconds timeout);
  void begin(const std::vector<ProbeTarget>& targets, Done done);

  boost::asio::ip::udp::endpoint resolver_;
  std::chrono::milliseconds timeout_;
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::thread thread_;
};

}  // namespace lokaal
