// Overlays that a school's protocol has on at certain hours: with nobody commanding, against
// commands, over restarts and where clocks change.
#include <gtest/gtest.h>

#include "adapters/clock/civil_time.hpp"
#include "core/protocol/overlay_spans.hpp"
#include "tests/unit/daemon/controller/node_fixture.hpp"

namespace lokaal::test {
namespace {

std::function<OverlayHours(WallTime)> in_amsterdam(const Overlays& overlays) {
  auto moments = moments_of_zone("Europe/Amsterdam");
  EXPECT_TRUE(moments) << moments.error().text();
  return [overlays, to_moment = *moments](WallTime now) {
    return coming_hours(overlays, now, to_moment);
  };
}

const std::set<unsigned> kEveryDay = {1, 2, 3, 4, 5, 6, 7};
const std::set<unsigned> kSchoolDays = {1, 2, 3, 4, 5};

WallTime at(std::string_view text) {
  return parse_time(text).value();
}

// The school's clocks begin at 07:00 on a Friday; phones are away from 08:00 to 17:00.
class OverlayHoursTest : public testing::Test {
 protected:
  OverlayHoursTest() {
    overlays.phone_free_hours = {{kSchoolDays, 8h, 17h}};
    site.rulebook.phone_free = RuleId("minkema:phone-free");
    site.rulebook.social_free = RuleId("school:social-free");
    site.rulebook.phone_free_kinds = {Kind::phone};
    machine.overlay_hours = in_amsterdam(overlays);
    machine.clock = FakeClock(at("2027-01-15T06:00:00Z"));
  }
  const std::optional<DesiredOverlay>& phone_free() const {
    return machine.filter.held->phone_free;
  }
  static void until(RunningNode& node, Machine& machine, WallTime moment) {
    node.advance(moment - machine.clock.now());
  }
  void until(RunningNode& node, std::string_view moment) { until(node, machine, at(moment)); }

  std::vector<entry::Change> changes() const {
    std::vector<entry::Change> found;
    for (const auto& record : machine.journal.records) {
      const auto entry = LogEntry::parse(record.item.entry);
      if (!entry) continue;
      if (const auto* change = std::get_if<entry::Change>(&entry->body);
          change && entry->room == kRoom)
        found.push_back(*change);
    }
    return found;
  }
  void say(RunningNode& node, bool on, const std::string& until = {}) {
    const std::string end = until.empty() ? "" : R"(,"until":")" + until + "\"";
    auto claims = school::claims_by("coordinator-key",
                                    R"({"type":"set-overlay","overlay":"phone-free","on":)" +
                                        std::string(on ? "true" : "false") + end + "}",
                                    ++number_);
    claims["aud"] = "school";
    claims["iat"] = to_unix_seconds(machine.clock.now());
    claims["exp"] = to_unix_seconds(machine.clock.now()) + 60;
    node.send(school::sign(claims, "coordinator-key"), kBuildingTopic);
    ASSERT_EQ(node.status(), "enforced") << node.reason();
  }
  static std::string deadline(const RunningNode& node) {
    return RunningNode::text(node.last(kStateTopic), "next_deadline");
  }
  static boost::json::array shown(const RunningNode& node) {
    return node.last(kStateTopic)["commanded"].as_object()["overlays"].as_array();
  }

  Overlays overlays;
  Machine machine;
  Site site = small_site();

