#include "core/base/crypto.hpp"

#include <gtest/gtest.h>

#include <string>

namespace lokaal {
namespace {

Bytes from_hex(std::string_view text) {
  const auto digit = [](char c) {
    return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
  };
  Bytes out;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    out.push_back(static_cast<std::uint8_t>(digit(text[i]) << 4 | digit(text[i + 1])));
  return out;
}

// FIPS 180-4's examples.
TEST(Sha256, MatchesThePublishedVectors) {
  EXPECT_EQ(hex(sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex(sha256(as_bytes("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(sha256(as_bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

// RFC 4231, test cases 1, 2 and 6.
TEST(HmacSha256, MatchesTheVectorsOfRfc4231) {
  EXPECT_EQ(hex(hmac_sha256(Bytes(20, 0x0b), as_bytes("Hi There"))),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hex(hmac_sha256(as_bytes("Jefe"), as_bytes("what do ya want for nothing?"))),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex(hmac_sha256(Bytes(131, 0xaa),
                            as_bytes("Test Using Larger Than Block-Size Key - Hash Key First"))),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

struct SignatureCase {
  std::string_view seed;
  std::string_view key;
  std::string_view message;
  std::string_view signature;
};

// RFC 8032 section 7.1, tests 1 to 3; and RFC 8037 appendix A's key.
constexpr SignatureCase kRfc8032[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b"
     "46b"
     "d25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11"
     "d8c"
     "387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc"
     "659"
     "4a7c15e9716ed28dc027beceea1ec40a"},
};

TEST(Ed25519, MatchesTheVectorsOfRfc8032) {
  for (const auto& one : kRfc8032) {
    const auto key = Ed25519PrivateKey::from(from_hex(one.seed));
    ASSERT_TRUE(key);
    EXPECT_EQ(hex(key->public_key().bytes), one.key);
    const Bytes message = from_hex(one.message);
    EXPECT_EQ(hex(key->sign(message)), one.signature);
    EXPECT_TRUE(key->public_key().verify(message, from_hex(one.signature)));
  }
}

TEST(Ed25519, RefusesEveryOneBitChange) {
  const auto key = Ed25519PrivateKey::from(from_hex(kRfc8032[2].seed)).value();
  const Bytes message = from_hex(kRfc8032[2].message);
  const Bytes signature = key.sign(message);
  for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
    Bytes changed = signature;
    changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ (1U << bit % 8));
    EXPECT_FALSE(key.public_key().verify(message, changed)) << bit;
  }
  Bytes other = message;
  other[0] ^= 1U;
  EXPECT_FALSE(key.public_key().verify(other, signature));
}

// RFC 8032 section 5.1.7: S must be below the group order, or signatures are malleable.
TEST(Ed25519, RefusesASignatureWhoseScalarIsNotReduced) {
  const auto key = Ed25519PrivateKey::from(from_hex(kRfc8032[0].seed)).value();
  Bytes signature = from_hex(kRfc8032[0].signature);
  const Bytes order = from_hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    const unsigned sum = signature[32 + i] + order[i] + carry;
    signature[32 + i] = static_cast<std::uint8_t>(sum);
    carry = sum >> 8;
  }
  EXPECT_FALSE(key.public_key().verify({}, signature));
}

TEST(Ed25519, TakesKeysAndSignaturesOfTheirLengthOnly) {
  EXPECT_FALSE(Ed25519PublicKey::from(Bytes(31)));
  EXPECT_FALSE(Ed25519PublicKey::from(Bytes(33)));
  EXPECT_FALSE(Ed25519PrivateKey::from(Bytes(64)));
  const auto key = Ed25519PrivateKey::from(Bytes(32, 7)).value().public_key();
  for (const std::size_t length : {0U, 1U, 63U, 65U, 128U})
    EXPECT_FALSE(key.verify(as_bytes("x"), Bytes(length)));
}

}  // namespace
}  // namespace lokaal
