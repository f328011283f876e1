#include "core/verification/key_set.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "core/base/json.hpp"

namespace lokaal {
namespace {

namespace json = boost::json;

constexpr JsonLimits kLimits{.bytes = 4UL * 1024 * 1024, .depth = 8};

json::value time_or_null(const std::optional<WallTime>& time) {
  return time ? json::value(format_time(*time)) : json::value(nullptr);
}

std::string text_of(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

Result<std::optional<WallTime>> time_of(const json::object& object, std::string_view name) {
  const std::string text = text_of(object, name);
  if (text.empty()) return std::nullopt;
  const auto time = parse_time(text);
  if (!time) return with_context(name, time.error());
  return *time;
}

Result<ListedKey> key_from(const json::object& object) {
  ListedKey out;
  out.kid = KeyId(text_of(object, "kid"));
  const auto raw = from_base64url(text_of(object, "x"));
  const auto key =
      raw ? Ed25519PublicKey::from(*raw) : Result<Ed25519PublicKey>(tl::unexpected(raw.error()));
  if (!key) return with_context("\"x\"", key.error());
  out.key = *key;
  out.role = text_of(object, "lokaal:role");
  if (const std::string node = text_of(object, "lokaal:node"); !node.empty())
    out.node = NodeId(node);
  const auto from = time_of(object, "lokaal:from");
  if (!from) return tl::unexpected(from.error());
  const auto until = time_of(object, "lokaal:until");
  if (!until) return tl::unexpected(until.error());
  out.from = *from;
  out.until = *until;
  return out;
}

ListedKey listed(const RosterEntry& entry) {
  ListedKey out{entry.kid, entry.key,  std::string(name_of(entry.role)),
                {},        entry.from, entry.until};
  if (!entry.node.empty()) out.node = entry.node;
  if (entry.revoked) out.until = out.until ? std::min(*out.until, *entry.revoked) : *entry.revoked;
  return out;
}

}  // namespace

KeySet KeySet::of(const Roster& roster, const NodeId& node, const PublicJwk& own) {
  KeySet out;
  for (const auto& [kid, entry] : roster.entries) {
    // A key that is revoked for ever vouches for nothing at any time.
    if (entry.revoked != WallTime::min()) out.keys.push_back(listed(entry));
  }
  KeySet mine;
  mine.keys.push_back({own.kid, own.key, std::string(name_of(Role::node)), node, {}, {}});
  out.add_missing(mine);
  return out;
}

Result<KeySet> KeySet::parse(std::string_view text) {
  const auto value = parse_json(text, kLimits);
  if (!value) return tl::unexpected(value.error());
  const json::object* set = value->if_object();
  const json::value* keys = set != nullptr ? set->if_contains("keys") : nullptr;
  if (keys == nullptr || !keys->is_array())
    return failure("a key set is a JSON object with an array \"keys\"");
  KeySet out;
  for (const json::value& one : keys->get_array()) {
    const json::object* object = one.if_object();
    if (object == nullptr) return failure("a key of the set is no JSON object");
    if (text_of(*object, "kty") != "OKP" || text_of(*object, "crv") != "Ed25519") continue;
    auto key = key_from(*object);
    if (!key) return with_context("key \"" + text_of(*object, "kid") + "\"", key.error());
    out.keys.push_back(std::move(*key));
  }
  return out;
}

std::string KeySet::to_text() const {
  json::array all;
  for (const ListedKey& key : keys) {
    all.push_back(json::object{
        {"kty", "OKP"},
        {"crv", "Ed25519"},
        {"x", base64url(key.key.bytes)},
        {"kid", key.kid.str()},
        {"use", "sig"},
        {"lokaal:role", key.role.empty() ? json::value(nullptr) : json::value(key.role)},
        {"lokaal:node", key.node ? json::value(key.node->str()) : json::value(nullptr)},
        {"lokaal:from", time_or_null(key.from)},
        {"lokaal:until", time_or_null(key.until)}});
  }
  return canonical_json(json::object{{"keys", std::move(all)}}) + "\n";
}

void KeySet::add_missing(const KeySet& earlier) {
  for (const ListedKey& key : earlier.keys) {
    const bool known = std::any_of(keys.begin(), keys.end(), [&](const ListedKey& mine) {
      return mine.kid == key.kid && mine.key == key.key;
    });
    if (!known) keys.push_back(key);
  }
}

std::vector<const ListedKey*> KeySet::named(const KeyId& kid) const {
  std::vector<const ListedKey*> out;
  for (const ListedKey& key : keys)
    if (key.kid == kid) out.push_back(&key);
  return out;
}

}  // namespace lokaal
