#include "core/command/jws.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "core/base/json.hpp"
#include "core/command/members.hpp"

namespace lokaal {
namespace {

namespace json = boost::json;

constexpr std::size_t kHeaderLimit = 4096;
constexpr std::size_t kSignatureLimit = 16;
constexpr JsonLimits kGeneralLimits{.bytes = 256 * 1024, .depth = 4};

bool forbidden(std::string_view member) {
  constexpr std::array<std::string_view, 5> names = {"crit", "b64", "jwk", "jku", "zip"};
  return std::find(names.begin(), names.end(), member) != names.end() ||
         member.substr(0, 2) == "x5";
}

std::optional<std::string> header_text(Members& members, std::string_view name) {
  return members.text_if(name, 128);
}

std::string encode_header(const PrivateJwk& key, std::string_view typ, std::string_view alg) {
  const json::object header{{"alg", alg}, {"kid", key.kid.str()}, {"typ", typ}};
  return base64url(as_bytes(json::serialize(header)));
}

Result<Bytes> decode(std::string_view part, std::string_view what) {
  auto bytes = from_base64url(part);
  if (!bytes) return with_context(what, bytes.error());
  return bytes;
}

std::string published_payload(std::string_view topic, ByteView payload) {
  std::string out(topic);
  out += '\n';
  out += as_text(payload);
  return base64url(as_bytes(out));
}

}  // namespace

Result<JwsHeader> parse_jws_header(std::string_view encoded) {
  if (encoded.empty() || encoded.size() > kHeaderLimit)
    return failure("header: empty or over 4096 characters");
  const auto bytes = decode(encoded, "header");
  if (!bytes) return tl::unexpected(bytes.error());
  const auto value = parse_json(as_text(*bytes), {.bytes = kHeaderLimit, .depth = 4});
  if (!value) return with_context("header", value.error());
  if (!value->is_object()) return failure("header: not a JSON object");
  const json::object& object = value->get_object();
  for (const auto& member : object) {
    if (forbidden(member.key()))
      return failure(fmt::format("header: {} is forbidden", quoted(member.key())));
  }
  Members members(object, "header");
  JwsHeader header;
  header.alg = header_text(members, "alg");
  header.typ = header_text(members, "typ");
  if (const auto kid = header_text(members, "kid")) header.kid = KeyId(*kid);
  header.members = object.size();
  if (auto done = members.finish(true); !done) return tl::unexpected(done.error());
  return header;
}

Result<Jws> parse_jws(std::string_view compact) {
  const std::size_t first = compact.find('.');
  const std::size_t second = first == std::string_view::npos ? first : compact.find('.', first + 1);
  if (second == std::string_view::npos || compact.find('.', second + 1) != std::string_view::npos)
    return failure("not three parts with a dot between: no JWS in compact serialisation");
  auto header = parse_jws_header(compact.substr(0, first));
  if (!header) return tl::unexpected(header.error());
  auto payload = decode(compact.substr(first + 1, second - first - 1), "payload");
  if (!payload) return tl::unexpected(payload.error());
  auto signature = decode(compact.substr(second + 1), "signature");
  if (!signature) return tl::unexpected(signature.error());
  return Jws{std::move(*header), std::move(*payload), std::string(compact.substr(0, second)),
             std::move(*signature)};
}

std::string sign_jws(const PrivateJwk& key, std::string_view typ, ByteView payload,
                     std::string_view alg) {
  const std::string input = encode_header(key, typ, alg) + '.' + base64url(payload);
  return input + '.' + base64url(key.key.sign(as_bytes(input)));
}

std::string sign_published(const PrivateJwk& key, std::string_view topic, ByteView payload) {
  const std::string header = encode_header(key, kNodeJwsType, "EdDSA");
  const std::string input = header + '.' + published_payload(topic, payload);
  return header + ".." + base64url(key.key.sign(as_bytes(input)));
}

std::string attached(std::string_view jws, std::string_view topic, ByteView payload) {
  const std::size_t gap = jws.find("..");
  return std::string(jws.substr(0, gap)) + '.' + published_payload(topic, payload) + '.' +
         std::string(jws.substr(gap + 2));
}

Result<KeyId> verify_published(std::string_view jws, std::string_view topic, ByteView payload,
                               const KeyLookup& keys) {
  const std::size_t gap = jws.find("..");
  if (gap == std::string_view::npos) return failure("no detached JWS");
  const auto header = parse_jws_header(jws.substr(0, gap));
  if (!header) return tl::unexpected(header.error());
  if (header->members != 3 || !header->signs_ed25519() || !header->kid ||
      header->typ != kNodeJwsType)
    return failure("header: not exactly alg, kid and typ \"lokaal-node+jws\"");
  const auto signature = decode(jws.substr(gap + 2), "signature");
  if (!signature) return tl::unexpected(signature.error());
  const auto key = keys(*header->kid);
  if (!key) return failure("no key " + quoted(header->kid->str()) + " may speak here");
  const std::string input =
      std::string(jws.substr(0, gap)) + '.' + published_payload(topic, payload);
  if (!key->verify(as_bytes(input), *signature))
    return failure("the signature is not of this payload on this topic");
  return *header->kid;
}

Result<std::vector<Jws>> parse_general_jws(std::string_view text) {
  const auto value = parse_json(text, kGeneralLimits);
  if (!value) return tl::unexpected(value.error());
  if (!value->is_object()) return failure("not a JSON object");
  Members members(value->get_object(), "JWS");
  const std::string encoded = members.text("payload", kGeneralLimits.bytes);
  const json::array* signatures = members.array("signatures");
  if (auto done = members.finish(); !done) return tl::unexpected(done.error());
  auto payload = decode(encoded, "payload");
  if (!payload) return tl::unexpected(payload.error());
  if (signatures->empty() || signatures->size() > kSignatureLimit)
    return failure("JWS: between 1 and 16 signatures are wanted");
  std::vector<Jws> out;
  for (const json::value& one : *signatures) {
    if (!one.is_object()) return failure("signatures: not a list of objects");
    Members parts(one.get_object(), "signatures");
    const std::string header = parts.text("protected", kHeaderLimit);
    const std::string signature = parts.text("signature");
    if (auto done = parts.finish(); !done) return tl::unexpected(done.error());
    auto parsed = parse_jws(header + '.' + encoded + '.' + signature);
    if (!parsed) return tl::unexpected(parsed.error());
    out.push_back(std::move(*parsed));
  }
  return out;
}

std::string sign_general_jws(const std::vector<PrivateJwk>& keys, std::string_view typ,
                             ByteView payload) {
  const std::string encoded = base64url(payload);
  json::array signatures;
  for (const PrivateJwk& key : keys) {
    const std::string header = encode_header(key, typ, "EdDSA");
    const std::string input = header + '.' + encoded;
    signatures.push_back(json::object{{"protected", header},
                                      {"signature", base64url(key.key.sign(as_bytes(input)))}});
  }
  return json::serialize(json::object{{"payload", encoded}, {"signatures", signatures}});
}

}  // namespace lokaal
