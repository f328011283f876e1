// Who signed what a node or its agent published. Pure.
#pragma once

#include <string_view>
#include <tl/expected.hpp>

#include "adapters/bus/message_bus.hpp"
#include "core/command/reason.hpp"
#include "core/command/roster.hpp"

namespace lokaal {

// The entry of the roster that signed `message`, of that role and of `node`. The refusal names the
// first failing check, in the words of commands: malformed (not exactly one detached JWS),
// unknown-key, revoked-key (or not in force), bad-signature, role-forbidden, subject-mismatch.
// Valid as long as the roster.
tl::expected<const RosterEntry*, Refusal> signer_of(const IncomingMessage& message, Role role,
                                                    const NodeId& node, const Roster& roster,
                                                    WallTime now);

// Refusal as an expected's error.
tl::unexpected<Refusal> refuse(Reason reason, std::string_view detail);

}  // namespace lokaal
