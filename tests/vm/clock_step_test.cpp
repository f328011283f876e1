// Steps the machine's real clock, so only for a machine of its own: run by tests/vm/run.
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <ctime>
#include <vector>

#include "adapters/clock/clock_watch.hpp"

namespace lokaal {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

void step_wall_clock(hours by) {
  ASSERT_NE(std::getenv("LOKAAL_VM"), nullptr) << "this would step the clock of this machine";
  timespec time{};
  ASSERT_EQ(::clock_gettime(CLOCK_REALTIME, &time), 0);
  time.tv_sec += std::chrono::seconds(by).count();
  ASSERT_EQ(::clock_settime(CLOCK_REALTIME, &time), 0);
}

TEST(ClockStep, IsAnnouncedByTheKernelAndMovesNoSchoolTime) {
  SystemClock clock(kernel_readings(), WallTime{});
  boost::asio::io_context reactor;
  // Too rare to notice by looking now and then: only the kernel's notice can.
  auto watch = ClockWatch::start(reactor.get_executor(), clock, hours(1));
  ASSERT_TRUE(watch) << watch.error().text();
  std::vector<ClockChange> changes;
  clock.on_change([&](const ClockChange& change) {
    changes.push_back(change);
    reactor.stop();
  });
  for (const hours by : {hours(5), hours(-9)}) {
    const WallTime before = clock.now();
    step_wall_clock(by);
    reactor.restart();
    reactor.run_for(seconds(30));
    EXPECT_LT(clock.now() - before, seconds(60));
    EXPECT_GE(clock.now(), before);
  }
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0].source, ClockSource::step);
  EXPECT_LT(std::chrono::abs(changes[0].after - changes[0].before - hours(5)), seconds(1));
  EXPECT_LT(std::chrono::abs(changes[1].after - changes[1].before - hours(-4)), seconds(1));
  EXPECT_LT(std::chrono::abs(clock.offset() - hours(-4)), seconds(1));
}

}  // namespace
}  // namespace lokaal
