#include "core/plan/jwe.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <optional>
#include <vector>

#include "core/base/json.hpp"
#include "core/command/members.hpp"

namespace lokaal {
namespace {

namespace json = boost::json;

constexpr std::string_view kAgreement = "ECDH-ES";
constexpr std::string_view kEncryption = "A256GCM";
constexpr std::size_t kHeaderLimit = 4096;

// --- keys ---

void read_curve(Members& members) {
  if (members.text("kty") != "OKP") members.fault("\"kty\" is not \"OKP\"");
  if (members.text("crv") != "X25519") members.fault("\"crv\" is not \"X25519\"");
}

// Of RFC 7517: they must not contradict a key for ECDH-ES where they are given.
void read_purpose(Members& members) {
  if (const auto use = members.text_if("use"); use && *use != "enc")
    members.fault("\"use\" is not \"enc\"");
  if (const auto alg = members.text_if("alg"); alg && *alg != kAgreement)
    members.fault("\"alg\" is not \"ECDH-ES\"");
}

Bytes read_octets(Members& members, std::string_view name) {
  auto octets = from_base64url(members.text(name));
  if (octets && octets->size() == 32) return std::move(*octets);
  members.fault("\"" + std::string(name) + "\" is not 32 bytes in base64url");
  return Bytes(32);
}

Result<json::object> key_object(std::string_view text) {
  auto value = parse_json(text, {.bytes = 16 * 1024, .depth = 4});
  if (!value) return with_context("encryption key", value.error());
  if (!value->is_object()) return failure("encryption key: not a JSON object");
  return std::move(value->get_object());
}

json::object public_members(const KeyId& kid, const X25519PublicKey& key) {
  json::object out{{"kty", "OKP"}, {"crv", "X25519"}, {"x", base64url(key.bytes)}};
  if (!kid.empty()) out["kid"] = kid.str();
  out["use"] = "enc";
  return out;
}

// --- messages ---

struct Header {
  X25519PublicKey ephemeral;
  std::optional<KeyId> kid;
  Bytes apu;
  Bytes apv;
};

X25519PublicKey read_ephemeral(Members& members) {
  const json::object* object = members.object("epk");
  if (object == nullptr) return {};
  Members epk(*object, "epk");
  read_curve(epk);
  const Bytes x = read_octets(epk, "x");
  if (auto done = epk.finish(true); !done) members.fault(done.error().message);
  return *X25519PublicKey::from(x);
}

Bytes read_party(Members& members, std::string_view name) {
  const auto text = members.text_if(name, 1024);
  if (!text) return {};
  auto bytes = from_base64url(*text);
  if (!bytes) members.fault("\"" + std::string(name) + "\" is not base64url");
  return bytes.value_or(Bytes());
}

Result<Header> read_header(std::string_view encoded) {
  if (encoded.size() > kHeaderLimit) return failure("header: over 4096 characters");
  const auto bytes = from_base64url(encoded);
  if (!bytes) return with_context("header", bytes.error());
  const auto value = parse_json(as_text(*bytes), {.bytes = kHeaderLimit, .depth = 4});
  if (!value) return with_context("header", value.error());
  if (!value->is_object()) return failure("header: not a JSON object");
  Members members(value->get_object(), "header");
  Header header;
  if (members.text("alg") != kAgreement) members.fault("\"alg\" is not \"ECDH-ES\"");
  if (members.text("enc") != kEncryption) members.fault("\"enc\" is not \"A256GCM\"");
  header.ephemeral = read_ephemeral(members);
  if (const auto kid = members.text_if("kid", 128)) header.kid = KeyId(*kid);
  header.apu = read_party(members, "apu");
  header.apv = read_party(members, "apv");
  // What would bend how the rest is read; of others RFC 7516 section 4 says to take no notice.
  for (const std::string_view forbidden : {"crit", "zip"})
    if (members.has(forbidden)) members.fault(quoted(forbidden) + " is forbidden");
  if (auto done = members.finish(true); !done) return tl::unexpected(done.error());
  return header;
}

void append_counted(Bytes& out, ByteView bytes) {
  const auto size = static_cast<std::uint32_t>(bytes.size());
  for (const int shift : {24, 16, 8, 0}) out.push_back(static_cast<std::uint8_t>(size >> shift));
  out.insert(out.end(), bytes.begin(), bytes.end());
}

// RFC 7518 section 4.6.2: AlgorithmID, PartyUInfo, PartyVInfo, and SuppPubInfo, the 256 bits that
// are wanted.
Aes256Key content_key(ByteView secret, ByteView apu, ByteView apv) {
  Bytes info;
  append_counted(info, as_bytes(kEncryption));
  append_counted(info, apu);
  append_counted(info, apv);
  info.insert(info.end(), {0, 0, 1, 0});
  return concat_kdf(secret, info);
}

// Empty where there are not five.
std::vector<std::string_view> five_parts(std::string_view compact) {
  std::vector<std::string_view> parts;
  for (std::size_t dot = compact.find('.'); dot != std::string_view::npos && parts.size() < 5;
       dot = compact.find('.')) {
    parts.push_back(compact.substr(0, dot));
    compact.remove_prefix(dot + 1);
  }
  parts.push_back(compact);
  return parts.size() == 5 ? parts : std::vector<std::string_view>();
}

template <std::size_t N>
Result<std::array<std::uint8_t, N>> octets(std::string_view part, std::string_view what) {
  const auto bytes = from_base64url(part);
  if (!bytes) return with_context(what, bytes.error());
  std::array<std::uint8_t, N> out{};
  if (bytes->size() != N) return failure(std::string(what) + ": wrong length");
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return out;
}

}  // namespace

Result<EncryptionJwk> encryption_jwk(std::string_view text) {
  const auto object = key_object(text);
  if (!object) return tl::unexpected(object.error());
  if (object->contains("d"))
    return failure("encryption key: a private key", "leave \"d\" out: only the node has it");
  Members members(*object, "encryption key");
  read_curve(members);
  read_purpose(members);
  const std::string kid = members.text_if("kid", 128).value_or("");
  const Bytes x = read_octets(members, "x");
  if (auto done = members.finish(true); !done) return tl::unexpected(done.error());
  return EncryptionJwk{KeyId(kid), *X25519PublicKey::from(x)};
}

Result<DecryptionJwk> decryption_jwk(std::string_view text) {
  const auto object = key_object(text);
  if (!object) return tl::unexpected(object.error());
  Members members(*object, "encryption key");
  read_curve(members);
  read_purpose(members);
  const std::string kid = members.text_if("kid", 128).value_or("");
  const Bytes x = read_octets(members, "x");
  const Bytes d = read_octets(members, "d");
  if (auto done = members.finish(true); !done) return tl::unexpected(done.error());
  const auto key = *X25519PrivateKey::from(d);
  if (key.public_key() != *X25519PublicKey::from(x))
    return failure("encryption key: \"x\" is not the public part of \"d\"");
  return DecryptionJwk{KeyId(kid), key};
}

json::value to_json(const EncryptionJwk& jwk) {
  return public_members(jwk.kid, jwk.key);
}

json::value to_json(const DecryptionJwk& jwk) {
  json::object out = public_members(jwk.kid, jwk.key.public_key());
  out["d"] = base64url(jwk.key.bytes);
  return out;
}

Result<Bytes> open_jwe(std::string_view compact, const DecryptionJwk& key) {
  const auto parts = five_parts(compact);
  if (parts.empty())
    return failure("not five parts with dots between: no JWE in compact serialisation");
  const auto header = read_header(parts[0]);
  if (!header) return tl::unexpected(header.error());
  if (header->kid && !key.kid.empty() && *header->kid != key.kid)
    return failure("encrypted to " + quoted(header->kid->str()) + ", not to this node's key");
  if (!parts[1].empty()) return failure("an encrypted key, where ECDH-ES has none");
  const auto nonce = octets<12>(parts[2], "initialisation vector");
  if (!nonce) return tl::unexpected(nonce.error());
  auto ciphertext = from_base64url(parts[3]);
  if (!ciphertext) return with_context("ciphertext", ciphertext.error());
  const auto tag = octets<kGcmTagBytes>(parts[4], "authentication tag");
  if (!tag) return tl::unexpected(tag.error());
  const auto secret = key.key.agree(header->ephemeral);
  if (!secret) return tl::unexpected(secret.error());
  return gcm_open(content_key(*secret, header->apu, header->apv), *nonce, as_bytes(parts[0]),
                  {std::move(*ciphertext), *tag});
}

Result<std::string> make_jwe(const EncryptionJwk& to, ByteView plain,
                             const X25519PrivateKey& ephemeral, const GcmNonce& nonce) {
  const auto secret = ephemeral.agree(to.key);
  if (!secret) return tl::unexpected(secret.error());
  json::object header{
      {"alg", kAgreement},
      {"enc", kEncryption},
      {"epk", {{"kty", "OKP"}, {"crv", "X25519"}, {"x", base64url(ephemeral.public_key().bytes)}}}};
  if (!to.kid.empty()) header["kid"] = to.kid.str();
  const std::string encoded = base64url(as_bytes(json::serialize(header)));
  const GcmSealed sealed = gcm_seal(content_key(*secret, {}, {}), nonce, as_bytes(encoded), plain);
  return encoded + ".." + base64url(nonce) + '.' + base64url(sealed.ciphertext) + '.' +
         base64url(sealed.tag);
}

}  // namespace lokaal
