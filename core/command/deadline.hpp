// When what a command asks for ends: everything ends by itself (INTERFACES section 3).
#pragma once

#include <optional>
#include <string>
#include <tl/expected.hpp>

#include "core/base/time.hpp"
#include "core/command/command.hpp"
#include "core/command/context.hpp"

namespace lokaal {

// The end, resolved: given, or the lesson's, or as long as the protocol says. Absent for what has
// no end, or takes it from its own plan. The error says what is wrong with the end that was asked
// for.
using Deadline = tl::expected<std::optional<WallTime>, std::string>;

Deadline deadline_of(const Command& command, const RoomView& room, const CommandContext& context,
                     WallTime now);

}  // namespace lokaal
