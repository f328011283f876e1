#include "core/verification/continuity.hpp"

#include <gtest/gtest.h>

#include "tests/unit/core/verification/made_log.hpp"

namespace lokaal {
namespace {

using test::at;
using test::MadeLog;

class ContinuityTest : public ::testing::Test {
 protected:
  std::vector<Finding> found(std::optional<RoomId> room = {}, AskedTime time = {}) {
    log.publish();
    auto request = log.request();
    request.room = std::move(room);
    request.time = time;
    const auto verification = verify_log(request);
    EXPECT_TRUE(verification);
    const bool none = verification->findings.all().empty();
    EXPECT_EQ(verification->verdict, none ? LogVerdict::proven : LogVerdict::proven_with_gaps);
    return verification->findings.all();
  }

  MadeLog log;
};

TEST_F(ContinuityTest, FiveMinutesOfSilenceAreAllowedAndNotOneSecondMore) {
  log.beat(300, 600, 300);
  EXPECT_TRUE(found().empty());
  log.beat(901, 901, 1);
  const auto findings = found();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].kind, FindingKind::heartbeat_late);
  EXPECT_EQ(findings[0].from, at(600));
  EXPECT_EQ(findings[0].to, at(901));
}

TEST_F(ContinuityTest, InAnExamThirtySeconds) {
  log.beat(10, 10, 1);
  log.add_observation(11, log.agent);
  log.add(20, entry::ExamBegin{ExamId("e-1"), 1, {}});
  log.beat(40, 130, 30);
  EXPECT_TRUE(found().empty());
  log.beat(161, 161, 1);
  const auto findings = found();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].kind, FindingKind::heartbeat_late);
  EXPECT_EQ(findings[0].from, at(130));
}

TEST_F(ContinuityTest, AnExamIsOneWhoeverTellsOfItFirstAndEndsOnlyByItsEnd) {
  log.add_observation(11, log.agent);
  entry::Change change;
  change.mode = "exam";
  change.exam = ExamId("e-1");
  log.add(20, change);
  log.beat(21, 21, 1);
  log.beat(80, 80, 1);
  log.add(81, entry::ExamEnd{{ExamId("e-1"), "until"}});
  change.exam.reset();  // another overlay's change, while the room still shows an exam
  log.add(82, change);
  log.beat(200, 200, 1);
  const auto findings = found();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].kind, FindingKind::heartbeat_late);
  EXPECT_EQ(findings[0].to, at(80));
}

TEST_F(ContinuityTest, AGapThatIsRecordedIsNamedOnceAndMayRestartTheCount) {
  log.beat(100, 100, 1);
  log.boot = "b6f4c1de-0000-4000-8000-000000000002";
  const auto gap = log.add(2000, entry::Gap{at(100), at(2000), "reboot"}, {}, std::nullopt);
  entry::Heartbeat again;
  again.agents_ok = 1;
  log.add(2001, again);
  const auto findings = found();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].kind, FindingKind::gap_recorded);
  EXPECT_EQ(findings[0].index, gap);
  EXPECT_EQ(findings[0].detail, "reboot");
}

TEST_F(ContinuityTest, AnotherBootWithoutAGapIsAGap) {
  log.beat(100, 100, 1);
  log.boot = "b6f4c1de-0000-4000-8000-000000000002";
  log.beat(110, 110, 1);
  const auto findings = found();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].kind, FindingKind::boot_unexplained);
}

TEST_F(ContinuityTest, AMissingNumberIsAGap) {
  log.beat(100, 100, 1);
  entry::Heartbeat beat;
  beat.n = 2;
  beat.agents_ok = 1;
  log.add(120, beat);
  const auto findings = found();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].kind, FindingKind::heartbeat_lost);
  EXPECT_EQ(findings[0].from, at(100));
}

TEST_F(ContinuityTest, AnExamThatOnlyItsOwnBoxWatchedHasAGap) {
  log.add(20, entry::ExamBegin{ExamId("e-1"), 1, {}});
  log.beat(21, 61, 20);
  const auto findings = found();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].kind, FindingKind::observer_absent);
}

