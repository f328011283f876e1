#include "core/policy/decide.hpp"

#include <gtest/gtest.h>

#include "tests/unit/core/policy/school.hpp"

namespace lokaal::test {
namespace {

TEST(Decide, AllowsEverythingInAnOpenRoom) {
  const State state = school();
  EXPECT_TRUE(opens(state, "phone", "instagram").allowed);
  EXPECT_TRUE(opens(state, "laptop", "zermelo").allowed);
  EXPECT_EQ(opens(state, "phone", "instagram").rule, RuleId("default"));
}

TEST(Decide, RefusesSocialMediaInALessonAndCitesTheSchoolsRule) {
  State state = school();
  set_mode(state, Mode::lesson, kNow + 30min);
  const Decision decision = opens(state, "phone", "instagram");
  EXPECT_FALSE(decision.allowed);
  EXPECT_EQ(decision.layer, Layer::lesson);
  EXPECT_EQ(decision.rule, RuleId("mondia:lesson-social"));
  EXPECT_EQ(decision.until, kNow + 30min);
  EXPECT_TRUE(opens(state, "phone", "zermelo").allowed);
  EXPECT_TRUE(opens(state, "phone", "nothing-known").allowed);
}

TEST(Decide, LeavesTheNextRoomAsItIs) {
  State state = school();
  set_mode(state, Mode::lesson);
  const Flow flow{at(state, "phone", "lokaal-113"), find_service("instagram"), std::nullopt};
  EXPECT_TRUE(decide(state, rulebook(), flow, kNow).allowed);
}

TEST(Decide, RefusesWhatIsInARoomThatNobodyKnows) {
  const State state = school();
  const Flow flow{at(state, "laptop", "lokaal-999"), find_service("zermelo"), std::nullopt};
  EXPECT_FALSE(decide(state, rulebook(), flow, kNow).allowed);
}

TEST(Decide, CitesTheRuleOfADeviceThatIsCutByHand) {
  State state = school();
  state.cut = {DeviceId("laptop")};
  EXPECT_EQ(opens(state, "laptop", "zermelo").rule, RuleId("school:device-cut"));
}

TEST(Decide, EndsAModeAtItsMomentWithoutAnyEvent) {
  State state = school();
  set_mode(state, Mode::devices_away, kNow + 30min);
  EXPECT_FALSE(opens(state, "laptop", "zermelo", kNow + 30min - 1us).allowed);
  EXPECT_TRUE(opens(state, "laptop", "zermelo", kNow + 30min).allowed);
}

TEST(Decide, PutsEveryDeviceAwayButBoardStaffAndInfrastructure) {
  State state = school();
  set_mode(state, Mode::devices_away);
  for (const char* who :
       {"phone", "tablet", "ipod", "watch", "laptop", "lab-pc", "gadget", "unknown"}) {
    const Decision decision = opens(state, who, "zermelo");
    EXPECT_FALSE(decision.allowed) << who;
    EXPECT_EQ(decision.layer, Layer::devices_away) << who;
    EXPECT_EQ(decision.rule, RuleId("mondia:teacher-decides")) << who;
  }
  for (const char* who : {"board", "alarm", "teacher"})
    EXPECT_TRUE(opens(state, who, "zermelo").allowed) << who;
}

TEST(Decide, LetsTheTeacherAllowAKindWhileDevicesAreAway) {
  State state = school();
  set_mode(state, Mode::devices_away);
  say(state).allowed_kinds = {Kind::laptop};
  EXPECT_TRUE(opens(state, "laptop", "zermelo").allowed);
  EXPECT_FALSE(opens(state, "laptop", "instagram").allowed) << "a lesson goes on";
  EXPECT_FALSE(opens(state, "phone", "zermelo").allowed);
}

TEST(Decide, ForbiddingADeviceWinsOverAllowingItsKind) {
  State state = school();
  set_mode(state, Mode::lesson);
  say(state).allowed_kinds = {Kind::laptop};
  say(state).forbidden = {DeviceId("laptop2")};
  EXPECT_TRUE(opens(state, "laptop", "zermelo").allowed);
  EXPECT_EQ(opens(state, "laptop2", "zermelo").layer, Layer::devices_away);
}

TEST(Decide, JudgesTheFarEndToo) {
  State state = school();
  set_mode(state, Mode::devices_away);
  const Flow flow{at(state, "laptop2", "lokaal-113"), nullptr, at(state, "laptop", "lokaal-112")};
  const Decision decision = decide(state, rulebook(), flow, kNow);
  EXPECT_FALSE(decision.allowed);
  EXPECT_EQ(decision.layer, Layer::devices_away);
}

TEST(Decide, ReachingSomebodyIsNotUsingAService) {
  State state = school();
  set_mode(state, Mode::lesson);
  const Flow flow{std::nullopt, find_service("instagram"), at(state, "laptop")};
  EXPECT_TRUE(decide(state, rulebook(), flow, kNow).allowed);
}

TEST(Decide, AGrantOpensItsServiceForTheRoomUntilItsEnd) {
  State state = school();
  set_mode(state, Mode::lesson);
  grant(state, "g1", {ServiceId("youtube")}, kNow + 10min);
  EXPECT_TRUE(opens(state, "laptop", "youtube").allowed);
  EXPECT_FALSE(opens(state, "laptop", "instagram").allowed);
  EXPECT_FALSE(opens(state, "laptop", "youtube", kNow + 10min).allowed);
}

TEST(Decide, AGrantForOneDeviceIsNotForItsNeighbour) {
  State state = school();
  set_mode(state, Mode::lesson);
  grant(state, "g1", {ServiceId("youtube")}, kNow + 10min, {DeviceId("laptop")});
  EXPECT_TRUE(opens(state, "laptop", "youtube").allowed);
  EXPECT_FALSE(opens(state, "laptop2", "youtube").allowed);
}

TEST(Decide, AGrantOpensNothingWhileDevicesAreAway) {
  State state = school();
  set_mode(state, Mode::devices_away);
  grant(state, "g1", {ServiceId("youtube")}, kNow + 10min);
  EXPECT_EQ(opens(state, "laptop", "youtube").layer, Layer::devices_away);
}

TEST(Decide, PhoneFreeClosesPhonesAndSparesStaffAsTheSchoolSays) {
  State state = school();
  state.phone_free = BuildingOverlay{kNow + 1h};
  EXPECT_EQ(opens(state, "phone", "zermelo").rule, RuleId("school:phone-free"));
  EXPECT_EQ(opens(state, "watch", "zermelo").layer, Layer::phone_free);
  EXPECT_TRUE(opens(state, "laptop", "zermelo").allowed);
  EXPECT_TRUE(opens(state, "teacher-phone", "zermelo").allowed);
}

TEST(Decide, StaffKeepMessagingInALessonWhereTheSchoolSaysSo) {
  State state = school();
  set_mode(state, Mode::lesson);
  Rulebook rules = rulebook();
  rules.staff_keeps_social = false;
  rules.staff_keeps = {ServiceId("youtube")};
  const auto teacher = [&](const char* what) {
    return decide(state, rules, Flow{at(state, "teacher"), find_service(what), std::nullopt}, kNow)
        .allowed;
  };
  EXPECT_TRUE(teacher("youtube"));
  EXPECT_FALSE(teacher("instagram"));
}

TEST(Decide, SocialFreeHoldsInTheBreak) {
  State state = school();
  state.social_free = BuildingOverlay{kNow + 1h};
  EXPECT_EQ(opens(state, "laptop", "tiktok").layer, Layer::social_free);
  EXPECT_TRUE(opens(state, "laptop", "zermelo").allowed);
}

TEST(Decide, AnExemptionIsFromOneOverlayOnly) {
  State state = school();
  state.phone_free = BuildingOverlay{kNow + 1h};
  Exemption care;
  care.id = ExemptionId("e1");
  care.device = DeviceId("phone");
  care.from_phone_free = true;
  care.until = kNow + 1h;
  state.exemptions[care.id] = care;
  EXPECT_TRUE(opens(state, "phone", "zermelo").allowed);
  state.exams[ExamId("x1")] = exam_of_room("x1", kNow + 1h);
  EXPECT_EQ(opens(state, "phone", "zermelo").layer, Layer::exam);
}

TEST(Decide, AnExamOpensOnlyItsAllowListAndExamInfrastructure) {
  State state = school();
  state.exams[ExamId("x1")] = exam_of_room("x1", kNow + 1h, {ServiceId("remindo")});
  EXPECT_TRUE(opens(state, "laptop", "remindo").allowed);
  EXPECT_TRUE(opens(state, "laptop", "captive-probes").allowed);
  EXPECT_FALSE(opens(state, "laptop", "zermelo").allowed);
  EXPECT_FALSE(opens(state, "board", "zermelo").allowed) << "every device";
  EXPECT_FALSE(opens(state, "laptop", "nothing-known").allowed);
  EXPECT_TRUE(opens(state, "alarm", "zermelo").allowed) << "infrastructure is never governed";
  EXPECT_TRUE(opens(state, "laptop", "zermelo", kNow + 1h).allowed) << "ends by itself";
}

TEST(Decide, AnExamAdmitsNothingThatReachesIn) {
  State state = school();
  state.exams[ExamId("x1")] = exam_of_room("x1", kNow + 1h, {ServiceId("remindo")});
  const Flow flow{at(state, "laptop2", "lokaal-113"), find_service("remindo"), at(state, "laptop")};
  EXPECT_EQ(decide(state, rulebook(), flow, kNow).layer, Layer::exam);
}

TEST(Decide, ACandidateIsClosedInEveryRoomUntilTheOwnEnd) {
  State state = school();
  Exam exam = exam_of_room("x1", kNow + 1h);
  exam.whole_room = false;
  exam.candidates = {{DeviceId("phone"), kNow + 75min}};
  state.exams[exam.id] = exam;
  const Flow flow{at(state, "phone", "lokaal-113"), find_service("zermelo"), std::nullopt};
  EXPECT_EQ(decide(state, rulebook(), flow, kNow + 70min).layer, Layer::exam);
  EXPECT_TRUE(decide(state, rulebook(), flow, kNow + 75min).allowed);
  EXPECT_TRUE(opens(state, "laptop", "zermelo").allowed);
}

TEST(Decide, AnEmergencyOpensEverythingButExams) {
  State state = school();
  set_mode(state, Mode::devices_away);
  state.phone_free = BuildingOverlay{std::nullopt};
  state.emergency_until = kNow + 60min;
  EXPECT_TRUE(opens(state, "phone", "whatsapp").allowed);
  EXPECT_FALSE(opens(state, "phone", "whatsapp", kNow + 60min).allowed);
  Exam exam = exam_of_room("x1", kNow + 1min);
  exam.paused = kNow;
  state.exams[exam.id] = exam;
  EXPECT_EQ(opens(state, "phone", "whatsapp", kNow + 5min).layer, Layer::exam)
      << "paused stays closed";
}

TEST(Decide, CitesTheStrictestOfSeveralRefusals) {
  State state = school();
  set_mode(state, Mode::devices_away);
  state.phone_free = BuildingOverlay{kNow + 1h};
  state.exams[ExamId("x1")] = exam_of_room("x1", kNow + 1h);
  EXPECT_EQ(opens(state, "phone", "instagram").layer, Layer::exam);
  state.exams.clear();
  EXPECT_EQ(opens(state, "phone", "instagram").layer, Layer::devices_away);
  set_mode(state, Mode::open);
  EXPECT_EQ(opens(state, "phone", "instagram").layer, Layer::phone_free);
}

}  // namespace
}  // namespace lokaal::test
