#include "core/command/jwk.hpp"

#include <boost/json.hpp>

#include "core/base/json.hpp"
#include "core/command/members.hpp"

namespace lokaal {
namespace {

namespace json = boost::json;

// kty and crv (RFC 8037 section 2), and the members of RFC 7517 that must not contradict a
// signature key where they are given.
void read_common(Members& members, std::string_view operation) {
  if (members.text("kty") != "OKP") members.fault("\"kty\" is not \"OKP\"");
  if (members.text("crv") != "Ed25519") members.fault("\"crv\" is not \"Ed25519\"");
  if (const auto use = members.text_if("use"); use && *use != "sig")
    members.fault("\"use\" is not \"sig\"");
  if (const auto alg = members.text_if("alg"); alg && *alg != "EdDSA" && *alg != "Ed25519")
    members.fault("\"alg\" is neither \"EdDSA\" nor \"Ed25519\"");
  if (const auto operations = members.texts_if("key_ops")) {
    bool served = false;
    for (const auto& one : *operations) served = served || one == operation;
    if (!served) members.fault("\"key_ops\" leaves out what the key is for");
  }
}

Bytes read_octets(Members& members, std::string_view name) {
  auto octets = from_base64url(members.text(name));
  if (!octets || octets->size() != 32) {
    members.fault("\"" + std::string(name) + "\" is not 32 bytes in base64url");
    return Bytes(32);
  }
  return *octets;
}

json::object public_members(const KeyId& kid, const Ed25519PublicKey& key) {
  json::object out{{"kty", "OKP"}, {"crv", "Ed25519"}, {"x", base64url(key.bytes)}};
  if (!kid.empty()) out["kid"] = kid.str();
  out["use"] = "sig";
  return out;
}

}  // namespace

Result<PublicJwk> public_jwk(const json::value& value) {
  if (!value.is_object()) return failure("jwk: not an object");
  if (value.get_object().contains("d"))
    return failure("jwk: a private key", "leave \"d\" out and replace the key: it was shown");
  Members members(value.get_object(), "jwk");
  read_common(members, "verify");
  const std::string kid = members.text_if("kid", 128).value_or("");
  const Bytes x = read_octets(members, "x");
  if (auto done = members.finish(); !done) return tl::unexpected(done.error());
  return PublicJwk{KeyId(kid), *Ed25519PublicKey::from(x)};
}

Result<PrivateJwk> private_jwk(std::string_view text) {
  const auto value = parse_json(text, {.bytes = 16 * 1024, .depth = 4});
  if (!value) return with_context("key file", value.error());
  if (!value->is_object()) return failure("key file: not a JSON object");
  Members members(value->get_object(), "key file");
  read_common(members, "sign");
  const std::string kid = members.text_if("kid", 128).value_or("");
  const Bytes x = read_octets(members, "x");
  const Bytes d = read_octets(members, "d");
  if (auto done = members.finish(true); !done) return tl::unexpected(done.error());
  const auto key = *Ed25519PrivateKey::from(d);
  if (key.public_key() != *Ed25519PublicKey::from(x))
    return failure("key file: \"x\" is not the public part of \"d\"");
  return PrivateJwk{KeyId(kid), key};
}

json::value to_json(const PublicJwk& jwk) {
  return public_members(jwk.kid, jwk.key);
}

json::value to_json(const PrivateJwk& jwk) {
  json::object out = public_members(jwk.kid, jwk.key.public_key());
  out["d"] = base64url(jwk.key.seed);
  return out;
}

std::string thumbprint(const Ed25519PublicKey& key) {
  // RFC 7638 section 3.2 and RFC 8037 section 2: crv, kty and x, in that order.
  const std::string members =
      R"({"crv":"Ed25519","kty":"OKP","x":")" + base64url(key.bytes) + "\"}";
  return base64url(sha256(as_bytes(members)));
}

}  // namespace lokaal
