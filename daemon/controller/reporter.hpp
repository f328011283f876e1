// What this node publishes of itself and its rooms.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "adapters/bus/message_bus.hpp"
#include "adapters/clock/clock.hpp"
#include "core/policy/rulebook.hpp"
#include "core/policy/state.hpp"
#include "core/wire/node_status.hpp"
#include "core/wire/room_state.hpp"
#include "core/wire/topics.hpp"
#include "daemon/controller/reconciler.hpp"
#include "daemon/controller/recorder.hpp"
#include "daemon/observation/observation.hpp"

namespace lokaal {

struct NodeNames {
  SiteId site;
  NodeId node;
};

// One thread.
class Reporter {
 public:
  Reporter(NodeNames names, Topics topics, MessageBus& bus, Clock& clock, const Rulebook& rules,
           const Observation& observation);

  // Publishes `state` of every room, retained.
  void publish(const State& state, const Enforcement& enforcement, const wire::LogHead& head);

  // What of these entries a room's `events` tell, as messages to publish once they are durable.
  std::vector<OutgoingMessage> events(const std::vector<Draft>& drafts);
  void publish(std::vector<OutgoingMessage> messages);

  // A room's `state` as it reads now, with the number that was published last.
  wire::RoomState room_state(const RoomId& id, const Room& room, const State& state,
                             const Enforcement& enforcement, const wire::LogHead& head) const;

 private:
  NodeNames names_;
  Topics topics_;
  MessageBus& bus_;
  Clock& clock_;
  const Rulebook& rules_;
  const Observation& observation_;
  std::uint64_t seq_ = 0;
  std::uint64_t event_seq_ = 0;
};

// What the kernel has acknowledged for a room.
wire::AppliedState applied_state(const State& state, const RoomId& room,
                                 const Enforcement& enforcement);

// The payload of nodes/<node>/status for a stage of a connection.
std::string status_payload(const NodeNames& names, Clock& clock, PresenceStage stage,
                           std::uint64_t session);

}  // namespace lokaal
