#include "core/base/key_agreement.hpp"

#include <gtest/gtest.h>

namespace lokaal {
namespace {

Bytes octets(std::string_view text) {
  return from_base64url(text).value();
}

// RFC 8037 appendix A.6 (keys and secret of RFC 7748 section 6.1).
TEST(X25519, AgreesAsTheStandardSays) {
  const auto own =
      X25519PrivateKey::from(octets("dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo")).value();
  const auto other =
      X25519PublicKey::from(octets("3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08")).value();
  EXPECT_EQ(base64url(own.public_key().bytes), "hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo");
  EXPECT_EQ(hex(own.agree(other).value()),
            "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
}

TEST(X25519, AKeyThatMakesTheSecretKnownIsAnError) {
  X25519PrivateKey own;
  own.bytes.fill(7);
  EXPECT_FALSE(own.agree(X25519PublicKey{}));
  EXPECT_FALSE(X25519PublicKey::from(Bytes(31)));
  EXPECT_FALSE(X25519PrivateKey::from(Bytes(33)));
}

// RFC 7518 appendix C, which wants the first 16 of the 32 bytes.
TEST(ConcatKdf, DerivesAsTheStandardSays) {
  const Bytes secret{158, 86, 217, 29,  129, 113, 53,  211, 114, 131, 66,  131, 191, 132, 38,  156,
                     251, 49, 110, 163, 218, 128, 106, 72,  246, 218, 167, 121, 140, 254, 144, 196};
  const Bytes info{0,   0,   0,  7,   65, 49, 50, 56, 71, 67,  77, 0, 0, 0, 5,  65,
                   108, 105, 99, 101, 0,  0,  0,  3,  66, 111, 98, 0, 0, 0, 128};
  const Aes256Key key = concat_kdf(secret, info);
  EXPECT_EQ(hex({key.data(), 16}), "56aa8deaf8236d205c2228cd71a7101a");
}

TEST(Gcm, OpensOnlyWhatWasSealed) {
  const Aes256Key key{1, 2, 3};
  const GcmNonce nonce{4, 5, 6};
  const auto sealed = gcm_seal(key, nonce, as_bytes("header"), as_bytes("text"));
  EXPECT_EQ(as_text(gcm_open(key, nonce, as_bytes("header"), sealed).value()), "text");
  EXPECT_FALSE(gcm_open(Aes256Key{9}, nonce, as_bytes("header"), sealed));
  EXPECT_FALSE(gcm_open(key, GcmNonce{9}, as_bytes("header"), sealed));
  EXPECT_FALSE(gcm_open(key, nonce, as_bytes("other"), sealed));
  for (std::size_t i = 0; i < sealed.ciphertext.size(); ++i) {
    GcmSealed bent = sealed;
    bent.ciphertext[i] ^= 1U;
    EXPECT_FALSE(gcm_open(key, nonce, as_bytes("header"), bent)) << i;
  }
  GcmSealed bent = sealed;
  bent.tag[15] ^= 1U;
  EXPECT_FALSE(gcm_open(key, nonce, as_bytes("header"), bent));
}

TEST(Gcm, SealsNothingToo) {
  const auto sealed = gcm_seal(Aes256Key{1}, GcmNonce{2}, as_bytes("header"), {});
  EXPECT_TRUE(sealed.ciphertext.empty());
  EXPECT_TRUE(gcm_open(Aes256Key{1}, GcmNonce{2}, as_bytes("header"), sealed)->empty());
}

}  // namespace
}  // namespace lokaal
