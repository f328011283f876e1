#include "core/evidence/private_part.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace lokaal {
namespace {

// RFC 8439, section 2.8.2.
TEST(Aead, SealsAsTheVectorOfRfc8439) {
  AeadKey key;
  std::iota(key.bytes.begin(), key.bytes.end(), std::uint8_t{0x80});
  const AeadNonce nonce{{0x07, 0, 0, 0, 0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47}};
  const Bytes associated = {0x50, 0x51, 0x52, 0x53, 0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7};
  const std::string_view plain =
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
      "sunscreen would be it.";
  const Bytes sealed = aead_seal(key, nonce, associated, as_bytes(plain));
  ASSERT_EQ(sealed.size(), plain.size() + kAeadTagBytes);
  EXPECT_EQ(hex(ByteView(sealed).first(16)), "d31a8d34648e60db7b86afbc53ef7ec2");
  EXPECT_EQ(hex(ByteView(sealed).last(16)), "1ae10b594f09e26a7e902ecbd0600691");
  const auto opened = aead_open(key, nonce, associated, sealed);
  ASSERT_TRUE(opened);
  EXPECT_EQ(as_text(*opened), plain);
}

TEST(Aead, OpensNothingThatWasTouched) {
  const AeadKey key{{1, 2, 3}};
  const Bytes sealed = aead_seal(key, {}, as_bytes("place"), as_bytes("value"));
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    Bytes touched = sealed;
    touched[i] ^= 1U;
    EXPECT_FALSE(aead_open(key, {}, as_bytes("place"), touched));
  }
  EXPECT_FALSE(aead_open(key, {}, as_bytes("other"), sealed));
  EXPECT_FALSE(aead_open(key, {{1}}, as_bytes("place"), sealed));
  EXPECT_FALSE(aead_open({}, {}, as_bytes("place"), sealed));
  EXPECT_FALSE(aead_open(key, {}, as_bytes("place"), ByteView(sealed).first(15)));
}

TEST(Aead, SealsNothingToo) {
  const Bytes sealed = aead_seal({}, {}, {}, {});
  EXPECT_EQ(sealed.size(), kAeadTagBytes);
  const auto opened = aead_open({}, {}, {}, sealed);
  ASSERT_TRUE(opened);
  EXPECT_TRUE(opened->empty());
}

TEST(PrivatePart, OpensOnlyInItsOwnPlace) {
  const AeadKey key{{7}};
  const PrivatePlace place{{1}, 12, {9}};
  const Bytes sealed = seal_private(key, {{5}}, place, as_bytes("{}"));
  EXPECT_EQ(sealed.size(), 2 + kSealedOverhead);
  const auto opened = open_private(key, place, sealed);
  ASSERT_TRUE(opened);
  EXPECT_EQ(as_text(*opened), "{}");
  EXPECT_FALSE(open_private(key, {{2}, 12, {9}}, sealed));
  EXPECT_FALSE(open_private(key, {{1}, 13, {9}}, sealed));
  EXPECT_FALSE(open_private(key, {{1}, 12, {8}}, sealed));
  EXPECT_FALSE(open_private({}, place, sealed));
  EXPECT_FALSE(open_private(key, place, {}));
}

TEST(PrivatePart, AnErasedKeyIsZeros) {
  EXPECT_TRUE(is_erased({}));
  EXPECT_FALSE(is_erased({{0, 1}}));
}

}  // namespace
}  // namespace lokaal
