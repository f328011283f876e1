// A detached JWS and the topic it came with: nothing that was not signed holds.
#include <cstdlib>

#include "core/command/jws.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lokaal;
  static const auto key = Ed25519PrivateKey::from(sha256(as_bytes("fuzz")))->public_key();
  const std::string_view text = as_text({data, size});
  const std::size_t line = text.find('\n');
  const std::string_view payload = line == std::string_view::npos ? "" : text.substr(line + 1);
  const auto held =
      verify_published(text.substr(0, line), "lokaal/v1/school/rooms/r/state", as_bytes(payload),
                       [](const KeyId&) { return std::optional(key); });
  if (held) std::abort();
  return 0;
}
