#include "core/command/replay_window.hpp"

#include <gtest/gtest.h>

#include "tests/unit/core/command/school.hpp"

namespace lokaal {
namespace {

using school::jti;
using school::kNow;
using std::chrono::minutes;
using std::chrono::seconds;

CommandKey key(unsigned number, const std::string& kid = "k") {
  return CommandKey::of(KeyId(kid), CommandId(jti(number)));
}
Digest content(const char* text) {
  return sha256(as_bytes(text));
}
const RoomId kRoom{"lokaal-112"};

TEST(ReplayWindow, KeepsTheFirstContentUnderAKey) {
  ReplayWindow window;
  window.enter(key(1), content("a"), kNow, kNow + seconds(60));
  window.enter(key(1), content("b"), kNow, kNow + seconds(60));
  ASSERT_NE(window.find(key(1)), nullptr);
  EXPECT_EQ(window.find(key(1))->content, content("a"));
  EXPECT_EQ(window.find(key(2)), nullptr);
  EXPECT_EQ(window.find(key(1, "other")), nullptr);
}

TEST(ReplayWindow, TakesAUuidInEitherCaseForTheSame) {
  EXPECT_EQ(CommandKey::of(KeyId("K"), CommandId("ABCDEF00-0000-4000-8000-000000000000")),
            CommandKey::of(KeyId("K"), CommandId("abcdef00-0000-4000-8000-000000000000")));
  EXPECT_NE(CommandKey::of(KeyId("K"), CommandId("a")), CommandKey::of(KeyId("k"), CommandId("a")));
}

TEST(ReplayWindow, KeepsResultsTenMinutesPastTheEnd) {
  ReplayWindow window;
  window.enter(key(1), content("a"), kNow, kNow + seconds(60));
  window.store(key(1), kRoom, "done");
  window.prune(kNow + seconds(60) + minutes(10) - std::chrono::microseconds(1));
  ASSERT_NE(window.find(key(1)), nullptr);
  EXPECT_EQ(window.find(key(1))->results.at(kRoom), "done");
  window.prune(kNow + seconds(60) + minutes(10));
  EXPECT_EQ(window.find(key(1)), nullptr);
}

TEST(ReplayWindow, RaisesItsFloorAboveWhatItForgets) {
  ReplayWindow window;
  window.enter(key(1), content("a"), kNow, kNow + seconds(60));
  EXPECT_EQ(window.floor(), WallTime::min());
  window.prune(kNow + minutes(20));
  EXPECT_EQ(window.floor(), kNow + seconds(1));
  window.raise_floor(kNow - minutes(1));
  EXPECT_EQ(window.floor(), kNow + seconds(1));
}

TEST(ReplayWindow, NeverForgetsWhatCouldStillBeSaidAgain) {
  // Whatever prune takes away was expired, and so is everything below the floor that it leaves.
  for (int life = 1; life <= 600; life += 37) {
    ReplayWindow window;
    window.enter(key(1), content("a"), kNow, kNow + seconds(life));
    WallTime now = kNow;
    while (window.size() > 0) window.prune(now += seconds(1));
    EXPECT_GT(now, kNow + seconds(life));
    EXPECT_LE(window.floor() - seconds(1) + seconds(600), now)
        << "a command with the longest life, issued below the floor, would still be valid";
  }
}

TEST(ReplayWindow, StaysWithinItsSizeByRaisingTheFloor) {
  ReplayWindow window({.per_key = 100, .total = 3});
  for (unsigned i = 0; i < 5; ++i)
    window.enter(key(i), content("a"), kNow + seconds(i), kNow + seconds(60));
  EXPECT_EQ(window.size(), 3U);
  EXPECT_EQ(window.find(key(1)), nullptr);
  EXPECT_NE(window.find(key(2)), nullptr);
  EXPECT_EQ(window.floor(), kNow + seconds(2));
}

TEST(ReplayWindow, KnowsWhenOneKeyHasFilledItsShare) {
  ReplayWindow window({.per_key = 2, .total = 100});
  window.enter(key(1), content("a"), kNow, kNow + seconds(60));
  EXPECT_FALSE(window.full_for(KeyId("k")));
  window.enter(key(2), content("a"), kNow, kNow + seconds(60));
  EXPECT_TRUE(window.full_for(KeyId("k")));
  EXPECT_FALSE(window.full_for(KeyId("other")));
  window.prune(kNow + minutes(11));
  EXPECT_FALSE(window.full_for(KeyId("k")));
}

TEST(ReplayWindow, StoresNothingUnderAKeyThatNeverEntered) {
  ReplayWindow window;
  window.store(key(1), kRoom, "done");
  EXPECT_EQ(window.size(), 0U);
}

}  // namespace
}  // namespace lokaal
