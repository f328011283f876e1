#include "adapters/clock/clock_watch.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include "tests/unit/adapters/clock/scripted_readings.hpp"

namespace lokaal {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(ClockWatch, NoticesByItselfThatTheClockWasSynchronised) {
  auto machine = std::make_shared<Machine>();
  machine->synchronised = false;
  SystemClock clock(std::make_unique<ScriptedReadings>(machine), WallTime{});
  boost::asio::io_context reactor;
  auto watch = ClockWatch::start(reactor.get_executor(), clock, milliseconds(1));
  ASSERT_TRUE(watch) << watch.error().text();
  clock.on_change([&](const ClockChange& change) {
    EXPECT_EQ(change.source, ClockSource::sync);
    reactor.stop();
  });
  machine->synchronised = true;
  reactor.run_for(seconds(30));
  EXPECT_TRUE(clock.synced());
}

TEST(ClockWatch, LeavesTheReactorWithNothingToDoWhenItIsDestroyed) {
  SystemClock clock(kernel_readings(), WallTime{});
  boost::asio::io_context reactor;
  {
    auto watch = ClockWatch::start(reactor.get_executor(), clock, seconds(3600));
    ASSERT_TRUE(watch);
    reactor.poll();
    EXPECT_FALSE(reactor.stopped());
  }
  reactor.run_for(seconds(30));
  EXPECT_TRUE(reactor.stopped());
}

TEST(ClockWatch, MayBeReplacedFromItsOwnHandler) {
  auto machine = std::make_shared<Machine>();
  SystemClock clock(std::make_unique<ScriptedReadings>(machine), WallTime{});
  boost::asio::io_context reactor;
  auto watch = ClockWatch::start(reactor.get_executor(), clock, milliseconds(1));
  ASSERT_TRUE(watch);
  int steps = 0;
  clock.on_change([&](const ClockChange&) {
    ++steps;
    watch = ClockWatch::start(reactor.get_executor(), clock, seconds(3600));
    reactor.stop();
  });
  machine->step(seconds(90));
  reactor.run_for(seconds(30));
  EXPECT_EQ(steps, 1);
}

}  // namespace
}  // namespace lokaal