 private:
  unsigned number_ = 0;
};

TEST_F(OverlayHoursTest, AnOverlayBeginsAndEndsAtItsHoursWithNobodyCommanding) {
  RunningNode node(machine, site);
  EXPECT_FALSE(phone_free());
  until(node, "2027-01-15T07:00:00Z");
  ASSERT_TRUE(phone_free());
  EXPECT_EQ(phone_free()->until, at("2027-01-15T16:00:00Z")) << "the kernel ends it by itself";
  ASSERT_EQ(shown(node).size(), 1U);
  EXPECT_EQ(boost::json::serialize(shown(node)),
            R"([{"name":"phone-free","until":"2027-01-15T16:00:00.000000Z"}])");
  EXPECT_EQ(deadline(node), "2027-01-15T16:00:00.000000Z");
  until(node, "2027-01-15T16:00:00Z");
  EXPECT_FALSE(phone_free());
  EXPECT_TRUE(shown(node).empty());
  EXPECT_EQ(deadline(node), "2027-01-18T07:00:00.000000Z") << "after the weekend";
}

TEST_F(OverlayHoursTest, TheLogTellsBothEdgesAndTheRule) {
  RunningNode node(machine, site);
  until(node, "2027-01-15T07:00:00Z");
  until(node, "2027-01-15T16:00:00Z");
  ASSERT_EQ(changes().size(), 2U);
  const entry::Change begun = changes().front();
  EXPECT_EQ(begun.cause, "overlays");
  EXPECT_FALSE(begun.jti) << "nobody commanded it";
  EXPECT_EQ(begun.rule, RuleId("minkema:phone-free"));
  ASSERT_EQ(begun.overlays.size(), 1U);
  EXPECT_EQ(begun.overlays.front().until, at("2027-01-15T16:00:00Z"));
  EXPECT_TRUE(changes().back().overlays.empty());
}

TEST_F(OverlayHoursTest, BothOverlaysHaveHoursOfTheirOwn) {
  overlays.social_free_hours = {{kSchoolDays, 12h, 13h}};
  machine.overlay_hours = in_amsterdam(overlays);
  RunningNode node(machine, site);
  until(node, "2027-01-15T07:00:00Z");
  EXPECT_FALSE(machine.filter.held->social_free);
  until(node, "2027-01-15T11:00:00Z");
  ASSERT_TRUE(machine.filter.held->social_free);
  EXPECT_EQ(machine.filter.held->social_free->until, at("2027-01-15T12:00:00Z"));
  until(node, "2027-01-15T12:00:00Z");
  EXPECT_FALSE(machine.filter.held->social_free);
  EXPECT_TRUE(phone_free());
}

TEST_F(OverlayHoursTest, AnOverlayBeginsWhateverTheDiskSays) {
  RunningNode node(machine, site);
  machine.journal.die();
  until(node, "2027-01-15T07:00:00Z");
  EXPECT_TRUE(phone_free());
}

TEST_F(OverlayHoursTest, SwitchedOffItStaysOffUntilTheHoursBeginAgain) {
  RunningNode node(machine, site);
  until(node, "2027-01-15T07:00:00Z");
  say(node, false);
  EXPECT_FALSE(phone_free());
  until(node, "2027-01-15T16:00:00Z");
  EXPECT_FALSE(phone_free());
  until(node, "2027-01-18T07:00:00Z");
  ASSERT_TRUE(phone_free());
  EXPECT_EQ(phone_free()->until, at("2027-01-18T16:00:00Z"));
}

TEST_F(OverlayHoursTest, SwitchedOffForAWhileItComesBackInItsHours) {
  RunningNode node(machine, site);
  until(node, "2027-01-15T07:00:00Z");
  say(node, false, "2027-01-15T09:00:00Z");
  EXPECT_FALSE(phone_free());
  EXPECT_EQ(deadline(node), "2027-01-15T09:00:00.000000Z");
  until(node, "2027-01-15T09:00:00Z");
  ASSERT_TRUE(phone_free());
  EXPECT_EQ(phone_free()->until, at("2027-01-15T16:00:00Z"));
}

TEST_F(OverlayHoursTest, SwitchedOffBeforeItsHoursForAWhileItBeginsLater) {
  RunningNode node(machine, site);
  say(node, false, "2027-01-15T08:30:00Z");
  until(node, "2027-01-15T07:00:00Z");
  EXPECT_FALSE(phone_free());
  until(node, "2027-01-15T08:30:00Z");
  EXPECT_TRUE(phone_free());
}

TEST_F(OverlayHoursTest, SwitchedOnInItsHoursItLastsAsLongAsEitherSays) {
  RunningNode node(machine, site);
  until(node, "2027-01-15T07:00:00Z");
  say(node, true, "2027-01-15T08:00:00Z");
  EXPECT_EQ(phone_free()->until, at("2027-01-15T16:00:00Z"));
  until(node, "2027-01-15T16:00:00Z");
  say(node, true, "2027-01-15T18:00:00Z");
  EXPECT_EQ(phone_free()->until, at("2027-01-15T18:00:00Z"));
}

TEST_F(OverlayHoursTest, WhatIsCommandedBeyondTheHoursOutlastsThem) {
  RunningNode node(machine, site);
  say(node, true, "2027-01-15T07:30:00Z");
  EXPECT_EQ(phone_free()->until, at("2027-01-15T07:30:00Z"));
  until(node, "2027-01-15T07:00:00Z");
  EXPECT_EQ(phone_free()->until, at("2027-01-15T16:00:00Z")) << "the hours last longer";
  machine.clock.advance(6h);
  say(node, true, "2027-01-15T17:00:00Z");
  EXPECT_EQ(phone_free()->until, at("2027-01-15T17:00:00Z"));
  until(node, "2027-01-15T17:00:00Z");
  EXPECT_FALSE(phone_free());
}

TEST_F(OverlayHoursTest, SwitchedOnAgainTheHoursHoldAtOnce) {
  RunningNode node(machine, site);
  until(node, "2027-01-15T07:00:00Z");
  say(node, false);
  say(node, true, "2027-01-15T07:10:00Z");
  EXPECT_EQ(phone_free()->until, at("2027-01-15T16:00:00Z"));
}

TEST_F(OverlayHoursTest, ARestartInTheHoursAddsNothingToTheLog) {
  {
    RunningNode node(machine, site);
    until(node, "2027-01-15T07:00:00Z");
  }
  const auto records = machine.journal.records.size();
  const RunningNode again(machine, site);
  ASSERT_TRUE(phone_free());
  EXPECT_EQ(phone_free()->until, at("2027-01-15T16:00:00Z"));
  EXPECT_EQ(machine.journal.records.size(), records);
}

TEST_F(OverlayHoursTest, ASwitchOffOutlivesARestart) {
  {
    RunningNode node(machine, site);
    until(node, "2027-01-15T07:00:00Z");
    say(node, false, "2027-01-15T09:00:00Z");
  }
  RunningNode again(machine, site);
  EXPECT_FALSE(phone_free());
  until(again, "2027-01-15T09:00:00Z");
  EXPECT_TRUE(phone_free());
}

TEST_F(OverlayHoursTest, HoursThatBeganWhileTheDaemonWasDownBeginWithIt) {
  { const RunningNode node(machine, site); }
  machine.clock.advance(3h);
  const RunningNode again(machine, site);
  ASSERT_TRUE(phone_free());
  EXPECT_EQ(phone_free()->until, at("2027-01-15T16:00:00Z"));
  ASSERT_EQ(changes().size(), 1U);
  EXPECT_EQ(changes().front().overlays.size(), 1U);
}

TEST_F(OverlayHoursTest, HoursThatEndedWhileTheDaemonWasDownAreRecordedAtItsStart) {
  {
    RunningNode node(machine, site);
    until(node, "2027-01-15T07:00:00Z");
  }
  machine.clock.advance(10h);
  const RunningNode again(machine, site);
  EXPECT_FALSE(phone_free());
  ASSERT_EQ(changes().size(), 2U);
  EXPECT_TRUE(changes().back().overlays.empty());
}

TEST_F(OverlayHoursTest, WhereClocksGoForwardTheHoursAreThoseOnTheWall) {
  overlays.phone_free_hours = {{kEveryDay, 8h, 17h}};
  machine.overlay_hours = in_amsterdam(overlays);
  machine.clock = FakeClock(at("2027-03-27T12:00:00Z"));
  RunningNode node(machine, site);
  EXPECT_EQ(phone_free()->until, at("2027-03-27T16:00:00Z"));
  until(node, "2027-03-27T16:00:00Z");
  EXPECT_EQ(deadline(node), "2027-03-28T06:00:00.000000Z");
  until(node, "2027-03-28T06:00:00Z");
  EXPECT_EQ(phone_free()->until, at("2027-03-28T15:00:00Z"));
}

TEST(ComingHours, AnHourThatComesTwiceIsPartOfThem) {
  Overlays overlays;
  overlays.social_free_hours = {{{7}, 90min, 210min}};
  const auto coming = in_amsterdam(overlays)(at("2027-10-30T12:00:00Z"));
  ASSERT_FALSE(coming.social_free.empty());
  EXPECT_EQ(coming.social_free.front(),
            (OverlaySpan{at("2027-10-30T23:30:00Z"), at("2027-10-31T02:30:00Z")}));
}

TEST(ComingHours, HoursThatLieWhereClocksLeapAreNone) {
  Overlays overlays;
  overlays.social_free_hours = {{{7}, 130min, 170min}};
  const auto coming = in_amsterdam(overlays)(at("2027-03-27T12:00:00Z"));
  ASSERT_EQ(coming.social_free.size(), 1U) << "a week later alone";
  EXPECT_EQ(coming.social_free.front().from, at("2027-04-04T00:10:00Z"));
}

TEST(ComingHours, HoursThatTouchOrOverlapAreOne) {
  Overlays overlays;
  overlays.phone_free_hours = {{{5}, 10h, 12h}, {{5}, 8h, 10h}, {{5}, 11h, 13h}};
  const auto coming = in_amsterdam(overlays)(at("2027-01-15T06:00:00Z"));
  ASSERT_FALSE(coming.phone_free.empty());
  EXPECT_EQ(coming.phone_free.front(),
            (OverlaySpan{at("2027-01-15T07:00:00Z"), at("2027-01-15T12:00:00Z")}));
}

}  // namespace
}  // namespace lokaal::test
