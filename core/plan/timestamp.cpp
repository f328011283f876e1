#include "core/plan/timestamp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

namespace lokaal {
namespace {

namespace json = boost::json;

constexpr std::string_view kName = "timestamp";
constexpr std::chrono::seconds kClockSkew{30};  // as for commands
constexpr std::array<std::string_view, 4> kVouchedFor = {"root", "roster", "policy", "timetable"};

std::optional<Digest> digest_from(std::string_view text) {
  Digest out{};
  if (text.size() != 2 * out.size()) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool digit = c >= '0' && c <= '9';
    if (!digit && (c < 'a' || c > 'f')) return std::nullopt;
    const int value = digit ? c - '0' : c - 'a' + 10;
    out[i / 2] = static_cast<std::uint8_t>(out[i / 2] << 4 | value);
  }
  return out;
}

Result<DocumentVersion> read_version(const json::value& value) {
  if (!value.is_object()) return failure("not an object");
  Members members(value.get_object(), "its entry");
  DocumentVersion out;
  const std::int64_t version = members.integer("version");
  if (version < 1) members.fault("\"version\" is not 1 or more");
  out.version = static_cast<std::uint64_t>(std::max<std::int64_t>(version, 1));
  const auto digest = digest_from(members.text("sha256"));
  if (!digest) members.fault("\"sha256\" is not 64 hex digits");
  out.sha256 = digest.value_or(Digest{});
  if (auto done = members.finish(); !done) return tl::unexpected(done.error());
  return out;
}

void read_docs(Members& members, const json::object& docs, Timestamp& timestamp) {
  for (const auto& member : docs) {
    const std::string name(member.key());
    const bool known = std::find(kVouchedFor.begin(), kVouchedFor.end(), name) != kVouchedFor.end();
    const auto version = read_version(member.value());
    if (!known || !version) {
      members.fault(fmt::format("\"docs\": {}: {}", quoted(name),
                                known ? version.error().message : "no document of that name"));
      return;
    }
    timestamp.docs[name] = *version;
  }
}

}  // namespace

WallTime Timestamp::stale_from() const {
  const WallTime day = document.issued + kTimestampLife;
  return document.expires ? std::min(day, *document.expires) : day;
}

Result<Timestamp> parse_timestamp(std::string_view payload) {
  const auto object = plan_object(payload, kName);
  if (!object) return tl::unexpected(object.error());
  Members members(*object, plan_place(kName));
  Timestamp timestamp;
  timestamp.document = read_plan_document(members, kName);
  if (const json::object* docs = members.object("docs")) read_docs(members, *docs, timestamp);
  if (auto done = members.finish(); !done) return tl::unexpected(done.error());
  return timestamp;
}

Result<Timestamp> verify_timestamp(std::string_view jws, const PlanSigners& signers) {
  const auto signature = open_signed_plan(jws, kName, {Role::panel}, signers);
  if (!signature) return tl::unexpected(signature.error());
  auto timestamp = parse_timestamp(signature->payload);
  if (!timestamp) return timestamp;
  if (auto bound = bind_to(timestamp->document, kName, *signature, signers.roster); !bound)
    return tl::unexpected(bound.error());
  if (signers.now && timestamp->document.issued > *signers.now + kClockSkew)
    return failure("plan/timestamp: issued more than 30 seconds ahead",
                   "set the clock of the panel, or of this node");
  timestamp->signer = signature->kid;
  return timestamp;
}

}  // namespace lokaal
