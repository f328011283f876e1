// JSON Web Signatures by Ed25519 (RFC 7515, RFC 8037, RFC 9864): compact, detached, and in general
// JSON serialisation. What comes in is hostile until its signature holds.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/crypto.hpp"
#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/command/jwk.hpp"

namespace lokaal {

// What a protected header says; a member that was left out is absent.
struct JwsHeader {
  std::optional<std::string> alg;
  std::optional<std::string> typ;
  std::optional<KeyId> kid;
  std::size_t members = 0;  // how many there were in all

  // "EdDSA" (RFC 8037) or its fully specified name "Ed25519" (RFC 9864).
  bool signs_ed25519() const { return alg == "EdDSA" || alg == "Ed25519"; }
};

struct Jws {
  JwsHeader header;
  Bytes payload;
  std::string signing_input;  // ASCII: header "." payload, as signed (RFC 7515 section 5.1)
  Bytes signature;

  bool signed_by(const Ed25519PublicKey& key) const {
    return key.verify(as_bytes(signing_input), signature);
  }
};

// Three parts of strict base64url; a header that is a JSON object without duplicate members and
// without crit, b64, jwk, jku, x5*, zip: what would bend how the rest is read or trusted.
Result<Jws> parse_jws(std::string_view compact);
// The header alone, from its base64url form.
Result<JwsHeader> parse_jws_header(std::string_view encoded);

std::string sign_jws(const PrivateJwk& key, std::string_view typ, ByteView payload,
                     std::string_view alg = "EdDSA");

// --- what nodes publish: the user property `jws` (INTERFACES section 3) ---

inline constexpr std::string_view kNodeJwsType = "lokaal-node+jws";

// "header..signature" over topic LF payload (RFC 7515 appendix F).
std::string sign_published(const PrivateJwk& key, std::string_view topic, ByteView payload);
using KeyLookup = std::function<std::optional<Ed25519PublicKey>(const KeyId&)>;
// The key that signed exactly this payload on exactly this topic.
Result<KeyId> verify_published(std::string_view jws, std::string_view topic, ByteView payload,
                               const KeyLookup& keys);
// A detached one with its middle part put back: compact serialisation, which can be checked without
// the message. `jws` is one that verify_published() took.
std::string attached(std::string_view jws, std::string_view topic, ByteView payload);

// --- general JSON serialisation (RFC 7515 section 7.2.1): plan/root ---

// Every signature as a Jws of its own over the one payload. At most 16; unprotected headers and
// unknown members are errors.
Result<std::vector<Jws>> parse_general_jws(std::string_view text);
std::string sign_general_jws(const std::vector<PrivateJwk>& keys, std::string_view typ,
                             ByteView payload);

}  // namespace lokaal
