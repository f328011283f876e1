#include "core/command/root.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "core/base/json.hpp"

namespace lokaal {
namespace {

namespace json = boost::json;

constexpr std::size_t kKeyLimit = 16;

PublicJwk read_key(Members& members, const json::value& value) {
  if (!value.is_object()) {
    members.fault("\"keys\" is not a list of objects");
    return {};
  }
  Members entry(value.get_object(), "keys");
  const std::string kid = entry.text("kid", 128);
  entry.object("jwk");
  if (auto done = entry.finish(); !done) {
    members.fault(done.error().message);
    return {};
  }
  auto key = public_jwk(value.get_object().at("jwk"));
  if (!key) {
    members.fault(fmt::format("key {}: {}", quoted(kid), key.error().message));
    return {};
  }
  if (!key->kid.empty() && key->kid.str() != kid)
    members.fault(fmt::format("key {}: its jwk has another kid", quoted(kid)));
  key->kid = KeyId(kid);
  return *key;
}

void check_keys(Members& members, const Root& root) {
  std::set<KeyId> kids;
  std::set<Ed25519PublicKey> keys;
  for (const PublicJwk& one : root.keys) {
    // One key under two names would count twice towards the threshold.
    if (!kids.insert(one.kid).second || !keys.insert(one.key).second)
      members.fault(fmt::format("key {} appears twice", quoted(one.kid.str())));
  }
  if (root.threshold < 1 || root.threshold > root.keys.size())
    members.fault("\"threshold\" is not between 1 and the number of keys");
}

struct SignedRoot {
  Root root;
  std::vector<Jws> signatures;
};

Result<SignedRoot> read_signed(std::string_view text) {
  auto signatures = parse_general_jws(text);
  if (!signatures) return with_context("plan/root", signatures.error());
  for (const Jws& one : *signatures) {
    if (!one.header.signs_ed25519() || one.header.typ != plan_type("root") || !one.header.kid)
      return failure("plan/root: a signature whose header is not alg EdDSA, a kid, and typ " +
                     plan_type("root"));
  }
  auto root = parse_root(as_text(signatures->front().payload));
  if (!root) return tl::unexpected(root.error());
  root->document.sha256 = sha256(as_bytes(text));
  return SignedRoot{std::move(*root), std::move(*signatures)};
}

// The different keys of `root` that signed; a bad signature in the name of one of its keys counts
// for nothing.
std::set<KeyId> signers(const Root& root, const std::vector<Jws>& signatures) {
  std::set<KeyId> out;
  for (const Jws& one : signatures) {
    const PublicJwk* key = root.find(*one.header.kid);
    if (key != nullptr && one.signed_by(key->key)) out.insert(key->kid);
  }
  return out;
}

Result<void> need_threshold(const Root& root, const std::vector<Jws>& signatures) {
  const std::size_t count = signers(root, signatures).size();
  if (count >= root.threshold) return {};
  return failure(fmt::format("plan/root: {} of the {} signatures that root {} wants", count,
                             root.threshold, root.document.version));
}

}  // namespace

const PublicJwk* Root::find(const KeyId& kid) const {
  const auto found =
      std::find_if(keys.begin(), keys.end(), [&](const PublicJwk& k) { return k.kid == kid; });
  return found == keys.end() ? nullptr : &*found;
}

Result<Root> parse_root(std::string_view payload) {
  const auto value = parse_json(payload);
  if (!value) return with_context("plan/root", value.error());
  if (!value->is_object()) return failure("plan/root: not a JSON object");
  Members members(value->get_object(), "plan/root");
  Root root;
  root.document = read_plan_document(members, "root");
  if (const json::array* keys = members.array("keys")) {
    if (keys->empty() || keys->size() > kKeyLimit) members.fault("\"keys\" has not 1 to 16");
    for (const json::value& key : *keys) {
      if (members.ok()) root.keys.push_back(read_key(members, key));
    }
  }
  const std::int64_t threshold = members.integer("threshold");
  root.threshold = threshold < 0 ? 0 : static_cast<std::size_t>(threshold);
  check_keys(members, root);
  if (auto done = members.finish(); !done) return tl::unexpected(done.error());
  return root;
}

Result<Root> first_root(std::string_view text, std::string_view pinned_thumbprint) {
  auto read = read_signed(text);
  if (!read) return tl::unexpected(read.error());
  if (auto enough = need_threshold(read->root, read->signatures); !enough)
    return tl::unexpected(enough.error());
  for (const KeyId& kid : signers(read->root, read->signatures)) {
    if (thumbprint(read->root.find(kid)->key) == pinned_thumbprint) return read->root;
  }
  return failure("plan/root: not signed by the key whose thumbprint is pinned",
                 "compare the thumbprint in the configuration with the one on paper");
}

Result<Root> next_root(const Root& current, std::string_view text) {
  auto read = read_signed(text);
  if (!read) return tl::unexpected(read.error());
  const auto order = succession(current.document, read->root.document);
  if (!order) return with_context("plan/root", order.error());
  if (*order == Succession::same) return current;
  if (read->root.document.version != current.document.version + 1)
    return failure(fmt::format("plan/root: version {} does not follow {}",
                               read->root.document.version, current.document.version),
                   "every root is signed by the one before it: give them one by one");
  if (auto old = need_threshold(current, read->signatures); !old)
    return tl::unexpected(old.error());
  if (auto fresh = need_threshold(read->root, read->signatures); !fresh)
    return tl::unexpected(fresh.error());
  return read->root;
}

}  // namespace lokaal
