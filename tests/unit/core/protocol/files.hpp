// The two schools' files as the packages install them, and edits of them.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "core/protocol/protocol.hpp"
#include "tests/unit/core/traffic/catalogue/shipped.hpp"

namespace lokaal {

inline std::string protocol_text(std::string_view id) {
  return read_file(LOKAAL_SOURCE_DIR "/config/protocols/" + std::string(id) + ".toml");
}

inline Result<Protocol> shipped_protocol(std::string_view id) {
  return parse_protocol(protocol_text(id), std::string(id) + ".toml");
}

// The text with its first `from` replaced; a test that edits what is not there is wrong.
inline std::string edited(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  if (at == std::string::npos) throw std::logic_error("nothing to edit: " + std::string(from));
  return text.replace(at, from.size(), to);
}

}  // namespace lokaal
