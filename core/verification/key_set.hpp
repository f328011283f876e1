// keys.jwks beside a log: the public keys that signed what the log records (SCHEMAS, "Public
// keys"). A JWK set (RFC 7517); machines, roles and terms, no names.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.hpp"
#include "core/command/roster.hpp"

namespace lokaal {

struct ListedKey {
  KeyId kid;
  Ed25519PublicKey key;
  std::string role;              // of the roster ("teacher", "agent"); empty: not said
  std::optional<NodeId> node;    // whose it is, where that is a machine
  std::optional<WallTime> from;  // in force; absent: since always
  std::optional<WallTime> until;

  bool in_force(WallTime at) const { return (!from || *from <= at) && (!until || at < *until); }
  bool operator==(const ListedKey&) const = default;
};

struct KeySet {
  std::vector<ListedKey> keys;

  // All that the roster knows, and the node's own key where the roster does not have it.
  static KeySet of(const Roster& roster, const NodeId& node, const PublicJwk& own);
  // Keys of other kinds are left be (RFC 7517 section 5). At most 4 MiB.
  static Result<KeySet> parse(std::string_view text);
  std::string to_text() const;

  // Keeps what an earlier set had: old entries were signed by old keys.
  void add_missing(const KeySet& earlier);
  // The keys of that name; more than one where a kid was used again.
  std::vector<const ListedKey*> named(const KeyId& kid) const;

  bool operator==(const KeySet&) const = default;
};

}  // namespace lokaal
