// Tightening is cheap, loosening is guarded (PROTOCOL-RULES "How rules combine").
#pragma once

#include "core/command/command.hpp"
#include "core/command/context.hpp"

namespace lokaal {

// Whether the command opens anything that is now closed, or sooner than it would open, or gives
// somebody power to. Where that cannot be said (unknown mode, unknown room, unknown type): yes.
bool loosens(const Command& command, const std::optional<RoomView>& room,
             const CommandContext& context, WallTime now);

}  // namespace lokaal
