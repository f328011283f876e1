#include "core/command/envelope.hpp"

#include <boost/json.hpp>

#include "core/base/json.hpp"
#include "core/command/members.hpp"

namespace lokaal {
namespace {

namespace json = boost::json;

constexpr JsonLimits kLimits{.bytes = kCommandLimit, .depth = 8};
// 9999-12-31T23:59:59Z: the last second that RFC 3339 can write.
constexpr std::int64_t kLastSecond = 253402300799;

WallTime read_date(Members& members, std::string_view name) {
  const std::int64_t seconds = members.integer(name);
  if (seconds >= 0 && seconds <= kLastSecond) return from_unix_seconds(seconds);
  members.fault("\"" + std::string(name) + "\" is beyond the years 1970 to 9999");
  return {};
}

std::optional<std::string> read_actor(Members& members) {
  if (!members.has("act")) return std::nullopt;
  const json::object* act = members.object("act");
  if (act == nullptr) return std::nullopt;
  Members inner(*act, "act");
  std::string actor = inner.text("sub", 128);
  if (auto done = inner.finish(true); !done) members.fault(done.error().message);
  return actor;
}

Result<Envelope> read_claims(const json::object& claims) {
  Members members(claims, "claims");
  Envelope out;
  const std::string jti = members.text("jti");
  if (members.ok() && !is_uuid(jti)) members.fault("\"jti\" is not a UUID");
  out.jti = CommandId(jti);
  out.iat = read_date(members, "iat");
  if (members.has("nbf")) out.nbf = read_date(members, "nbf");
  out.exp = read_date(members, "exp");
  if (members.ok() && out.exp <= out.iat) members.fault("\"exp\" is not after \"iat\"");
  out.subject = PersonId(members.text("sub", 128));
  out.actor = read_actor(members);
  out.audience = members.text("aud");
  // Claims that nobody here asked for are left be (RFC 7519 section 4).
  if (auto done = members.finish(true); !done) return tl::unexpected(done.error());
  return out;
}

}  // namespace

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (dash ? c != '-' : !digit) return false;
  }
  return true;
}

Result<SignedCommand> parse_signed_command(std::string_view payload) {
  if (payload.size() > kCommandLimit) return failure("over 16 KiB");
  auto jws = parse_jws(payload);
  if (!jws) return tl::unexpected(jws.error());
  const auto value = parse_json(as_text(jws->payload), kLimits);
  if (!value) return with_context("claims", value.error());
  if (!value->is_object()) return failure("claims: not a JSON object");
  const json::object& claims = value->get_object();
  auto envelope = read_claims(claims);
  if (!envelope) return tl::unexpected(envelope.error());
  const json::value* cmd = claims.if_contains("cmd");
  if (cmd == nullptr) return failure("claims: \"cmd\" is missing");
  auto command = parse_command(*cmd);
  if (!command) return tl::unexpected(command.error());
  if (jws->header.kid) envelope->kid = *jws->header.kid;
  envelope->content = sha256(as_bytes(jws->signing_input));
  return SignedCommand{std::move(*jws), std::move(*envelope), std::move(*command)};
}

ReadableIds readable_ids(std::string_view payload) {
  ReadableIds out;
  if (payload.size() > kCommandLimit) return out;
  const std::size_t first = payload.find('.');
  if (first == std::string_view::npos) return out;
  if (const auto header = parse_jws_header(payload.substr(0, first))) out.kid = header->kid;
  const std::size_t second = payload.find('.', first + 1);
  if (second == std::string_view::npos) return out;
  const auto claims = from_base64url(payload.substr(first + 1, second - first - 1));
  if (!claims) return out;
  const auto value = parse_json(as_text(*claims), kLimits);
  if (!value || !value->is_object()) return out;
  const json::value* jti = value->get_object().if_contains("jti");
  if (jti != nullptr && jti->is_string() && is_uuid(jti->get_string()))
    out.jti = CommandId(std::string(jti->get_string()));
  return out;
}

}  // namespace lokaal
