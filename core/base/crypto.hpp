// Hashes and signatures, by OpenSSL. Pure: no entropy is drawn here (adapters/entropy does).
#pragma once

#include <array>
#include <cstdint>

#include "core/base/bytes.hpp"

namespace lokaal {

using Digest = std::array<std::uint8_t, 32>;

Digest sha256(ByteView bytes);
Digest hmac_sha256(ByteView key, ByteView bytes);

// Ed25519 (RFC 8032). A signature is 64 bytes.
struct Ed25519PublicKey {
  std::array<std::uint8_t, 32> bytes{};

  static Result<Ed25519PublicKey> from(ByteView raw);
  bool verify(ByteView message, ByteView signature) const;
  auto operator<=>(const Ed25519PublicKey&) const = default;
};

// The 32-byte seed; whoever holds the object holds the key.
struct Ed25519PrivateKey {
  std::array<std::uint8_t, 32> seed{};

  static Result<Ed25519PrivateKey> from(ByteView raw);
  Ed25519PublicKey public_key() const;
  Bytes sign(ByteView message) const;
};

// ChaCha20-Poly1305 (RFC 8439): keeps its speed, and leaks nothing by timing, on the small ARM
// processors of access points that have no AES instructions. A (key, nonce) pair seals once, ever.
struct AeadKey {
  std::array<std::uint8_t, 32> bytes{};
};
struct AeadNonce {
  std::array<std::uint8_t, 12> bytes{};
};
inline constexpr std::size_t kAeadTagBytes = 16;

// The ciphertext with its tag behind it: plain.size() + kAeadTagBytes. `associated` is
// authenticated.
Bytes aead_seal(const AeadKey& key, const AeadNonce& nonce, ByteView associated, ByteView plain);
// An error where key, nonce, associated data or ciphertext is not what it was sealed with.
Result<Bytes> aead_open(const AeadKey& key, const AeadNonce& nonce, ByteView associated,
                        ByteView sealed);

}  // namespace lokaal
