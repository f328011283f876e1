#include "core/command/rate_limit.hpp"

#include <gtest/gtest.h>

#include "tests/unit/core/command/school.hpp"

namespace lokaal {
namespace {

using school::kNow;
using std::chrono::milliseconds;
using std::chrono::seconds;

int admitted(RateLimit& rate, const char* kid, WallTime now, int tries) {
  int count = 0;
  for (int i = 0; i < tries; ++i) count += rate.admit(KeyId(kid), now) ? 1 : 0;
  return count;
}

TEST(RateLimit, AdmitsFiftyAtOnceAndTenASecondThereafter) {
  RateLimit rate;
  EXPECT_EQ(admitted(rate, "k", kNow, 100), 50);
  EXPECT_EQ(admitted(rate, "k", kNow + milliseconds(99), 100), 0);
  EXPECT_EQ(admitted(rate, "k", kNow + seconds(1), 100), 10);
  EXPECT_EQ(admitted(rate, "k", kNow + seconds(3600), 100), 50);
}

TEST(RateLimit, CountsEveryKeyByItself) {
  RateLimit rate;
  EXPECT_EQ(admitted(rate, "a", kNow, 60), 50);
  EXPECT_EQ(admitted(rate, "b", kNow, 60), 50);
}

TEST(RateLimit, NeitherGivesNorStopsWhenTheClockStepsBack) {
  RateLimit rate;
  EXPECT_EQ(admitted(rate, "k", kNow, 60), 50);
  EXPECT_EQ(admitted(rate, "k", kNow - seconds(3600), 60), 0);
  EXPECT_EQ(admitted(rate, "k", kNow - seconds(3599), 60), 10);
}

}  // namespace
}  // namespace lokaal
