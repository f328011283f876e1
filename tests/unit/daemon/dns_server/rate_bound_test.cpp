#include "daemon/dns_server/rate_bound.hpp"

#include <gtest/gtest.h>

namespace lokaal {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const SteadyTime kStart = SteadyTime(seconds(1000));

int admitted(RateBound& bound, std::uint64_t key, SteadyTime now, int tries) {
  int count = 0;
  for (int i = 0; i < tries; ++i) count += bound.admit(key, now) ? 1 : 0;
  return count;
}

TEST(RateBound, LetsABurstPassAndThenTheRate) {
  RateBound bound(10, 5, 42);
  EXPECT_EQ(admitted(bound, 1, kStart, 20), 5);
  EXPECT_EQ(admitted(bound, 1, kStart + milliseconds(100), 20), 1);
  EXPECT_EQ(admitted(bound, 1, kStart + milliseconds(399), 20), 2);
}

TEST(RateBound, SavesNoMoreThanTheBurst) {
  RateBound bound(10, 5, 42);
  EXPECT_EQ(admitted(bound, 1, kStart, 20), 5);
  EXPECT_EQ(admitted(bound, 1, kStart + seconds(3600), 20), 5);
}

TEST(RateBound, LeavesOtherDevicesAlone) {
  RateBound bound(10, 5, 42);
  EXPECT_EQ(admitted(bound, 1, kStart, 20), 5);
  int untouched = 0;
  for (std::uint64_t key = 2; key < 102; ++key) untouched += bound.admit(key, kStart) ? 1 : 0;
  EXPECT_GE(untouched, 98);  // one or two may share the bucket
}

}  // namespace
}  // namespace lokaal
