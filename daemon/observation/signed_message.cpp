#include "daemon/observation/signed_message.hpp"

#include <optional>

#include "core/command/jws.hpp"

namespace lokaal {

tl::unexpected<Refusal> refuse(Reason reason, std::string_view detail) {
  return tl::unexpected<Refusal>(Refusal{reason, std::string(detail), std::nullopt});
}

tl::expected<const RosterEntry*, Refusal> signer_of(const IncomingMessage& message, Role role,
                                                    const NodeId& node, const Roster& roster,
                                                    WallTime now) {
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
  if (entry->role != role)
    return refuse(Reason::role_forbidden, std::string("not a key of role ") += name_of(role));
  if (entry->node != node) return refuse(Reason::subject_mismatch, "another node's key");
  return entry;
}

}  // namespace lokaal
