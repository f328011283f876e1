// Encrypted messages and encryption keys.
#include <cstdlib>

#include "core/plan/jwe.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lokaal;
  const std::string_view text = as_text({data, size});
  static const DecryptionJwk key = [] {
    DecryptionJwk out;
    out.key.bytes.fill(7);
    return out;
  }();
  (void)open_jwe(text, key);
  if (const auto jwk = decryption_jwk(text))
    if (jwk->key.public_key() == X25519PublicKey{}) std::abort();
  (void)encryption_jwk(text);
  return 0;
}
