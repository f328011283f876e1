// What an approved command does to a room: the events it causes. Pure.
#pragma once

#include <tl/expected.hpp>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/command/authorise.hpp"
#include "core/policy/event.hpp"
#include "core/policy/state.hpp"
#include "core/traffic/catalogue.hpp"

namespace lokaal {

struct CommandInRoom {
  const Command& command;
  const Approved& approved;
  const CommandId& jti;
  RoomId room;
  bool to_building;  // one of its rooms
  const Catalogue& catalogue;
  std::chrono::seconds longest_exam;  // however often it is extended
};

// The events, in order; or why this version cannot do it (`unsupported-command`).
tl::expected<std::vector<Event>, Refusal> effects_of(const CommandInRoom& command,
                                                     const State& state, WallTime now);

}  // namespace lokaal
