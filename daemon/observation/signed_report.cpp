#include "daemon/observation/signed_report.hpp"

#include <utility>

#include "core/command/jws.hpp"
#include "daemon/observation/signed_message.hpp"

namespace lokaal {
bool speaks_of(const RosterEntry& agent, const RoomId& room) {
  return agent.role == Role::agent && (agent.rooms.empty() || agent.rooms.count(room) > 0);
}

tl::expected<SignedReport, Refusal> verify_report(const IncomingMessage& message,
                                                  wire::AgentReport report, const NodeId& node,
                                                  const Roster& roster, WallTime now) {
  const auto signer = signer_of(message, Role::agent, node, roster, now);
  if (!signer) return tl::unexpected(signer.error());
  if (report.node != node) return refuse(Reason::subject_mismatch, "a report of another node");
  if (!speaks_of(**signer, report.room))
    return refuse(Reason::room_forbidden, "not this agent's room");
  return SignedReport{std::move(report), (*signer)->kid, sha256(as_bytes(message.payload)),
                      attached(message.jws.front(), message.topic, as_bytes(message.payload))};
}

}  // namespace lokaal
