// What a room is: commanded, applied and observed, kept apart (SCHEMAS state).
#pragma once

#include <cstdint>

#include "adapters/clock/clock.hpp"
#include "core/policy/rulebook.hpp"
#include "core/policy/state.hpp"
#include "core/wire/room_state.hpp"
#include "daemon/controller/presence.hpp"
#include "daemon/controller/reconciler.hpp"
#include "daemon/observation/lab_machines.hpp"
#include "daemon/observation/observation.hpp"

namespace lokaal {

// One thread. All that it is made of must outlive it.
class RoomStates {
 public:
  RoomStates(NodeNames names, Clock& clock, const Rulebook& rules, const Observation& observation,
             const LabMachines& machines)
      : names_(std::move(names)),
        clock_(clock),
        rules_(rules),
        observation_(observation),
        machines_(machines) {}

  // As it reads now. `seq`: the number that it is published under, or was last.
  wire::RoomState of(const RoomId& id, const Room& room, const State& state,
                     const Enforcement& enforcement, const wire::LogHead& head,
                     std::uint64_t seq) const;

  const NodeNames& names() const { return names_; }

 private:
  NodeNames names_;
  Clock& clock_;
  const Rulebook& rules_;
  const Observation& observation_;
  const LabMachines& machines_;
};

// What the kernel has acknowledged for a room.
wire::AppliedState applied_state(const RoomId& room, const Enforcement& enforcement);

}  // namespace lokaal
