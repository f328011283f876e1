// A gateway speaks for its rooms: rooms/<room>/state, result and events.
#pragma once

#include "adapters/clock/clock.hpp"
#include "core/wire/topics.hpp"
#include "daemon/controller/reporter.hpp"
#include "daemon/controller/room_states.hpp"

namespace lokaal {

// All that it is made of must outlive it.
class GatewayReporter final : public Reporter {
 public:
  GatewayReporter(const RoomStates& states, const Topics& topics, MessageBus& bus, Clock& clock)
      : states_(states), topics_(topics), bus_(bus), clock_(clock) {}

  void publish(const State& state, const Enforcement& enforcement,
               const wire::LogHead& head) override;
  void answer(const IncomingMessage& command, const RoomId& room,
              const std::string& document) override;
  std::vector<OutgoingMessage> events(const std::vector<Draft>& drafts) override;
  void publish(std::vector<OutgoingMessage> messages) override;
  std::uint64_t seq() const override { return seq_; }

 private:
  const RoomStates& states_;
  const Topics& topics_;
  MessageBus& bus_;
  Clock& clock_;
  std::uint64_t seq_ = 0;
  std::uint64_t event_seq_ = 0;
};

}  // namespace lokaal
