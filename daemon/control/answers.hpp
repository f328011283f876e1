// What lokaald answers over its control socket.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "adapters/bus/message_bus.hpp"
#include "adapters/clock/clock.hpp"
#include "core/site/site.hpp"
#include "core/wire/control_status.hpp"
#include "daemon/controller/controller.hpp"
#include "daemon/controller/reconciler.hpp"
#include "daemon/controller/recorder.hpp"
#include "daemon/controller/reporter.hpp"
#include "daemon/controller/room_states.hpp"

namespace lokaal {

// The reactor's thread. Reads the state and changes nothing.
class ControlAnswers {
 public:
  // All must outlive it.
  struct Parts {
    const Site& site;
    const Controller& controller;
    const Reconciler& reconciler;
    const Reporter& reporter;
    const RoomStates& states;
    const Recorder& recorder;
    const MessageBus& bus;
    Clock& clock;
    // What is missing of the routing guard, or ahead of it. Asked for each `status`. Empty: none is
    // needed.
    std::function<Result<std::vector<std::string>>()> guard_faults;
  };

  explicit ControlAnswers(Parts parts) : parts_(std::move(parts)) {}

  // A line for a line, both without the newline.
  std::string answer(std::string_view question) const;

 private:
  wire::ControlStatus status() const;

  Parts parts_;
};

}  // namespace lokaal
