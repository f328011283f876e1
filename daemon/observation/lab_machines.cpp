#include "daemon/observation/lab_machines.hpp"

#include <algorithm>
#include <utility>

#include "daemon/observation/signed_message.hpp"

namespace lokaal {
namespace {

// It holds its machine: nothing but what the mode allows, or nothing at all.
bool holds_something(const wire::NodeApplied& applied) {
  const bool lab = applied.lab != wire::LabHold::none && applied.lab != wire::LabHold::external;
  return lab || applied.mode == Mode::exam || applied.mode == Mode::devices_away;
}

void add(wire::MachineCounts& sum, const wire::MachineCounts& more) {
  sum.total += more.total;
  sum.locked += more.locked;
  sum.off += more.off;
  sum.silent += more.silent;
  sum.unlocked += more.unlocked;
  sum.external += more.external;
}

}  // namespace

bool is_lab_machine(const Roster& roster, const NodeId& node, const RoomId& room, WallTime now) {
  return std::any_of(roster.entries.begin(), roster.entries.end(), [&](const auto& each) {
    const RosterEntry& entry = each.second;
    return entry.role == Role::node && entry.node == node && entry.rooms.count(room) > 0 &&
           entry.in_force(now);
  });
}

entry::Machines machines_entry(const wire::MachineCounts& counts) {
  return {counts.total, counts.locked, counts.off, counts.silent, counts.unlocked, counts.external};
}

LabMachines::LabMachines(const Roster& roster, std::set<RoomId> rooms)
    : roster_(roster), rooms_(std::move(rooms)) {}

std::set<NodeId> LabMachines::of_room(const RoomId& room, WallTime now) const {
  std::set<NodeId> nodes;
  if (rooms_.count(room) == 0) return nodes;
  for (const auto& [kid, entry] : roster_.entries)
    if (entry.role == Role::node && entry.rooms.count(room) > 0 && entry.in_force(now))
      nodes.insert(entry.node);
  return nodes;
}

bool LabMachines::is_ours(const NodeId& node, WallTime now) const {
  return std::any_of(rooms_.begin(), rooms_.end(),
                     [&](const RoomId& room) { return is_lab_machine(roster_, node, room, now); });
}

tl::expected<bool, Refusal> LabMachines::take_applied(const IncomingMessage& message,
                                                      const NodeId& node, Moment moment) {
  if (!is_ours(node, moment.now)) return false;
  auto read = wire::read_node_applied(message.payload);
  if (!read) return refuse(Reason::malformed, read.error().message);
  const auto signer = signer_of(message, Role::node, node, roster_, moment.now);
  if (!signer) return tl::unexpected(signer.error());
  if (read->node != node) return refuse(Reason::subject_mismatch, "another node's word");
  if ((*signer)->rooms.count(read->room) == 0)
    return refuse(Reason::room_forbidden, "not this machine's room");
  if (read->at > moment.now + kClocksDiffer)
    return refuse(Reason::issued_in_future, "made later than now");
  Machine& machine = machines_[node];
  const SteadyTime made = moment.steady - (moment.now - read->at);
  if (machine.applied) {
    const bool same_boot = machine.applied->boot_id == read->boot_id;
    if (same_boot ? read->seq <= machine.applied->seq : made <= machine.made) return false;
  }
  machine.applied = std::move(*read);
  machine.made = made;
  return true;
}

tl::expected<bool, Refusal> LabMachines::take_status(const IncomingMessage& message,
                                                     const NodeId& node, Moment moment) {
  if (!is_ours(node, moment.now)) return false;
  auto read = wire::read_node_status(message.payload);
  if (!read) return refuse(Reason::malformed, read.error().message);
  const auto signer = signer_of(message, Role::node, node, roster_, moment.now);
  if (!signer) return tl::unexpected(signer.error());
  if (read->node != node) return refuse(Reason::subject_mismatch, "another node's word");
  std::optional<wire::NodeStatus>& last = machines_[node].status;
  // A will may come after the next connection's birth: it says which session died.
  const bool late = read->state == wire::NodeState::lost && last &&
                    last->state == wire::NodeState::ready && last->session != read->session;
  if (late || (last && *last == *read)) return false;
  last = std::move(*read);
  return true;
}

LabMachines::Word LabMachines::word_of(const NodeId& node, SteadyTime now) const {
  const auto found = machines_.find(node);
  if (found == machines_.end()) return Word::silent;
  const Machine& machine = found->second;
  if (machine.status) {
    const bool newer = !machine.applied || machine.status->at >= machine.applied->at;
    if (machine.status->state == wire::NodeState::disconnected && newer) return Word::off;
    // The word of a will was written when its connection began.
    if (machine.status->state == wire::NodeState::lost) return Word::silent;
  }
  if (!machine.applied || now - machine.made >= kSilence) return Word::silent;
  if (machine.applied->lab == wire::LabHold::external) return Word::external;
  const bool held = machine.applied->failed.empty() && holds_something(*machine.applied);
  return held ? Word::locked : Word::unlocked;
}

wire::MachineCounts LabMachines::counts(const RoomId& room, Moment moment) const {
  wire::MachineCounts counts;
  for (const NodeId& node : of_room(room, moment.now)) {
    ++counts.total;
    switch (word_of(node, moment.steady)) {
      case Word::locked:
        ++counts.locked;
        break;
      case Word::unlocked:
        ++counts.unlocked;
        break;
      case Word::off:
        ++counts.off;
        break;
      case Word::silent:
        ++counts.silent;
        break;
      case Word::external:
        ++counts.external;
        break;
    }
  }
  return counts;
}

wire::MachineCounts LabMachines::counts(Moment moment) const {
  wire::MachineCounts sum;
  for (const RoomId& room : rooms_) add(sum, counts(room, moment));
  return sum;
}

std::set<NodeId> LabMachines::still_holding(const RoomId& room, Mode mode, Moment moment) const {
  std::set<NodeId> nodes;
  for (const NodeId& node : of_room(room, moment.now)) {
    if (word_of(node, moment.steady) == Word::off) continue;
    const auto found = machines_.find(node);
    const bool spoke = found != machines_.end() && found->second.applied;
    // Nobody is called released who has not said so.
    if (!spoke || (holds_something(*found->second.applied) && found->second.applied->mode != mode))
      nodes.insert(node);
  }
  return nodes;
}

std::optional<SteadyTime> LabMachines::next_silence(Moment moment) const {
  std::optional<SteadyTime> next;
  for (const auto& [node, machine] : machines_) {
    const SteadyTime due = machine.made + kSilence;
    if (machine.applied && due > moment.steady && (!next || due < *next)) next = due;
  }
  return next;
}

}  // namespace lokaal
