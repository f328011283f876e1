// X25519, the Concat KDF and AES-256-GCM, by OpenSSL: what an encrypted message to one node needs
// (core/plan/jwe.hpp). Pure: keys and nonces are handed in.
#pragma once

#include <array>
#include <cstdint>

#include "core/base/bytes.hpp"

namespace lokaal {

// X25519 (RFC 7748). A public key is 32 bytes, any of which mean something.
struct X25519PublicKey {
  std::array<std::uint8_t, 32> bytes{};

  static Result<X25519PublicKey> from(ByteView raw);
  auto operator<=>(const X25519PublicKey&) const = default;
};

// Whoever holds the object holds the key.
struct X25519PrivateKey {
  std::array<std::uint8_t, 32> bytes{};

  static Result<X25519PrivateKey> from(ByteView raw);
  X25519PublicKey public_key() const;
  // The shared secret, 32 bytes. An error where the other key is one of the few that would make it
  // known to everybody (RFC 7748 section 6.1).
  Result<Bytes> agree(const X25519PublicKey& other) const;
};

// 32 bytes by the single-step KDF with SHA-256 (NIST SP 800-56C section 4.1; RFC 7518 section 4.6.2
// calls it Concat KDF); `info` is FixedInfo.
using Aes256Key = std::array<std::uint8_t, 32>;
Aes256Key concat_kdf(ByteView secret, ByteView info);

using GcmNonce = std::array<std::uint8_t, 12>;
inline constexpr std::size_t kGcmTagBytes = 16;
struct GcmSealed {
  Bytes ciphertext;
  std::array<std::uint8_t, kGcmTagBytes> tag{};
};
// A (key, nonce) pair seals once, ever. `associated` is authenticated with it.
GcmSealed gcm_seal(const Aes256Key& key, const GcmNonce& nonce, ByteView associated,
                   ByteView plain);
Result<Bytes> gcm_open(const Aes256Key& key, const GcmNonce& nonce, ByteView associated,
                       const GcmSealed& sealed);

}  // namespace lokaal
