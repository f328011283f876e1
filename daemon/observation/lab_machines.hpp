// What a room's lab machines say that they do. Pure: moments are handed in.
//
// A room's lab machines are the nodes whose entry in the roster names it; a gateway's entry names
// no room. Their word is their own: it is shown and counted, and proves nothing about the network.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <tl/expected.hpp>

#include "adapters/bus/message_bus.hpp"
#include "core/command/reason.hpp"
#include "core/command/roster.hpp"
#include "core/evidence/entry_types.hpp"
#include "core/wire/node_status.hpp"
#include "core/wire/room_state.hpp"
#include "daemon/observation/moment.hpp"

namespace lokaal {

bool is_lab_machine(const Roster& roster, const NodeId& node, const RoomId& room, WallTime now);

// As the log keeps them.
entry::Machines machines_entry(const wire::MachineCounts& counts);

class LabMachines {
 public:
  // The roster must outlive it, and may change. `rooms`: those that this node keeps.
  LabMachines(const Roster& roster, std::set<RoomId> rooms);

  // A message on the topic `nodes/<node>/applied` or `nodes/<node>/status`. False: it says nothing
  // new, or is of nobody here.
  tl::expected<bool, Refusal> take_applied(const IncomingMessage& message, const NodeId& node,
                                           Moment moment);
  tl::expected<bool, Refusal> take_status(const IncomingMessage& message, const NodeId& node,
                                          Moment moment);

  // state.observed.machines. Locked: it said so within kSilence; off: it was switched off cleanly;
  // external: let go for an outside system; unlocked: it holds nothing, or failed to.
  wire::MachineCounts counts(const RoomId& room, Moment moment) const;
  wire::MachineCounts counts(Moment moment) const;  // of all rooms
  // Those whose last word, however old, is that they hold something other than this mode; and who
  // has said nothing yet. Not those that said goodbye.
  std::set<NodeId> still_holding(const RoomId& room, Mode mode, Moment moment) const;

  // A lab machine itself has none.
  bool expects_any() const { return !rooms_.empty(); }
  // When one will be silent who is not yet.
  std::optional<SteadyTime> next_silence(Moment moment) const;

 private:
  struct Machine {
    std::optional<wire::NodeApplied> applied;
    SteadyTime made;  // on this machine's clock
    std::optional<wire::NodeStatus> status;
  };
  enum class Word : std::uint8_t { locked, unlocked, off, silent, external };

  std::set<NodeId> of_room(const RoomId& room, WallTime now) const;
  bool is_ours(const NodeId& node, WallTime now) const;
  Word word_of(const NodeId& node, SteadyTime now) const;

  const Roster& roster_;
  std::set<RoomId> rooms_;
  std::map<NodeId, Machine> machines_;
};

}  // namespace lokaal
