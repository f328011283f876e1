#include "core/policy/event.hpp"

#include <algorithm>

namespace lokaal {
namespace {

bool is_taken(const State& state, ServiceNumber number) {
  return std::any_of(state.hosts.begin(), state.hosts.end(),
                     [number](const auto& host) { return host.second.number == number; });
}

// In turn: the number after the one given last.
ServiceNumber next_host_number(State& state) {
  ServiceNumber number = std::max<ServiceNumber>(state.last_host, kFirstHostNumber - 1);
  for (std::size_t tries = 0; tries < kMostExamHosts; ++tries) {
    number = number >= kLastHostNumber ? kFirstHostNumber : static_cast<ServiceNumber>(number + 1);
    if (!is_taken(state, number)) return state.last_host = number;
  }
  return kUnclassified;  // more than can be told apart: such a name stays closed
}

// The host names that running exams list, each with a number of its own.
void renumber_hosts(State& state) {
  std::map<ServiceId, std::optional<ServiceId>> wanted;
  for (const auto& [id, exam] : state.exams) wanted.insert(exam.hosts.begin(), exam.hosts.end());
  std::erase_if(state.hosts, [&](const auto& host) { return wanted.count(host.first) == 0; });
  for (const auto& [name, part_of] : wanted) {
    if (state.hosts.count(name) > 0) continue;
    if (const ServiceNumber number = next_host_number(state))
      state.hosts[name] = ExamHost{number, part_of};
  }
}

class Fold {
 public:
  explicit Fold(State& folded) : state(folded) {}

  void operator()(const RoomCommanded& event) const {
    Room* room = find(event.room);
    if (room == nullptr) return;
    std::vector<CommandedMode>& underneath = room->underneath;
    if (!event.commanded) {
      if (!room->commanded || room->commanded->by.jti != event.ended) return;
      room->commanded.reset();
      if (underneath.empty()) return;
      room->commanded = std::move(underneath.front());
      underneath.erase(underneath.begin());
      return;
    }
    if (room->commanded) underneath.insert(underneath.begin(), std::move(*room->commanded));
    room->commanded = event.commanded;
    std::erase_if(underneath, [&](const CommandedMode& before) {
      // A room that was opened and then corrected does not open again.
      return before.mode == Mode::open || before.mode >= event.commanded->mode ||
             before.until <= event.commanded->until;
    });
  }
  void operator()(const GrantBegun& event) const { state.grants[event.grant.id] = event.grant; }
  void operator()(const GrantEnded& event) const { state.grants.erase(event.grant); }
  void operator()(const RoomTaken& event) const {
    if (Room* room = find(event.room)) room->taken = event.taken;
  }
  void operator()(const ExamSet& event) const {
    state.exams[event.exam.id] = event.exam;
    renumber_hosts(state);
  }
  void operator()(const ExamStep& event) const {
    if (event.kind != ExamStep::Kind::ended) return;
    state.exams.erase(event.exam);
    renumber_hosts(state);
  }
  void operator()(const OverlaysSet& event) const {
    state.phone_free = event.phone_free;
    state.social_free = event.social_free;
    state.phone_free_lifted = event.phone_free_lifted;
    state.social_free_lifted = event.social_free_lifted;
  }
  void operator()(const ExemptionBegun& event) const {
    state.exemptions[event.exemption.id] = event.exemption;
  }
  void operator()(const ExemptionEnded& event) const { state.exemptions.erase(event.exemption); }
  void operator()(const EmergencyBegun& event) const { state.emergency_until = event.until; }
  void operator()(const EmergencyEnded&) const { state.emergency_until.reset(); }
  void operator()(const Released&) const {}
  void operator()(const Bell&) const {}

 private:
  Room* find(const RoomId& id) const {
    const auto found = state.rooms.find(id);
    return found == state.rooms.end() ? nullptr : &found->second;
  }

  State& state;
};

struct RoomOf {
  const RoomId& operator()(const GrantBegun& event) const { return event.grant.room; }
  const RoomId& operator()(const ExemptionBegun& event) const { return event.exemption.room; }
  const RoomId& operator()(const ExamSet& event) const { return event.exam.room; }
  template <class Other>
  const RoomId& operator()(const Other& event) const {
    return event.room;
  }
};

}  // namespace

const RoomId& room_of(const Event& event) {
  return std::visit(RoomOf{}, event);
}

void fold(State& state, const Event& event) {
  std::visit(Fold(state), event);
  ++state.generation;
}

}  // namespace lokaal
