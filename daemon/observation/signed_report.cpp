#include "daemon/observation/signed_report.hpp"

#include <optional>
#include <utility>

#include "core/command/jws.hpp"

namespace lokaal {
namespace {

tl::unexpected<Refusal> refuse(Reason reason, std::string detail) {
  return tl::unexpected<Refusal>(Refusal{reason, std::move(detail), std::nullopt});
}

}  // namespace

bool speaks_of(const RosterEntry& agent, const RoomId& room) {
  return agent.role == Role::agent && (agent.rooms.empty() || agent.rooms.count(room) > 0);
}

tl::expected<SignedReport, Refusal> verify_report(const IncomingMessage& message,
                                                  wire::AgentReport report, const NodeId& node,
                                                  const Roster& roster, WallTime now) {
  if (message.jws.size() != 1) return refuse(Reason::malformed, "not exactly one signature");
  const RosterEntry* entry = nullptr;
  bool named = false;
  const auto signer = verify_published(message.jws.front(), message.topic,
                                       as_bytes(message.payload), [&](const KeyId& kid) {
                                         named = true;
                                         entry = roster.find(kid);
                                         return entry ? std::optional(entry->key) : std::nullopt;
                                       });
  if (!named) return refuse(Reason::malformed, signer.error().message);
  if (!entry) return refuse(Reason::unknown_key, "no such key");
  if (!entry->in_force(now)) return refuse(Reason::revoked_key, "the key is not in force");
  if (!signer) return refuse(Reason::bad_signature, signer.error().message);
  if (entry->role != Role::agent) return refuse(Reason::role_forbidden, "not the key of an agent");
  if (entry->node != node || report.node != node)
    return refuse(Reason::subject_mismatch, "not that node's agent");
  if (!speaks_of(*entry, report.room))
    return refuse(Reason::room_forbidden, "not this agent's room");
  return SignedReport{std::move(report), *signer, sha256(as_bytes(message.payload)),
                      attached(message.jws.front(), message.topic, as_bytes(message.payload))};
}

}  // namespace lokaal
