// Bytes and the text forms that JOSE and the evidence log use.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace lokaal {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};  // NOLINT
}
inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};  // NOLINT
}

// base64url without padding (RFC 4648 section 5, RFC 7515 section 2).
std::string base64url(ByteView bytes);
// Strict: padding, white space, foreign characters and non-zero trailing bits are errors.
Result<Bytes> from_base64url(std::string_view text);
// base64 with padding (RFC 4648 section 4): checkpoints and signed notes.
std::string base64(ByteView bytes);
// Strict: missing padding, white space, foreign characters and non-zero trailing bits are errors.
Result<Bytes> from_base64(std::string_view text);
std::string hex(ByteView bytes);

}  // namespace lokaal
