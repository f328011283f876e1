// Hears lab machines, sees who falls silent, and counts who has let go.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "adapters/bus/message_bus.hpp"
#include "adapters/clock/clock.hpp"
#include "core/command/rate_limit.hpp"
#include "core/policy/state.hpp"
#include "core/wire/topics.hpp"
#include "daemon/controller/release_count.hpp"
#include "daemon/observation/lab_machines.hpp"

namespace lokaal {

// The reactor's thread. Works beside the controller's queue, as AgentWatch does.
class MachineWatch {
 public:
  // All must outlive it.
  struct Parts {
    boost::asio::io_context& io;
    const Topics& topics;
    Clock& clock;
    LabMachines& machines;
    const State& state;
    std::function<void()> changed;  // some room's counts are others
    std::function<void(Reason, std::optional<RoomId>)> refused;
    std::function<void(std::vector<Released>)> released;
  };
  explicit MachineWatch(Parts parts);

  // False: no lab machine's word, and somebody else's to judge.
  bool take(const IncomingMessage& message);
  // What held machines in the room is over: who follows is counted from now on.
  void let_go(const RoomId& room);
  // The same where the room has any.
  void let_go_if_any(const RoomId& room);
  // Looks who has fallen silent and which count is done, and waits for the next of it.
  void look();

 private:
  Moment moment() { return {parts_.clock.now(), parts_.clock.steady()}; }
  Released count(const RoomId& room);
  void arm(Moment seen);

  Parts parts_;
  ReleaseCount releases_;
  std::map<RoomId, wire::MachineCounts> shown_;
  RateLimit complaints_{RateLimit::Limits{1, 10}};
  boost::asio::steady_timer timer_;
};

}  // namespace lokaal
