#include "adapters/entropy/entropy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <set>

namespace lokaal {
namespace {

TEST(RandomBytes, GivesAsManyAsWereAsked) {
  // getrandom gives at most 32 MiB - 1 at a time and may be interrupted above 256 bytes.
  for (const std::size_t count : {0U, 1U, 32U, 257U, 100'000U}) {
    EXPECT_EQ(random_bytes(count).size(), count);
  }
}

TEST(RandomBytes, NeverRepeatASalt) {
  std::set<Bytes> seen;
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(seen.insert(random_bytes(32)).second);
}

TEST(RandomBytes, FillsTheWholeBuffer) {
  // 100 kB hold every value about 390 times; a tail left at zero would stand out.
  std::array<int, 256> count{};
  for (const std::uint8_t byte : random_bytes(100'000)) ++count[byte];
  for (const int times : count) {
    EXPECT_GT(times, 200);
    EXPECT_LT(times, 600);
  }
}

TEST(RandomUuid, HasTheFormOfVersionFour) {
  for (int i = 0; i < 100; ++i) {
    EXPECT_THAT(random_uuid(),
                testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-"
                                      "[0-9a-f]{12}"));
  }
}

TEST(RandomUuid, NeverRepeats) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(seen.insert(random_uuid()).second);
}

}  // namespace
}  // namespace lokaal
