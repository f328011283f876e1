#include "core/policy/event.hpp"

namespace lokaal {
namespace {

struct Fold {
  State& state;

  void operator()(const ModeSet& event) const {
    if (Room* room = find(event.room))
      room->commanded = CommandedMode{event.mode, event.until, event.by, {}};
  }

  void operator()(const ModeEnded& event) const {
    if (Room* room = find(event.room)) room->commanded.reset();
  }

  void operator()(const DevicesSet& event) const {
    Room* room = find(event.room);
    if (room && room->commanded) room->commanded->devices = event.devices;
  }

  void operator()(const GrantBegun& event) const { state.grants[event.grant.id] = event.grant; }

  void operator()(const GrantEnded& event) const { state.grants.erase(event.grant); }

  Room* find(const RoomId& id) const {
    const auto found = state.rooms.find(id);
    return found == state.rooms.end() ? nullptr : &found->second;
  }
};

}  // namespace

void fold(State& state, const Event& event) {
  std::visit(Fold{state}, event);
  ++state.generation;
}

}  // namespace lokaal
