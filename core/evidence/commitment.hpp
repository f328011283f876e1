// Salted commitments to values that concern persons (SCHEMAS, "*_c"), and the erasable other half.
//
// A leaf says only "jws_c":"<commitment>"; value and salt lie in the private part of that leaf's
// journal record. Without them nothing can be told from the commitment; with them anybody can check
// it.
#pragma once

#include <array>
#include <boost/json/value.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/bytes.hpp"

namespace lokaal {

// 32 fresh random bytes for every field of every leaf: a salt used twice would show that two
// values are equal.
using Salt = std::array<std::uint8_t, 32>;
Result<Salt> salt_from(ByteView raw);

// base64url(HMAC-SHA256(salt, "lokaal/v1/commit" LF field LF RFC 8785 value)), where `field` is the
// member's name as it stands in the leaf ("jws_c"; in an object below it, its path:
// "cmd.devices_c").
std::string commitment(std::string_view field, const boost::json::value& value, const Salt& salt);

// One committed value, opened.
struct Opening {
  boost::json::value value;
  Salt salt{};
};

// The private part of one leaf: what private/<index>.json holds. Its JSON form:
// {"<field>":{"salt":"<base64url>","value":<any>}, ...}
struct PrivateValues {
  std::map<std::string, Opening, std::less<>> fields;

  bool empty() const { return fields.empty(); }
  // Adds a field and returns its commitment, for the leaf.
  std::string commit(std::string_view field, boost::json::value value, const Salt& salt);
  // Whether what is held for this field is what the leaf committed to; nullopt: it is not held.
  std::optional<bool> matches(std::string_view field, std::string_view commitment_in_leaf) const;

  std::string to_json() const;  // RFC 8785
  static Result<PrivateValues> from_json(std::string_view text);
};

}  // namespace lokaal
