#include "ctl/answer.hpp"

#include <boost/json.hpp>

#include "core/base/json.hpp"
#include "ctl/files.hpp"

namespace lokaal::ctl {
namespace {

std::string text_of(const boost::json::object& object, const char* name) {
  const boost::json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

}  // namespace

Result<Answer> read_answer(const Received& received) {
  const auto value = parse_json(received.payload);
  if (!value) return tl::unexpected(value.error());
  if (!value->is_object()) return failure("not a result: no JSON object");
  const auto& object = value->get_object();
  Answer out{text_of(object, "jti"),    text_of(object, "room"),   text_of(object, "node"),
             text_of(object, "status"), text_of(object, "reason"), text_of(object, "detail"),
             received.payload};
  if (out.jti.empty() || out.status.empty()) return failure("not a result: no jti, or no status");
  return out;
}

Result<Roster> read_trusted_roster(const std::string& root_file, const std::string& roster_file,
                                   const std::string& root_thumbprint) {
  const auto root_text = read_line_file(root_file);
  if (!root_text) return tl::unexpected(root_text.error());
  const auto root = first_root(*root_text, root_thumbprint);
  if (!root) return with_context(root_file, root.error());
  const auto roster_text = read_line_file(roster_file);
  if (!roster_text) return tl::unexpected(roster_text.error());
  auto roster = verify_roster(*roster_text, *root);
  if (!roster) return with_context(roster_file, roster.error());
  return roster;
}

Result<void> verify_answer(const Answer& answer, const Received& received, const Roster& roster,
                           WallTime now) {
  if (received.jws.size() != 1) return failure("it carries not exactly one signature");
  const auto keys = [&](const KeyId& kid) -> std::optional<Ed25519PublicKey> {
    const RosterEntry* entry = roster.find(kid);
    const bool speaks = entry != nullptr && entry->role == Role::node && entry->in_force(now) &&
                        entry->node.str() == answer.node;
    return speaks ? std::optional(entry->key) : std::nullopt;
  };
  const auto signer =
      verify_published(received.jws.front(), received.topic, as_bytes(received.payload), keys);
  if (!signer) return tl::unexpected(signer.error());
  return {};
}

}  // namespace lokaal::ctl
