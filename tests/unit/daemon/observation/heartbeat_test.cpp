#include "daemon/observation/heartbeat.hpp"

#include <gtest/gtest.h>

namespace lokaal {
namespace {

using namespace std::chrono_literals;  // NOLINT: durations read as durations

constexpr SteadyTime kBegun = SteadyTime{} + 1h;

TEST(Heartbeat, KeepsWithinWhatVerificationWants) {
  const Heartbeat heartbeat(kBegun);
  EXPECT_LT(heartbeat.due(true), kBegun + 30s);
  EXPECT_LT(heartbeat.due(false), kBegun + 5min);
}

TEST(Heartbeat, IsWrittenWhenDueAndCounted) {
  Heartbeat heartbeat(kBegun);
  const SteadyTime first = heartbeat.due(false);
  EXPECT_FALSE(heartbeat.beat(first - 1us, false, {}));
  const auto entry = heartbeat.beat(first, false, {28, 1, 2, 3});
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->n, 1);
  EXPECT_EQ(entry->present, 28);
  EXPECT_EQ(entry->cut, 1);
  EXPECT_EQ(entry->agents_ok, 2);
  EXPECT_EQ(entry->agents_silent, 3);
  EXPECT_FALSE(heartbeat.beat(first, false, {}));
  EXPECT_EQ(heartbeat.beat(heartbeat.due(false), false, {})->n, 2);
}

TEST(Heartbeat, AnExamThatBeginsMakesItDueSooner) {
  Heartbeat heartbeat(kBegun);
  const SteadyTime soon = kBegun + 60s;
  EXPECT_FALSE(heartbeat.beat(soon, false, {}));
  EXPECT_TRUE(heartbeat.beat(soon, true, {}));
  EXPECT_EQ(heartbeat.due(true), soon + kExamHeartbeat);
}

}  // namespace
}  // namespace lokaal
