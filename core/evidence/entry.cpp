#include "core/evidence/entry.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "core/base/json.hpp"
#include "core/evidence/entry_json.hpp"

namespace lokaal {
namespace {

namespace json = boost::json;

// The common members of SCHEMAS but `v` and `type`.
template <class S, class V>
void common_members(S& s, V& v) {
  v("at", s.at), v("boot", s.boot), v("mono_ns", s.mono_ns), v("room", s.room), v("gen", s.gen);
}

// Reads the body as alternative I of EntryBody if `type` is its name, else tries the next.
template <std::size_t I = 0>
Result<EntryBody> read_body(std::string_view type, const json::object& object) {
  if constexpr (I == std::variant_size_v<EntryBody>) {
    return failure("an entry of unknown type \"" + std::string(type.substr(0, 40)) + "\"",
                   "read it with a lokaal that is as new as the one that wrote it");
  } else {
    using Body = std::variant_alternative_t<I, EntryBody>;
    if (type != Body::kType) return read_body<I + 1>(type, object);
    Body body;
    entry_json::Reader reader{object, {}};
    Body::members(body, reader);
    if (!reader.fault.empty()) return failure(std::string(type) + " entry, " + reader.fault);
    return EntryBody(std::move(body));
  }
}

}  // namespace

std::string_view type_of(const EntryBody& body) {
  return std::visit([](const auto& which) { return which.kType; }, body);
}

boost::json::object fields_of(const EntryBody& body) {
  json::object out;
  entry_json::Writer writer{out};
  std::visit(
      [&](const auto& which) { std::remove_cvref_t<decltype(which)>::members(which, writer); },
      body);
  return out;
}

Result<std::string> LogEntry::to_bytes() const {
  json::object out = fields_of(body);
  entry_json::Writer writer{out};
  writer("v", kEntryVersion);
  out["type"] = type();
  common_members(*this, writer);
  std::string bytes = canonical_json(out);
  if (bytes.size() > kMaxEntryBytes)
    return failure("a " + std::string(type()) + " entry of " + std::to_string(bytes.size()) +
                   " bytes: at most 65535 fit a log");
  return bytes;
}

Result<LogEntry> LogEntry::parse(std::string_view bytes) {
  const auto value = parse_json(bytes, {.bytes = kMaxEntryBytes, .depth = 24});
  if (!value) return with_context("an entry", value.error());
  if (!value->is_object()) return failure("an entry is a JSON object");
  if (!only_safe_integers(*value) || canonical_json(*value) != bytes)
    return failure("an entry that is not in canonical form (RFC 8785)");
  const json::object& object = value->get_object();
  entry_json::Reader reader{object, {}};
  std::int64_t version = 0;
  std::string type;
  reader("v", version), reader("type", type);
  LogEntry entry;
  common_members(entry, reader);
  if (!reader.fault.empty()) return failure("an entry, " + reader.fault);
  if (version != kEntryVersion)
    return failure("an entry of version " + std::to_string(version),
                   "read it with a lokaal that is as new as the one that wrote it");
  auto body = read_body(type, object);
  if (!body) return tl::unexpected(body.error());
  entry.body = std::move(*body);
  return entry;
}

}  // namespace lokaal
