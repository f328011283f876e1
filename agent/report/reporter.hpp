// What an agent publishes of its rooms and of itself.
#pragma once

#include <cstdint>
#include <string>

#include "adapters/bus/message_bus.hpp"
#include "adapters/clock/clock.hpp"
#include "agent/report/room_watch.hpp"
#include "core/wire/topics.hpp"

namespace lokaal {

struct AgentNames {
  SiteId site;
  NodeId node;
};

// One thread.
class AgentReporter {
 public:
  // `seq` begins with the clock's microseconds, so that it does not go back over a restart although
  // nothing is kept on disk: there are never a million reports a second. (docs/decisions/0011)
  AgentReporter(AgentNames names, Topics topics, MessageBus& bus, Clock& clock);

  // One room's report, as things are.
  void publish(const RoomWatch& room);

 private:
  AgentNames names_;
  Topics topics_;
  MessageBus& bus_;
  Clock& clock_;
  std::uint64_t seq_;
};

// The payload of nodes/<node>/agent/status for a stage of a connection.
std::string agent_status_payload(const AgentNames& names, Clock& clock, PresenceStage stage,
                                 std::uint64_t session);

}  // namespace lokaal
