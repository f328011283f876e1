#include "adapters/packet_filter/learned.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/policy/marks.hpp"
#include "tests/unit/adapters/packet_filter/school_state.hpp"

namespace lokaal::packet_filter {
namespace {

using namespace std::chrono_literals;

const SteadyTime kStart{std::chrono::hours(5)};

IpAddress address(int i) {
  return IpAddress::parse(fmt::format("198.51.{}.{}", i / 250, i % 250)).value();
}

Changes learn(Learned& learned, DeviceNumber device, int i, ServiceNumber service,
              std::chrono::milliseconds ttl, SteadyTime now = kStart) {
  Changes changes = learned.plan(device, address(i), service, ttl, now);
  learned.take(changes);
  return changes;
}

TEST(Learned, SameAnswerThatEndsNoLaterChangesNothing) {
  Learned learned;
  EXPECT_EQ(learn(learned, 1, 1, 5, 60s).insert.size(), 1U);
  EXPECT_TRUE(learn(learned, 1, 1, 5, 30s).empty());
  const Changes longer = learn(learned, 1, 1, 5, 90s);
  EXPECT_EQ(longer.refresh.size(), 1U);
  EXPECT_EQ(longer.remove.size(), 1U);
  EXPECT_EQ(longer.insert.size(), 1U);
  EXPECT_EQ(learned.size(), 1U);
}

TEST(Learned, LaterAnswerReplacesAnotherService) {
  Learned learned;
  learn(learned, 1, 1, 5, 60s);
  const Changes changes = learn(learned, 1, 1, 9, 10s);
  ASSERT_EQ(changes.remove.size(), 1U);
  EXPECT_EQ(std::get<std::string>(changes.remove[0].entry.datum), "class_5");
  EXPECT_EQ(std::get<std::string>(changes.insert[0].entry.datum), "class_9");
}

TEST(Learned, DeviceThatHasItsShareLosesWhatWouldEndFirst) {
  Learned learned(100, 3);
  learn(learned, 1, 1, 5, 60s);
  learn(learned, 1, 2, 5, 20s);
  learn(learned, 1, 3, 5, 40s);
  learn(learned, 2, 4, 5, 1s);
  const Changes changes = learn(learned, 1, 5, 5, 60s);
  ASSERT_EQ(changes.remove.size(), 1U);
  EXPECT_EQ(changes.remove[0].key, key_of(mark_of(DeviceNumber{1}), address(2)));
  EXPECT_EQ(learned.size(), 4U);
}

TEST(Learned, NeverHoldsMoreThanItsBound) {
  Learned learned(50, 20);
  for (int i = 0; i < 500; ++i)
    learn(learned, static_cast<DeviceNumber>(i % 7), i, 5, 10s + std::chrono::seconds(i % 11));
  EXPECT_EQ(learned.size(), 50U);
}

TEST(Learned, GivesWhatStillCountsAsDeadlinesInWallTime) {
  Learned learned;
  learn(learned, 1, 1, 5, 60s);
  learn(learned, 1, 2, 5, 10s);
  Elements elements;
  learned.add_to(elements, kStart + 20s, test::kNoon);
  const auto& kept = elements.of(SetId::learned4);
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept.begin()->second.until, test::kNoon + 40s);
}

}  // namespace
}  // namespace lokaal::packet_filter
