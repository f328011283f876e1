#include "tests/fakes/fake_clock.hpp"

#include <gtest/gtest.h>

namespace lokaal {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

TEST(FakeClock, AdvancesSchoolAndSteadyTimeTogether) {
  FakeClock clock;
  EXPECT_EQ(format_time_seconds(clock.now()), "2026-11-23T08:00:00Z");
  const SteadyTime steady = clock.steady();
  clock.advance(minutes(50));
  EXPECT_EQ(format_time_seconds(clock.now()), "2026-11-23T08:50:00Z");
  EXPECT_EQ(clock.steady() - steady, minutes(50));
}

TEST(FakeClock, ReportsAStepThatSchoolTimeDoesNotFollow) {
  FakeClock clock;
  ClockChange seen;
  clock.on_change([&](const ClockChange& change) { seen = change; });
  const WallTime before = clock.now();
  clock.step_wall_clock(hours(1));
  EXPECT_EQ(clock.now(), before);
  EXPECT_EQ(seen, (ClockChange{before, before + hours(1), ClockSource::step}));
  EXPECT_TRUE(clock.follow_wall_clock());
  EXPECT_EQ(clock.now(), before + hours(1));
}

TEST(FakeClock, RestartsAsAnotherBoot) {
  FakeClock clock;
  const WallTime before = clock.now();
  clock.advance(minutes(10));
  clock.reboot("00000000-0000-4000-8000-000000000002", minutes(2), false);
  EXPECT_EQ(clock.now(), before + minutes(12));
  EXPECT_FALSE(clock.synced());
  EXPECT_LT(clock.steady().time_since_epoch(), minutes(1));
}

}  // namespace
}  // namespace lokaal
