// JSON Web Encryption to one key (RFC 7516, RFC 7518 section 4.6, RFC 8037): compact, ECDH-ES in
// direct key agreement on X25519, A256GCM. Other algorithms are refused.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "core/base/ids.hpp"
#include "core/base/key_agreement.hpp"
#include "core/base/result.hpp"

namespace lokaal {

struct EncryptionJwk {
  KeyId kid;  // empty where the JWK has none
  X25519PublicKey key;

  bool operator==(const EncryptionJwk&) const = default;
};

// Whoever holds the object holds the key.
struct DecryptionJwk {
  KeyId kid;
  X25519PrivateKey key;
};

// OKP, X25519 (RFC 8037 section 2). A private part in the public form is an error; in a key file
// `x` must belong to `d`.
Result<EncryptionJwk> encryption_jwk(std::string_view text);
Result<DecryptionJwk> decryption_jwk(std::string_view text);
boost::json::value to_json(const EncryptionJwk& jwk);
boost::json::value to_json(const DecryptionJwk& jwk);

// What was encrypted to that key. Nothing says who encrypted it: what is inside must be signed. The
// header has alg, enc, epk, and may have kid (which must be the key's), apu and apv; `zip` and
// `crit` are refused.
Result<Bytes> open_jwe(std::string_view compact, const DecryptionJwk& key);

// `ephemeral` and `nonce` are of this message alone, and of nobody's guessing.
Result<std::string> make_jwe(const EncryptionJwk& to, ByteView plain,
                             const X25519PrivateKey& ephemeral, const GcmNonce& nonce);

}  // namespace lokaal
