#include "core/base/bytes.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <utility>

namespace lokaal {
namespace {

// RFC 4648 section 10.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kRfc4648{{
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
}};

TEST(Base64, MatchesTheVectorsOfRfc4648) {
  for (const auto& [plain, coded] : kRfc4648) {
    EXPECT_EQ(base64(as_bytes(plain)), coded);
    std::string bare(coded);
    while (bare.ends_with('=')) bare.pop_back();
    EXPECT_EQ(base64url(as_bytes(plain)), bare);
    const auto back = from_base64url(bare);
    ASSERT_TRUE(back) << bare;
    EXPECT_EQ(as_text(*back), plain);
  }
}

TEST(Base64Url, MatchesTheExampleOfRfc7515AppendixC) {
  const Bytes bytes{3, 236, 255, 224, 193};
  EXPECT_EQ(base64url(bytes), "A-z_4ME");
  EXPECT_EQ(from_base64url("A-z_4ME").value(), bytes);
}

TEST(Base64Url, RefusesWhatTwoReadersCouldReadDifferently) {
  for (const std::string_view bad : {"Zg==", "Zg=", "Z", "Zm9vY", "Zm 9v", "Zm9v\n", "Zm+v", "Zm/v",
                                     "Zh", "Zm9", "A-z_4MF", "é"})
    EXPECT_FALSE(from_base64url(bad)) << bad;
  EXPECT_FALSE(from_base64url(std::string_view("Zg\0\0", 4)));
}

TEST(Base64Url, ReadsBackWhateverItWritesAndOnlyThat) {
  std::mt19937 random(2);
  for (std::size_t length = 0; length < 200; ++length) {
    Bytes bytes(length);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    const std::string text = base64url(bytes);
    EXPECT_EQ(from_base64url(text).value(), bytes);
    EXPECT_FALSE(from_base64url(text + "="));
  }
}

TEST(Hex, IsLowerCase) {
  EXPECT_EQ(hex(Bytes{0x00, 0x0f, 0xf0, 0xAB}), "000ff0ab");
  EXPECT_EQ(hex({}), "");
}

}  // namespace
}  // namespace lokaal
