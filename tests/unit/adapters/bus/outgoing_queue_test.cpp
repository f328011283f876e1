#include "adapters/bus/outgoing_queue.hpp"

#include <gtest/gtest.h>

namespace lokaal {
namespace {

using std::chrono::seconds;

const OutgoingQueue::Instant kNow{};

OutgoingMessage message(std::string topic, std::string payload, bool retain) {
  OutgoingMessage out;
  out.topic = std::move(topic);
  out.payload = std::move(payload);
  out.retain = retain;
  return out;
}

TEST(OutgoingQueue, YieldsResultsInOrder) {
  OutgoingQueue queue({});
  for (const auto* payload : {"1", "2", "3"})
    ASSERT_TRUE(queue.push(message("result", payload, false), kNow));
  for (const auto* payload : {"1", "2", "3"}) EXPECT_EQ(queue.pop(kNow)->message.payload, payload);
  EXPECT_FALSE(queue.pop(kNow));
  EXPECT_EQ(queue.bytes(), 0U);
}

TEST(OutgoingQueue, KeepsOnlyTheNewestStatePerTopic) {
  OutgoingQueue queue({});
  queue.push(message("a/state", "old", true), kNow);
  queue.push(message("b/state", "b", true), kNow);
  queue.push(message("a/state", "event", false), kNow);
  queue.push(message("a/state", "new", true), kNow);
  EXPECT_EQ(queue.size(), 3U);
  EXPECT_EQ(queue.pop(kNow)->message.payload, "b");
  EXPECT_EQ(queue.pop(kNow)->message.payload, "event");
  EXPECT_EQ(queue.pop(kNow)->message.payload, "new");
}

TEST(OutgoingQueue, RefusesWhatDoesNotFitAndStillReplacesState) {
  OutgoingQueue queue({.messages = 2, .bytes = 10000});
  EXPECT_TRUE(queue.push(message("state", "1", true), kNow));
  EXPECT_TRUE(queue.push(message("result", "1", false), kNow));
  EXPECT_FALSE(queue.push(message("result", "2", false), kNow));
  EXPECT_TRUE(queue.push(message("state", "2", true), kNow));
  EXPECT_EQ(queue.size(), 2U);

  OutgoingQueue narrow({.messages = 100, .bytes = 200});
  EXPECT_TRUE(narrow.push(message("t", std::string(100, 'x'), false), kNow));
  EXPECT_FALSE(narrow.push(message("t", std::string(100, 'x'), false), kNow));
}

TEST(OutgoingQueue, AStateThatDoesNotFitDoesNotTakeTheOlderOneAway) {
  OutgoingQueue queue({.messages = 100, .bytes = 200});
  EXPECT_TRUE(queue.push(message("state", "old", true), kNow));
  EXPECT_FALSE(queue.push(message("state", std::string(500, 'x'), true), kNow));
  EXPECT_EQ(queue.pop(kNow)->message.payload, "old");
}

TEST(OutgoingQueue, PutsBackWhatWasNotAcknowledgedBeforeTheRest) {
  OutgoingQueue queue({.messages = 1, .bytes = 10000});
  queue.push(message("result", "1", false), kNow);
  auto first = queue.pop(kNow);
  queue.push(message("result", "2", false), kNow);
  queue.put_back(std::move(*first));
  EXPECT_EQ(queue.pop(kNow)->message.payload, "1");
  EXPECT_EQ(queue.pop(kNow)->message.payload, "2");
}

TEST(OutgoingQueue, DoesNotPutBackAStateThatIsOutdated) {
  OutgoingQueue queue({});
  queue.push(message("state", "old", true), kNow);
  auto old = queue.pop(kNow);
  queue.push(message("state", "new", true), kNow);
  queue.put_back(std::move(*old));
  EXPECT_EQ(queue.size(), 1U);
  EXPECT_EQ(queue.pop(kNow)->message.payload, "new");
}

TEST(OutgoingQueue, ABirthGoesFirstAndReplacesAnOlderStatus) {
  OutgoingQueue queue({});
  queue.push(message("status", "stale", true), kNow);
  queue.push(message("result", "1", false), kNow);
  queue.push_first(message("status", "birth", true));
  EXPECT_EQ(queue.pop(kNow)->message.payload, "birth");
  EXPECT_EQ(queue.pop(kNow)->message.payload, "1");
  EXPECT_TRUE(queue.empty());
}

TEST(OutgoingQueue, WaitingCountsTowardsExpiry) {
  OutgoingQueue queue({});
  auto short_lived = message("result", "short", false);
  short_lived.expiry = seconds(10);
  auto long_lived = message("result", "long", false);
  long_lived.expiry = seconds(60);
  queue.push(std::move(short_lived), kNow);
  queue.push(std::move(long_lived), kNow);
  const auto entry = queue.pop(kNow + seconds(10));
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->message.payload, "long");
  EXPECT_EQ(entry->message.expiry, seconds(50));
  EXPECT_EQ(queue.expired(), 1U);
}

}  // namespace
}  // namespace lokaal
