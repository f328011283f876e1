// JSON Web Keys of the one kind that lokaal signs with: OKP, Ed25519 (RFC 7517, RFC 8037).
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "core/base/crypto.hpp"
#include "core/base/ids.hpp"
#include "core/base/result.hpp"

namespace lokaal {

struct PublicJwk {
  KeyId kid;  // empty where the JWK has none
  Ed25519PublicKey key;

  bool operator==(const PublicJwk&) const = default;
};

// Whoever holds the object holds the key.
struct PrivateJwk {
  KeyId kid;
  Ed25519PrivateKey key;
};

// A public key in a plan document: an unknown member, and a private part, are errors.
Result<PublicJwk> public_jwk(const boost::json::value& value);
// A key file. Members that say nothing about the key are left be (RFC 7517 section 4); `x` must
// belong to `d`.
Result<PrivateJwk> private_jwk(std::string_view text);

boost::json::value to_json(const PublicJwk& jwk);
boost::json::value to_json(const PrivateJwk& jwk);

// RFC 7638 with SHA-256, base64url: what is printed on paper and pinned.
std::string thumbprint(const Ed25519PublicKey& key);

}  // namespace lokaal
