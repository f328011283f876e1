// An agent's report from message to belief. Pure.
#pragma once

#include <set>
#include <string>
#include <tl/expected.hpp>

#include "adapters/bus/message_bus.hpp"
#include "core/base/crypto.hpp"
#include "core/command/reason.hpp"
#include "core/command/roster.hpp"
#include "core/wire/agent_report.hpp"

namespace lokaal {

// Somebody in the roster said this. What the log keeps of it.
struct SignedReport {
  wire::AgentReport report;
  KeyId kid;
  Digest sha256{};  // of the payload
  std::string jws;  // with the report in it: whoever has the log can check it
};

// `report` is what `message`, under the report topic of `node`, reads as. The refusal names the
// first failing check, in the words of commands: malformed (not exactly one detached JWS),
// unknown-key, revoked-key (or not in force), bad-signature, role-forbidden (no agent),
// subject-mismatch (not that node's agent), room-forbidden.
tl::expected<SignedReport, Refusal> verify_report(const IncomingMessage& message,
                                                  wire::AgentReport report, const NodeId& node,
                                                  const Roster& roster, WallTime now);

// Whether an agent with this entry may speak of a room: an entry without rooms reaches all.
bool speaks_of(const RosterEntry& agent, const RoomId& room);

}  // namespace lokaal
