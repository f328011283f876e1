#include "core/policy/event.hpp"

namespace lokaal {
namespace {

struct Fold {
  State& state;

  void operator()(const RoomCommanded& event) const {
    const auto found = state.rooms.find(event.room);
    if (found != state.rooms.end()) found->second.commanded = event.commanded;
  }
  void operator()(const GrantBegun& event) const { state.grants[event.grant.id] = event.grant; }
  void operator()(const GrantEnded& event) const { state.grants.erase(event.grant); }
  void operator()(const Bell&) const {}
};

}  // namespace

void fold(State& state, const Event& event) {
  std::visit(Fold{state}, event);
  ++state.generation;
}

}  // namespace lokaal
