// Listens to agents, and writes down what changes in what they see, and that somebody is there.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <optional>

#include "adapters/bus/message_bus.hpp"
#include "adapters/clock/clock.hpp"
#include "core/command/rate_limit.hpp"
#include "core/policy/state.hpp"
#include "core/wire/topics.hpp"
#include "daemon/controller/reconciler.hpp"
#include "daemon/controller/recorder.hpp"
#include "daemon/observation/heartbeat.hpp"
#include "daemon/observation/lab_machines.hpp"
#include "daemon/observation/observation.hpp"

namespace lokaal {

// The reactor's thread. Works beside the controller's queue: it changes nothing that a command
// changes, and a slow disk must not make an agent look silent.
class AgentWatch {
 public:
  // All must outlive it.
  struct Parts {
    boost::asio::io_context& io;
    const Topics& topics;
    Clock& clock;
    Recorder& recorder;
    const Reconciler& reconciler;
    Observation& observation;
    const LabMachines& machines;
    const State& state;
    std::function<void()> changed;  // some room's `observed` says something else
    std::function<void(Reason, std::optional<RoomId>)> refused;
  };
  explicit AgentWatch(Parts parts);

  // False: not an agent's report, and somebody else's to judge.
  bool take(const IncomingMessage& message);
  // The kernel has acknowledged the state: to be called at once, for the agent sees it within
  // milliseconds; and before what is observed is published.
  void enforced();
  // Looks who has fallen silent and what is due, and waits for the next of it.
  void look();

 private:
  Moment moment();
  bool exam_runs();
  // Whether there was any.
  bool record_news(Moment now);
  void beat();
  void arm(Moment seen);

  Parts parts_;
  Heartbeat heartbeat_;
  // Anyone whom the broker lets publish a report can send bad ones.
  RateLimit complaints_{RateLimit::Limits{1, 10}};
  boost::asio::steady_timer timer_;
};

}  // namespace lokaal