TEST_F(ContinuityTest, AnExamThatNobodyElseWatchedHasAGap) {
  log.add(20, entry::ExamBegin{ExamId("e-1"), 1, {}});
  log.beat(21, 61, 20, 0);
  log.beat(81, 101, 20, 1);
  const auto findings = found();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].kind, FindingKind::observer_absent);
  EXPECT_EQ(findings[0].to, at(101));
}

TEST_F(ContinuityTest, AnAgentThatAgreedDaysAgoAndWentDoesNotBearOutAnExam) {
  log.add_observation(1, log.agent);
  log.add_observation(2, log.agent, "silent");
  log.add(20, entry::ExamBegin{ExamId("e-1"), 1, {}});
  log.beat(21, 81, 20);
  const auto findings = found();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].kind, FindingKind::observer_absent);
  EXPECT_EQ(findings[0].from, at(20));
}

TEST_F(ContinuityTest, WhatAnAgentSaysOtherwiseDuringAnExamIsItsGap) {
  log.add_observation(1, log.agent);
  log.add(20, entry::ExamBegin{ExamId("e-1"), 1, {}});
  log.beat(21, 41, 20);
  log.add_observation(50, log.agent, "drift");
  log.beat(61, 81, 20);
  log.add_observation(90, log.agent);
  log.beat(101, 121, 20);
  const auto findings = found();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].kind, FindingKind::observer_absent);
  EXPECT_EQ(findings[0].from, at(50));
  EXPECT_EQ(findings[0].to, at(90));
}

TEST_F(ContinuityTest, AnAgentOfAnotherRoomDoesNotBearOutThisRoomsExam) {
  log.add_observation(1, log.agent, "agrees", RoomId("lokaal-113"));
  log.add(20, entry::ExamBegin{ExamId("e-1"), 1, {}}, {}, RoomId("lokaal-112"));
  log.beat(21, 81, 20);
  EXPECT_EQ(found().size(), 1U);
}

TEST_F(ContinuityTest, AnExamOutsideTheTimeAskedAboutHasNoGap) {
  log.add(20, entry::ExamBegin{ExamId("e-1"), 1, {}});
  log.beat(21, 81, 20);
  log.add(90, entry::ExamEnd{{ExamId("e-1"), "planned"}});
  log.beat(91, 391, 100);
  EXPECT_FALSE(found().empty());
  EXPECT_TRUE(found({}, {at(100), at(390)}).empty());
}

TEST_F(ContinuityTest, AnotherRoomsExamIsNotThisRooms) {
  log.add(20, entry::ExamBegin{ExamId("e-1"), 1, {}}, {}, RoomId("lokaal-113"));
  log.beat(100, 200, 100);
  log.add(201, entry::ExamEnd{{ExamId("e-1"), "planned"}}, {}, RoomId("lokaal-113"));
  EXPECT_TRUE(found(RoomId("lokaal-112")).empty());
  EXPECT_FALSE(found(RoomId("lokaal-113")).empty());
}

TEST_F(ContinuityTest, OnlyTheTimeThatIsAskedAboutCounts) {
  log.beat(100, 100, 1);
  log.beat(1000, 1200, 100);
  EXPECT_FALSE(found().empty());
  EXPECT_TRUE(found({}, {at(1000), at(1200)}).empty());
  // Half of a silence is asked about: the silence is as long as it is.
  EXPECT_FALSE(found({}, {at(900), at(1100)}).empty());
}

TEST_F(ContinuityTest, TimeOutsideTheLogIsNotCovered) {
  log.beat(100, 300, 100);
  const auto findings = found({}, {at(-60), at(400)});
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].kind, FindingKind::not_covered);
  EXPECT_EQ(findings[0].from, at(-60));
  EXPECT_EQ(findings[1].to, at(400));
}

}  // namespace
}  // namespace lokaal
