#include "core/evidence/commitment.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "core/base/crypto.hpp"
#include "core/base/json.hpp"

namespace lokaal {

namespace json = boost::json;

Result<Salt> salt_from(ByteView raw) {
  Salt salt{};
  if (raw.size() != salt.size()) return failure("a salt has 32 bytes");
  std::copy(raw.begin(), raw.end(), salt.begin());
  return salt;
}

std::string commitment(std::string_view field, const json::value& value, const Salt& salt) {
  std::string message = "lokaal/v1/commit\n";
  message.append(field).append("\n").append(canonical_json(value));
  return base64url(hmac_sha256(salt, as_bytes(message)));
}

std::string PrivateValues::commit(std::string_view field, json::value value, const Salt& salt) {
  std::string made = commitment(field, value, salt);
  fields.insert_or_assign(std::string(field), Opening{std::move(value), salt});
  return made;
}

std::optional<bool> PrivateValues::matches(std::string_view field,
                                           std::string_view commitment_in_leaf) const {
  const auto found = fields.find(field);
  if (found == fields.end()) return std::nullopt;
  return commitment(field, found->second.value, found->second.salt) == commitment_in_leaf;
}

std::string PrivateValues::to_json() const {
  json::object all;
  for (const auto& [field, opening] : fields) {
    all[field] = json::object{{"salt", base64url(opening.salt)}, {"value", opening.value}};
  }
  return canonical_json(all);
}

Result<PrivateValues> PrivateValues::from_json(std::string_view text) {
  auto parsed = parse_json(text, {.bytes = 64UL * 1024, .depth = 24});
  if (!parsed) return with_context("private values", parsed.error());
  if (!parsed->is_object() || !only_safe_integers(*parsed))
    return failure("private values are a JSON object without fractions");
  PrivateValues values;
  for (const auto& member : parsed->get_object()) {
    const std::string field(member.key());
    const json::object* held = member.value().if_object();
    if (held == nullptr || held->size() != 2 || !held->contains("value") ||
        !held->contains("salt") || !held->at("salt").is_string())
      return failure("private value \"" + field + "\" is not {salt,value}");
    const auto raw = from_base64url(held->at("salt").get_string());
    if (!raw) return with_context("the salt of \"" + field + "\"", raw.error());
    const auto salt = salt_from(*raw);
    if (!salt) return with_context("\"" + field + "\"", salt.error());
    values.fields.insert_or_assign(field, Opening{held->at("value"), *salt});
  }
  return values;
}

}  // namespace lokaal
