// A lab machine says what it applied: nodes/<node>/applied. Results, states and events of its room
// are its gateway's to tell.
#pragma once

#include "adapters/clock/clock.hpp"
#include "core/wire/topics.hpp"
#include "daemon/controller/presence.hpp"
#include "daemon/controller/reporter.hpp"

namespace lokaal {

// How often it says so again, so that nobody takes it for silent (kSilence).
inline constexpr std::chrono::seconds kAppliedAgain{5};

// All that it is made of must outlive it. The state that it publishes has one room.
class MachineReporter final : public Reporter {
 public:
  MachineReporter(NodeNames names, const Topics& topics, MessageBus& bus, Clock& clock)
      : names_(std::move(names)), topics_(topics), bus_(bus), clock_(clock) {}

  void publish(const State& state, const Enforcement& enforcement,
               const wire::LogHead& head) override;
  void answer(const IncomingMessage&, const RoomId&, const std::string&) override {}
  std::vector<OutgoingMessage> events(const std::vector<Draft>&) override { return {}; }
  void publish(std::vector<OutgoingMessage>) override {}
  std::uint64_t seq() const override { return seq_; }

 private:
  NodeNames names_;
  const Topics& topics_;
  MessageBus& bus_;
  Clock& clock_;
  std::uint64_t seq_ = 0;
};

}  // namespace lokaal
