#include "adapters/clock/system_clock.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "tests/unit/adapters/clock/scripted_readings.hpp"

namespace lokaal {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;

class SystemClockTest : public testing::Test {
 protected:
  SystemClock make(WallTime floor = WallTime{}) {
    SystemClock clock(std::make_unique<ScriptedReadings>(machine), floor);
    clock.on_change([this](const ClockChange& change) { changes.push_back(change); });
    return clock;
  }

  std::shared_ptr<Machine> machine = std::make_shared<Machine>();
  std::vector<ClockChange> changes;
};

TEST_F(SystemClockTest, RunsWithTheWallClockWhenNothingHappens) {
  SystemClock clock = make();
  machine->pass(hours(3));
  clock.observe();
  EXPECT_EQ(clock.now(), machine->wall);
  EXPECT_EQ(clock.steady().time_since_epoch(), hours(3) + seconds(30));
  EXPECT_EQ(clock.mono_ns(), 10'830'000'000'000U);
  EXPECT_TRUE(clock.synced());
  EXPECT_TRUE(changes.empty());
}

TEST_F(SystemClockTest, AStepForwardEndsNothing) {
  SystemClock clock = make();
  const WallTime until = clock.now() + minutes(50);
  machine->pass(minutes(10));
  machine->step(hours(2));
  clock.observe();
  EXPECT_LT(clock.now(), until);
  machine->pass(minutes(40));
  EXPECT_EQ(clock.now(), until);
  EXPECT_EQ(clock.offset(), hours(2));
}

TEST_F(SystemClockTest, AStepBackExtendsNothing) {
  SystemClock clock = make();
  const WallTime until = clock.now() + minutes(50);
  machine->step(-hours(2));
  clock.observe();
  machine->pass(minutes(50));
  EXPECT_EQ(clock.now(), until);
  EXPECT_TRUE(clock.synced());
}

TEST_F(SystemClockTest, ReportsAStepOnceWithWhatWasAndWhatIs) {
  SystemClock clock = make();
  const WallTime before = clock.now();
  machine->step(seconds(90));
  clock.observe();
  clock.observe();
  machine->pass(minutes(1));
  clock.observe();
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0], (ClockChange{before, before + seconds(90), ClockSource::step}));
  machine->step(-seconds(90));
  clock.observe();
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[1].after, clock.now());
}

TEST_F(SystemClockTest, TakesTheJitterOfTwoReadingsForNoStep) {
  SystemClock clock = make();
  machine->step(microseconds(20'000));
  clock.observe();
  EXPECT_TRUE(changes.empty());
}

TEST_F(SystemClockTest, SleepCounts) {
  SystemClock clock = make();
  const WallTime before = clock.now();
  machine->pass(hours(8));  // CLOCK_BOOTTIME went on in suspend, as the wall clock did
  clock.observe();
  EXPECT_EQ(clock.now(), before + hours(8));
  EXPECT_TRUE(changes.empty());
}

TEST_F(SystemClockTest, FollowsTheFirstSynchronisationOfABootThatBeganWithout) {
  machine->synchronised = false;
  SystemClock clock = make();
  EXPECT_FALSE(clock.synced());
  machine->pass(seconds(20));
  machine->step(hours(24 * 400));
  clock.observe();  // stepped, not yet synchronised
  EXPECT_FALSE(clock.synced());
  const WallTime before = clock.now();
  machine->synchronised = true;
  clock.observe();
  EXPECT_TRUE(clock.synced());
  EXPECT_EQ(clock.now(), machine->wall);
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0].source, ClockSource::step);
  EXPECT_EQ(changes[1], (ClockChange{before, machine->wall, ClockSource::sync}));
}

