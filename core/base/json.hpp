// JSON from outsiders, and JSON whose bytes are signed or hashed.
#pragma once

#include <boost/json/fwd.hpp>
#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace lokaal {

struct JsonLimits {
  std::size_t bytes = 64 * 1024;
  std::size_t depth = 16;
};

// Strict RFC 8259: duplicate members, invalid UTF-8, trailing bytes, and anything over the limits
// are errors (Boost.JSON by itself keeps the last of two equal members without a word).
Result<boost::json::value> parse_json(std::string_view text, JsonLimits limits = {});

// RFC 8785 (JCS): members sorted by UTF-16 code units, no white space, shortest strings. Numbers
// must be integers within ±(2^53 - 1); everything that lokaal writes is (SCHEMAS). A double throws
// std::logic_error: it would be a bug in what was built.
std::string canonical_json(const boost::json::value& value);

// Whether canonical_json() takes it: no number but integers within ±(2^53 - 1), at any depth.
bool only_safe_integers(const boost::json::value& value);

}  // namespace lokaal
