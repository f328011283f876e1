#include "daemon/controller/machine_reporter.hpp"

#include "core/wire/node_status.hpp"
#include "daemon/controller/room_states.hpp"

namespace lokaal {

void MachineReporter::publish(const State& state, const Enforcement& enforcement,
                              const wire::LogHead& /*head*/) {
  const RoomId& room = state.rooms.begin()->first;
  const WallTime now = clock_.now();
  const wire::AppliedState applied = applied_state(room, enforcement);
  wire::NodeApplied out;
  out.site = names_.site;
  out.node = names_.node;
  out.room = room;
  out.boot_id = clock_.boot_id();
  // Grows over restarts within a boot, too.
  seq_ = std::max(seq_ + 1, clock_.mono_ns());
  out.seq = seq_;
  out.at = now;
  out.generation = applied.generation;
  out.mode = applied.mode;
  out.overlays = applied.overlays;
  const auto held = enforcement.rooms.find(room);
  if (held != enforcement.rooms.end()) out.until = held->second.until;
  out.failed = applied.failed;
  OutgoingMessage message;
  message.topic = topics_.node_applied(names_.node);
  message.payload = wire::to_text(out);
  message.retain = true;
  bus_.publish(std::move(message));
}

}  // namespace lokaal