TEST_F(SystemClockTest, UntilItIsTrustedItRunsFromTheLastRecord) {
  const WallTime real = machine->wall;
  for (const auto wrong : {-hours(24 * 365), hours(24 * 365)}) {
    changes.clear();
    machine->synchronised = false;
    machine->wall = real + wrong;  // a flat battery, or somebody's hand
    SystemClock clock = make(real);
    EXPECT_EQ(clock.now(), real);
    machine->pass(minutes(90));
    clock.observe();
    EXPECT_EQ(clock.now(), real + minutes(90));
    EXPECT_FALSE(clock.synced());
    EXPECT_TRUE(changes.empty()) << "that it is wrong is no step";
    machine->wall = real + hours(8);
    machine->synchronised = true;
    clock.observe();
    EXPECT_EQ(clock.now(), real + hours(8));
    EXPECT_TRUE(clock.synced());
  }
}

TEST_F(SystemClockTest, WithoutATimeServerTheWallClockIsBelievedWhereTheSchoolSaysSo) {
  machine->synchronised = false;
  SystemClock clock(std::make_unique<ScriptedReadings>(machine), machine->wall - hours(8),
                    SystemClock::Trust::any);
  EXPECT_EQ(clock.now(), machine->wall);
  EXPECT_FALSE(clock.synced()) << "and nobody is told otherwise";
}

TEST_F(SystemClockTest, KeepsItsTrustWhenSynchronisationIsLostLater) {
  SystemClock clock = make();
  machine->synchronised = false;  // the time server is gone, or somebody ran `date -s`
  machine->step(hours(5));
  clock.observe();
  EXPECT_TRUE(clock.synced());
  machine->synchronised = true;  // and back: that is no first time
  clock.observe();
  EXPECT_EQ(clock.offset(), hours(5));
  EXPECT_EQ(changes.size(), 1U);
}

TEST_F(SystemClockTest, FollowsTheWallClockOnlyWhenAskedAndSynchronised) {
  SystemClock clock = make();
  machine->step(seconds(40));
  clock.observe();
  machine->synchronised = false;
  EXPECT_FALSE(clock.follow_wall_clock());
  EXPECT_EQ(clock.offset(), seconds(40));
  machine->synchronised = true;
  EXPECT_TRUE(clock.follow_wall_clock());
  EXPECT_EQ(clock.now(), machine->wall);
  EXPECT_EQ(clock.offset(), seconds(0));
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[1].source, ClockSource::follow);
  clock.observe();
  EXPECT_EQ(changes.size(), 2U);
}

TEST_F(SystemClockTest, StandsStillRatherThanGoBack) {
  SystemClock clock = make();
  machine->pass(hours(1));
  const WallTime last = clock.now();
  machine->step(-minutes(10));
  ASSERT_TRUE(clock.follow_wall_clock());
  EXPECT_EQ(clock.now(), last);
  EXPECT_FALSE(clock.synced());
  machine->pass(minutes(10));
  EXPECT_EQ(clock.now(), last);
  EXPECT_TRUE(clock.synced());
  machine->pass(minutes(1));
  EXPECT_EQ(clock.now(), machine->wall);
}

TEST_F(SystemClockTest, NeverLiesBelowTheLastJournalRecord) {
  const WallTime last_record = machine->wall + hours(3);
  SystemClock clock = make(last_record);
  EXPECT_EQ(clock.now(), last_record);
  EXPECT_FALSE(clock.synced());
  machine->pass(hours(4));
  EXPECT_EQ(clock.now(), last_record + hours(1));
  EXPECT_TRUE(clock.synced());
}

TEST(KernelReadings, AgreeWithTheMachine) {
  SystemClock clock(kernel_readings(), WallTime{});
  const auto wall = std::chrono::system_clock::now();
  EXPECT_LT(std::chrono::abs(clock.now() - wall), seconds(5));
  EXPECT_LT(std::chrono::abs(clock.offset()), microseconds(50'000));
  EXPECT_EQ(clock.boot_id().size(), 36U);
  const std::uint64_t first = clock.mono_ns();
  EXPECT_GT(clock.mono_ns(), first);
  EXPECT_NEAR(static_cast<double>(clock.mono_ns()) / 1e9,
              static_cast<double>(clock.steady().time_since_epoch().count()) / 1e6, 1.0);
}

}  // namespace
}  // namespace lokaal
