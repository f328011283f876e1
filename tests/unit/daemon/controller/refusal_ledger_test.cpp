#include "daemon/controller/refusal_ledger.hpp"

#include <gtest/gtest.h>

namespace lokaal::test {
namespace {

using namespace std::chrono_literals;  // NOLINT: durations read as durations

const WallTime kNow = from_unix_seconds(1'800'000'000);
const RoomId kRoom("lokaal-112");

TEST(RefusalLedger, WritesTheFirstTenOfAMinuteAndSumsTheRest) {
  RefusalLedger ledger;
  unsigned written = 0;
  for (int i = 0; i < 25; ++i)
    if (ledger.add(Reason::bad_signature, kRoom, kNow + std::chrono::seconds(i))) ++written;
  EXPECT_EQ(written, 10U);
  EXPECT_EQ(ledger.due(), kNow + 1min);
  const auto sums = ledger.take(kNow + 1min);
  ASSERT_EQ(sums.size(), 1U);
  EXPECT_EQ(sums[0].refused.count, 15);
  EXPECT_EQ(sums[0].refused.reason, "bad-signature");
  EXPECT_EQ(sums[0].refused.from, kNow + 10s);
  EXPECT_EQ(sums[0].refused.to, kNow + 24s);
}

TEST(RefusalLedger, SumsByReasonAndRoom) {
  RefusalLedger ledger;
  for (int i = 0; i < 10; ++i) ledger.add(Reason::malformed, kRoom, kNow);
  ledger.add(Reason::malformed, kRoom, kNow);
  ledger.add(Reason::retained, kRoom, kNow);
  ledger.add(Reason::retained, std::nullopt, kNow);
  EXPECT_EQ(ledger.take(kNow + 1min).size(), 3U);
}

TEST(RefusalLedger, StartsAnewAfterAMinute) {
  RefusalLedger ledger;
  for (int i = 0; i < 11; ++i) ledger.add(Reason::malformed, kRoom, kNow);
  ledger.take(kNow + 1min);
  EXPECT_TRUE(ledger.add(Reason::malformed, kRoom, kNow + 1min));
  EXPECT_EQ(ledger.due(), std::nullopt);
}

TEST(RefusalLedger, HasNothingDueWhileNothingIsSummed) {
  RefusalLedger ledger;
  ledger.add(Reason::malformed, kRoom, kNow);
  EXPECT_EQ(ledger.due(), std::nullopt);
}

}  // namespace
}  // namespace lokaal::test
