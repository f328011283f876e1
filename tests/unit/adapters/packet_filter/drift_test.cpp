#include "adapters/packet_filter/drift.hpp"

#include <gtest/gtest.h>

#include "tests/unit/adapters/packet_filter/school_state.hpp"

namespace lokaal::packet_filter {
namespace {

using namespace std::chrono_literals;
using test::kNoon;

Elements one(SetId set, const Key& key, std::optional<WallTime> until = std::nullopt,
             Datum datum = {}) {
  Elements elements;
  elements.add(set, key, until, std::move(datum));
  return elements;
}
const Key kKey = key_of(7);

TEST(ElementDrift, WhatEndsWithinAMomentIsLetBe) {
  const Elements none;
  EXPECT_EQ(drift_between(one(SetId::exams, kKey, kNoon + 900ms), none, kNoon).found, "");
  EXPECT_EQ(drift_between(one(SetId::exams, kKey, kNoon - 1h), none, kNoon).found, "");
  EXPECT_EQ(drift_between(one(SetId::exams, kKey, kNoon + 2s), none, kNoon).found,
            "exams: 1 missing");
  EXPECT_EQ(drift_between(none, one(SetId::exams, kKey, kNoon + 50ms), kNoon).found, "");
  EXPECT_EQ(drift_between(none, one(SetId::exams, kKey, kNoon + 1s), kNoon).found,
            "exams: 1 foreign");
}

TEST(ElementDrift, DeadlinesAreHeldToTwoSeconds) {
  const Elements held = one(SetId::exams, kKey, kNoon + 1h);
  EXPECT_EQ(drift_between(held, one(SetId::exams, kKey, kNoon + 1h + 1s), kNoon).found, "");
  for (const auto& until : {std::optional(kNoon + 1h + 3s), std::optional(kNoon + 1h - 3s),
                            std::optional<WallTime>()}) {
    const ElementDrift drift = drift_between(held, one(SetId::exams, kKey, until), kNoon);
    EXPECT_EQ(drift.found, "exams: 1 altered");
    EXPECT_EQ(drift.mend.refresh.size(), until ? 1U : 0U);
    EXPECT_EQ(drift.mend.remove.size(), 1U);
    ASSERT_EQ(drift.mend.insert.size(), 1U);
    EXPECT_EQ(drift.mend.insert[0].entry.until, kNoon + 1h);
  }
}

TEST(ElementDrift, WhatHasEndedIsNotPutBack) {
  const ElementDrift drift =
      drift_between(one(SetId::exams, kKey, kNoon), one(SetId::exams, kKey, kNoon + 1h), kNoon);
  EXPECT_EQ(drift.mend.remove.size(), 1U);
  EXPECT_TRUE(drift.mend.insert.empty());
}

TEST(ElementDrift, AnElementForEveryKeyIsBeyondABatch) {
  EXPECT_TRUE(drift_between({}, one(SetId::exams, Key()), kNoon).beyond);
}

TEST(RuleDrift, NamesTheFirstOfWhatDiffers) {
  EXPECT_EQ(rule_drift("rule a 1\nrule b 2\n", ""), "the table is gone");
  EXPECT_EQ(rule_drift("rule a 1\nrule b 2\n", "rule b 2\nrule b 3\nrule b 4\n"),
            "rules: 1 missing (rule a 1), 2 foreign (rule b 3, ...)");
  EXPECT_EQ(rule_drift("rule a 1\nrule b 2\n", "rule b 2\nrule a 1\n"), "rules: in another order");
}

}  // namespace
}  // namespace lokaal::packet_filter
