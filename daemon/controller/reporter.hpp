// What this node tells others of itself and what it keeps.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "adapters/bus/message_bus.hpp"
#include "core/policy/state.hpp"
#include "core/wire/room_state.hpp"
#include "daemon/controller/reconciler.hpp"
#include "daemon/controller/recorder.hpp"

namespace lokaal {

// One thread.
class Reporter {
 public:
  virtual ~Reporter() = default;

  // What it keeps is now this; retained.
  virtual void publish(const State& state, const Enforcement& enforcement,
                       const wire::LogHead& head) = 0;

  // The result of a command in a room, to whom the command asks it to be sent.
  virtual void answer(const IncomingMessage& command, const RoomId& room,
                      const std::string& document) = 0;

  // What of these entries a room's `events` tell, as messages to publish once they are durable.
  virtual std::vector<OutgoingMessage> events(const std::vector<Draft>& drafts) = 0;
  virtual void publish(std::vector<OutgoingMessage> messages) = 0;

  // Of what was published last.
  virtual std::uint64_t seq() const = 0;
};

}  // namespace lokaal
