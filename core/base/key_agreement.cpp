#include "core/base/key_agreement.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace lokaal {
namespace {

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
  void operator()(EVP_KDF* kdf) const { EVP_KDF_free(kdf); }
  void operator()(EVP_KDF_CTX* context) const { EVP_KDF_CTX_free(context); }
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

// OpenSSL refuses these calls only when out of memory or built without the algorithm.
void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("OpenSSL: ") + what);
}

template <class Key>
Result<Key> key_from(ByteView raw) {
  Key key;
  if (raw.size() != key.bytes.size()) return failure("an X25519 key has 32 bytes");
  std::copy(raw.begin(), raw.end(), key.bytes.begin());
  return key;
}

Owned<EVP_PKEY> private_key(const std::array<std::uint8_t, 32>& bytes) {
  Owned<EVP_PKEY> key(
      EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr, bytes.data(), bytes.size()));
  require(key != nullptr, "an X25519 private key");
  return key;
}

int length_of(ByteView bytes) {
  return static_cast<int>(bytes.size());
}

}  // namespace

Result<X25519PublicKey> X25519PublicKey::from(ByteView raw) {
  return key_from<X25519PublicKey>(raw);
}

Result<X25519PrivateKey> X25519PrivateKey::from(ByteView raw) {
  return key_from<X25519PrivateKey>(raw);
}

X25519PublicKey X25519PrivateKey::public_key() const {
  const auto key = private_key(bytes);
  X25519PublicKey out;
  std::size_t size = out.bytes.size();
  require(EVP_PKEY_get_raw_public_key(key.get(), out.bytes.data(), &size) == 1 && size == 32,
          "an X25519 public key");
  return out;
}

Result<Bytes> X25519PrivateKey::agree(const X25519PublicKey& other) const {
  const auto own = private_key(bytes);
  const Owned<EVP_PKEY> peer(EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nullptr,
                                                         other.bytes.data(), other.bytes.size()));
  const Owned<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new(own.get(), nullptr));
  require(peer && context && EVP_PKEY_derive_init(context.get()) == 1, "X25519");
  Bytes secret(32);
  std::size_t size = secret.size();
  if (EVP_PKEY_derive_set_peer(context.get(), peer.get()) != 1 ||
      EVP_PKEY_derive(context.get(), secret.data(), &size) != 1 || size != secret.size())
    return failure("an X25519 key that agrees on nothing secret");
  return secret;
}

Aes256Key concat_kdf(ByteView secret, ByteView info) {
  const Owned<EVP_KDF> kdf(EVP_KDF_fetch(nullptr, "SSKDF", nullptr));
  const Owned<EVP_KDF_CTX> context(EVP_KDF_CTX_new(kdf.get()));
  require(kdf && context, "SSKDF");
  std::string hash = "SHA256";
  Bytes key(secret.begin(), secret.end());
  Bytes fixed(info.begin(), info.end());
  const std::array<OSSL_PARAM, 4> parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, hash.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, key.data(), key.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, fixed.data(), fixed.size()),
      OSSL_PARAM_construct_end()};
  Aes256Key out{};
  require(EVP_KDF_derive(context.get(), out.data(), out.size(), parameters.data()) == 1, "SSKDF");
  return out;
}

GcmSealed gcm_seal(const Aes256Key& key, const GcmNonce& nonce, ByteView associated,
                   ByteView plain) {
  const Owned<EVP_CIPHER_CTX> cipher(EVP_CIPHER_CTX_new());
  GcmSealed out;
  out.ciphertext.resize(plain.size());
  int length = 0;
  require(
      cipher &&
          EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.data(), nonce.data()) ==
              1 &&
          EVP_EncryptUpdate(cipher.get(), nullptr, &length, associated.data(),
                            length_of(associated)) == 1 &&
          (plain.empty() || EVP_EncryptUpdate(cipher.get(), out.ciphertext.data(), &length,
                                              plain.data(), length_of(plain)) == 1) &&
          EVP_EncryptFinal_ex(cipher.get(), out.ciphertext.data() + plain.size(), &length) == 1 &&
          EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_GET_TAG, kGcmTagBytes, out.tag.data()) ==
              1,
      "AES-256-GCM");
  return out;
}

Result<Bytes> gcm_open(const Aes256Key& key, const GcmNonce& nonce, ByteView associated,
                       const GcmSealed& sealed) {
  const Owned<EVP_CIPHER_CTX> cipher(EVP_CIPHER_CTX_new());
  auto tag = sealed.tag;
  const ByteView text = sealed.ciphertext;
  Bytes plain(text.size());
  int length = 0;
  require(
      cipher &&
          EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.data(), nonce.data()) ==
              1 &&
          EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_SET_TAG, kGcmTagBytes, tag.data()) == 1,
      "AES-256-GCM");
  const bool opened = EVP_DecryptUpdate(cipher.get(), nullptr, &length, associated.data(),
                                        length_of(associated)) == 1 &&
                      (text.empty() || EVP_DecryptUpdate(cipher.get(), plain.data(), &length,
                                                         text.data(), length_of(text)) == 1) &&
                      EVP_DecryptFinal_ex(cipher.get(), plain.data() + plain.size(), &length) == 1;
  if (!opened) return failure("sealed bytes that this key does not open");
  return plain;
}

}  // namespace lokaal
