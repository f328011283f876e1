#include "core/base/crypto.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace lokaal {
namespace {

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

// OpenSSL refuses these calls only when out of memory or built without the algorithm.
void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("OpenSSL: ") + what);
}

Key private_key(const std::array<std::uint8_t, 32>& seed) {
  Key key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
  require(key != nullptr, "an Ed25519 private key");
  return key;
}

}  // namespace

Digest sha256(ByteView bytes) {
  Digest digest{};
  require(
      EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) == 1,
      "SHA-256");
  return digest;
}

Digest hmac_sha256(ByteView key, ByteView bytes) {
  Digest digest{};
  unsigned length = 0;
  require(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes.data(), bytes.size(),
               digest.data(), &length) != nullptr,
          "HMAC-SHA256");
  return digest;
}

Result<Ed25519PublicKey> Ed25519PublicKey::from(ByteView raw) {
  Ed25519PublicKey key;
  if (raw.size() != key.bytes.size()) return failure("an Ed25519 public key has 32 bytes");
  std::copy(raw.begin(), raw.end(), key.bytes.begin());
  return key;
}

bool Ed25519PublicKey::verify(ByteView message, ByteView signature) const {
  if (signature.size() != 64) return false;
  const Key key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes.data(), bytes.size()));
  if (!key) return false;
  const Context context(EVP_MD_CTX_new());
  require(context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1,
          "Ed25519 verification");
  return EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),
                          message.size()) == 1;
}

Result<Ed25519PrivateKey> Ed25519PrivateKey::from(ByteView raw) {
  Ed25519PrivateKey key;
  if (raw.size() != key.seed.size()) return failure("an Ed25519 private key has 32 bytes");
  std::copy(raw.begin(), raw.end(), key.seed.begin());
  return key;
}

Ed25519PublicKey Ed25519PrivateKey::public_key() const {
  const Key key = private_key(seed);
  Ed25519PublicKey out;
  std::size_t size = out.bytes.size();
  require(EVP_PKEY_get_raw_public_key(key.get(), out.bytes.data(), &size) == 1 && size == 32,
          "an Ed25519 public key");
  return out;
}

Bytes Ed25519PrivateKey::sign(ByteView message) const {
  const Key key = private_key(seed);
  const Context context(EVP_MD_CTX_new());
  require(context && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1,
          "Ed25519 signing");
  Bytes signature(64);
  std::size_t size = signature.size();
  require(
      EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) == 1 &&
          size == 64,
      "an Ed25519 signature");
  return signature;
}

Bytes aead_seal(const AeadKey& key, const AeadNonce& nonce, ByteView associated, ByteView plain) {
  const Cipher cipher(EVP_CIPHER_CTX_new());
  require(cipher && EVP_EncryptInit_ex(cipher.get(), EVP_chacha20_poly1305(), nullptr,
                                       key.bytes.data(), nonce.bytes.data()) == 1,
          "ChaCha20-Poly1305");
  Bytes sealed(plain.size() + kAeadTagBytes);
  int length = 0;
  require(
      (associated.empty() || EVP_EncryptUpdate(cipher.get(), nullptr, &length, associated.data(),
                                               static_cast<int>(associated.size())) == 1) &&
          (plain.empty() || EVP_EncryptUpdate(cipher.get(), sealed.data(), &length, plain.data(),
                                              static_cast<int>(plain.size())) == 1) &&
          EVP_EncryptFinal_ex(cipher.get(), sealed.data() + plain.size(), &length) == 1 &&
          EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_GET_TAG, kAeadTagBytes,
                              sealed.data() + plain.size()) == 1,
      "sealing");
  return sealed;
}

Result<Bytes> aead_open(const AeadKey& key, const AeadNonce& nonce, ByteView associated,
                        ByteView sealed) {
  if (sealed.size() < kAeadTagBytes) return failure("sealed bytes shorter than their tag");
  const ByteView text = sealed.first(sealed.size() - kAeadTagBytes);
  std::array<std::uint8_t, kAeadTagBytes> tag{};
  const ByteView stored = sealed.last(kAeadTagBytes);
  std::copy(stored.begin(), stored.end(), tag.begin());
  const Cipher cipher(EVP_CIPHER_CTX_new());
  require(
      cipher &&
          EVP_DecryptInit_ex(cipher.get(), EVP_chacha20_poly1305(), nullptr, key.bytes.data(),
                             nonce.bytes.data()) == 1 &&
          EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_SET_TAG, kAeadTagBytes, tag.data()) == 1,
      "ChaCha20-Poly1305");
  Bytes plain(text.size());
  int length = 0;
  const bool opened =
      (associated.empty() || EVP_DecryptUpdate(cipher.get(), nullptr, &length, associated.data(),
                                               static_cast<int>(associated.size())) == 1) &&
      (text.empty() || EVP_DecryptUpdate(cipher.get(), plain.data(), &length, text.data(),
                                         static_cast<int>(text.size())) == 1) &&
      EVP_DecryptFinal_ex(cipher.get(), plain.data() + plain.size(), &length) == 1;
  if (!opened) return failure("sealed bytes that this key does not open");
  return plain;
}

}  // namespace lokaal
