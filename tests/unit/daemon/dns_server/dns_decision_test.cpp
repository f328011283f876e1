#include "daemon/dns_server/dns_decision.hpp"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dns_server/school.hpp"

namespace lokaal {
namespace {

using namespace test;

// What a device in the room is told of a name; only the layer, which is none if it is answered.
Layer refusal(const DnsSnapshot& snapshot, KnownDevice device, std::optional<NameClass> name,
              WallTime now = kNow, const RoomId& room = kRoom) {
  const DnsDecision decision = dns_decision(snapshot, room, device, name, now);
  EXPECT_EQ(decision.allowed, decision.layer == Layer::none);
  return decision.layer;
}

constexpr std::nullopt_t kUnknownName = std::nullopt;

TEST(DnsDecision, AnswersEverythingInAnOpenRoom) {
  const DnsSnapshot open = school(Mode::open);
  for (const KnownDevice device : {kLaptop, kPhone, kStaffPhone, kBoard, kAlarm, kStranger})
    for (const std::optional<NameClass>& name :
         {std::optional(kSocialName), std::optional(kEssentialName), std::optional<NameClass>()})
      EXPECT_EQ(refusal(open, device, name), Layer::none);
}

TEST(DnsDecision, RefusesSocialServicesInALesson) {
  const DnsSnapshot lesson = school(Mode::lesson);
  for (const KnownDevice device : {kLaptop, kPhone, kBoard, kStranger})
    EXPECT_EQ(refusal(lesson, device, kSocialName), Layer::lesson);
  EXPECT_EQ(refusal(lesson, kLaptop, kUnknownName), Layer::none);
  EXPECT_EQ(refusal(lesson, kLaptop, kEssentialName), Layer::none);
  EXPECT_EQ(refusal(lesson, kStaffPhone, kSocialName), Layer::none);
}

TEST(DnsDecision, CitesTheRuleAndItsEnd) {
  const DnsDecision decision =
      dns_decision(school(Mode::lesson), kRoom, kLaptop, kSocialName, kNow);
  EXPECT_EQ(decision, (DnsDecision{false, Layer::lesson, {RuleId("mondia:lesson-social"), kBell}}));
}

TEST(DnsDecision, CitesDefaultWhereNothingIsCited) {
  DnsSnapshot lesson = school(Mode::lesson);
  lesson.citations.clear();
  EXPECT_EQ(dns_decision(lesson, kRoom, kLaptop, kSocialName, kNow).citation,
            (Citation{RuleId("default"), std::nullopt}));
}

TEST(DnsDecision, LetsAGrantPassForItsServiceItsDevicesAndItsTime) {
  DnsSnapshot lesson = school(Mode::lesson);
  lesson.desired.rooms[kRoom].grants = {{kSocial, kLaptop.device, kBell}};
  EXPECT_EQ(refusal(lesson, kLaptop, kSocialName), Layer::none);
  EXPECT_EQ(refusal(lesson, kLaptop, kOtherSocialName), Layer::lesson);
  EXPECT_EQ(refusal(lesson, kPhone, kSocialName), Layer::lesson);
  EXPECT_EQ(refusal(lesson, kStranger, kSocialName), Layer::lesson);
  EXPECT_EQ(refusal(lesson, kLaptop, kSocialName, kNow, kNextRoom), Layer::lesson);
  EXPECT_EQ(refusal(lesson, kLaptop, kSocialName, kBell - std::chrono::microseconds(1)),
            Layer::none);
  EXPECT_EQ(refusal(lesson, kLaptop, kSocialName, kBell), Layer::lesson);
}

TEST(DnsDecision, LetsAGrantForTheRoomReachEverybody) {
  DnsSnapshot lesson = school(Mode::lesson);
  lesson.desired.rooms[kRoom].grants = {{kSocial, 0, kBell}};
  for (const KnownDevice device : {kLaptop, kPhone, kStranger})
    EXPECT_EQ(refusal(lesson, device, kSocialName), Layer::none);
}

TEST(DnsDecision, RefusesEveryNameWhileDevicesAreAway) {
  const DnsSnapshot away = school(Mode::devices_away);
  for (const KnownDevice device : {kLaptop, kPhone, kStaffPhone, kStranger})
    for (const std::optional<NameClass>& name :
         {std::optional(kSocialName), std::optional(kEssentialName), std::optional(kProbesName),
          std::optional<NameClass>()})
      EXPECT_EQ(refusal(away, device, name), Layer::devices_away);
  EXPECT_EQ(refusal(away, kBoard, kUnknownName), Layer::none);
  EXPECT_EQ(refusal(away, kAlarm, kSocialName), Layer::none);
}

TEST(DnsDecision, StillRefusesSocialServicesToWhatIsUsableWhileDevicesAreAway) {
  const DnsSnapshot away = school(Mode::devices_away);
  EXPECT_EQ(refusal(away, kBoard, kSocialName), Layer::lesson);
}

TEST(DnsDecision, WeighsSingleDevicesAgainstTheirCohort) {
  struct Case {
    Mode mode;
    bool cohort_listed;  // usable in devices_away, unusable in a lesson
    bool usable;
    bool unusable;
    Layer expected;
  };
  constexpr Layer kAway = Layer::devices_away;
  for (const Case& c :
       {Case{Mode::devices_away, false, false, false, kAway},
        Case{Mode::devices_away, false, true, false, Layer::none},
        Case{Mode::devices_away, false, true, true, kAway},
        Case{Mode::devices_away, true, false, false, Layer::none},
        Case{Mode::devices_away, true, false, true, kAway},
        Case{Mode::devices_away, true, true, true, kAway},
        Case{Mode::lesson, false, false, false, Layer::none},
        Case{Mode::lesson, false, false, true, kAway}, Case{Mode::lesson, false, true, true, kAway},
        Case{Mode::lesson, true, false, false, kAway},
        Case{Mode::lesson, true, true, false, Layer::none},
        Case{Mode::lesson, true, true, true, kAway},
        Case{Mode::open, true, false, true, Layer::none}}) {
    DnsSnapshot snapshot = school(c.mode);
    DesiredRoom& room = snapshot.desired.rooms[kRoom];
    if (c.cohort_listed) {
      room.usable_away.insert(kLaptop.cohort);
      room.unusable_lesson.insert(kLaptop.cohort);
    }
    if (c.usable) room.usable_devices.insert(kLaptop.device);
    if (c.unusable) room.unusable_devices.insert(kLaptop.device);
    EXPECT_EQ(refusal(snapshot, kLaptop, kUnknownName), c.expected)
        << name_of(c.mode) << c.cohort_listed << c.usable << c.unusable;
  }
}

TEST(DnsDecision, RefusesPhonesEverythingWhileTheBuildingIsPhoneFree) {
  DnsSnapshot open = school(Mode::open);
  open.desired.phone_free = DesiredOverlay{{kPhone.cohort}, kBell};
  EXPECT_EQ(dns_decision(open, kRoom, kPhone, kEssentialName, kNow),
            (DnsDecision{false, Layer::phone_free, {RuleId("school:phone-free"), kBell}}));
  EXPECT_EQ(refusal(open, kStaffPhone, kUnknownName), Layer::none);
  EXPECT_EQ(refusal(open, kLaptop, kUnknownName), Layer::none);
  EXPECT_EQ(refusal(open, kPhone, kUnknownName, kBell), Layer::none);
}

TEST(DnsDecision, RefusesSocialServicesWhileTheBuildingIsSocialFree) {
  DnsSnapshot open = school(Mode::open);
  open.desired.social_free = DesiredOverlay{{kLaptop.cohort}, std::nullopt};
  EXPECT_EQ(refusal(open, kLaptop, kSocialName), Layer::social_free);
  EXPECT_EQ(refusal(open, kLaptop, kUnknownName), Layer::none);
  EXPECT_EQ(refusal(open, kPhone, kSocialName), Layer::none);
  open.desired.rooms[kRoom].grants = {{kSocial, 0, kBell}};
  EXPECT_EQ(refusal(open, kLaptop, kSocialName), Layer::none);
}

TEST(DnsDecision, RefusesACutDeviceEverythingInEveryRoom) {
  DnsSnapshot open = school(Mode::open);
  open.desired.cut = {kLaptop.device};
  for (const RoomId& room : {kRoom, kNextRoom})
    EXPECT_EQ(refusal(open, kLaptop, kEssentialName, kNow, room), Layer::cut);
  EXPECT_EQ(refusal(open, kStranger, kUnknownName), Layer::none);
}

TEST(DnsDecision, AnswersOnlyTheAllowListInAnExam) {
  DnsSnapshot exam = school(Mode::open);
  exam.desired.rooms[kRoom].exams = {DesiredExam{{kPlatform}, kBell}};
  for (const KnownDevice device : {kLaptop, kStaffPhone, kBoard, kStranger}) {
    EXPECT_EQ(refusal(exam, device, kPlatformName), Layer::none);
    EXPECT_EQ(refusal(exam, device, kProbesName), Layer::none);
    EXPECT_EQ(refusal(exam, device, kEssentialName), Layer::exam);
    EXPECT_EQ(refusal(exam, device, kUnknownName), Layer::exam);
  }
  EXPECT_EQ(refusal(exam, kAlarm, kSocialName), Layer::none);
  EXPECT_EQ(refusal(exam, kLaptop, kUnknownName, kNow, kNextRoom), Layer::none);
  EXPECT_EQ(refusal(exam, kLaptop, kUnknownName, kBell), Layer::none);
}

TEST(DnsDecision, RefusesACandidateWhereverThatDeviceIs) {
  DnsSnapshot exam = school(Mode::open);
  exam.desired.candidates[kLaptop.device] = {DesiredExam{{kPlatform}, kBell}};
  EXPECT_EQ(dns_decision(exam, kNextRoom, kLaptop, kUnknownName, kNow),
            (DnsDecision{false, Layer::exam, {RuleId("mondia:exam-off"), kBell}}));
  EXPECT_EQ(refusal(exam, kLaptop, kPlatformName, kNow, kNextRoom), Layer::none);
  EXPECT_EQ(refusal(exam, kPhone, kUnknownName), Layer::none);
}

TEST(DnsDecision, AllowsInTwoExamsOnlyWhatBothAllowAndCitesTheLaterEnd) {
  DnsSnapshot exam = school(Mode::open);
  exam.desired.rooms[kRoom].exams = {DesiredExam{{kPlatform, kEssential}, at("10:00:00")}};
  exam.desired.candidates[kLaptop.device] = {DesiredExam{{kPlatform}, at("10:30:00")}};
  EXPECT_EQ(refusal(exam, kLaptop, kPlatformName), Layer::none);
  EXPECT_EQ(refusal(exam, kLaptop, kEssentialName), Layer::exam);
  EXPECT_EQ(dns_decision(exam, kRoom, kLaptop, kUnknownName, kNow).citation.until, at("10:30:00"));
  EXPECT_EQ(dns_decision(exam, kRoom, kPhone, kUnknownName, kNow).citation.until, at("10:00:00"));
}

TEST(DnsDecision, LeavesTheLaterOfTwoExamsAloneWhenTheEarlierHasEnded) {
  DnsSnapshot exam = school(Mode::open);
  exam.desired.candidates[kLaptop.device] = {DesiredExam{{kPlatform}, at("10:00:00")},
                                             DesiredExam{{kEssential}, at("10:30:00")}};
  EXPECT_EQ(refusal(exam, kLaptop, kPlatformName), Layer::exam);
  EXPECT_EQ(refusal(exam, kLaptop, kEssentialName), Layer::exam);
  EXPECT_EQ(refusal(exam, kLaptop, kPlatformName, at("10:00:00")), Layer::exam);
  EXPECT_EQ(refusal(exam, kLaptop, kEssentialName, at("10:00:00")), Layer::none);
  EXPECT_EQ(refusal(exam, kLaptop, kUnknownName, at("10:30:00")), Layer::none);
}

TEST(DnsDecision, SparesAnExemptDeviceFromThatOverlayAndUntilThen) {
  DnsSnapshot all = school(Mode::lesson);
  all.desired.rooms[kRoom].exams = {DesiredExam{{}, at("11:00:00")}};
  all.desired.exam_exempt = {{kPhone.device, kUnclassified, kBell}};
  all.desired.phone_free = DesiredOverlay{{kPhone.cohort}, std::nullopt};
  EXPECT_EQ(refusal(all, kPhone, kUnknownName), Layer::phone_free);
  EXPECT_EQ(refusal(all, kLaptop, kUnknownName), Layer::exam);
  all.desired.phone_exempt = {{kPhone.device, kUnclassified, kBell}};
  EXPECT_EQ(refusal(all, kPhone, kUnknownName), Layer::none);
  EXPECT_EQ(refusal(all, kPhone, kSocialName), Layer::lesson);
  all.desired.social_exempt = {{kPhone.device, kSocial, kBell}};
  EXPECT_EQ(refusal(all, kPhone, kSocialName), Layer::none);
  EXPECT_EQ(refusal(all, kPhone, kOtherSocialName), Layer::lesson);
  all.desired.social_exempt = {{kPhone.device, kUnclassified, kBell}};
  EXPECT_EQ(refusal(all, kPhone, kOtherSocialName), Layer::none);
  EXPECT_EQ(refusal(all, kPhone, kSocialName, kBell), Layer::exam);
  EXPECT_EQ(refusal(all, kStranger, kUnknownName), Layer::exam);
}

TEST(DnsDecision, LeavesToOtherLayersWhatAnExamAllows) {
  DnsSnapshot exam = school(Mode::lesson);
  exam.desired.rooms[kRoom].exams = {DesiredExam{{kPlatform, kSocial}, kBell}};
  EXPECT_EQ(refusal(exam, kLaptop, kSocialName), Layer::lesson);
  exam.desired.cut = {kLaptop.device};
  EXPECT_EQ(refusal(exam, kLaptop, kPlatformName), Layer::cut);
}

TEST(DnsDecision, CitesTheStrictestOfAllThatRefuse) {
  DnsSnapshot all = school(Mode::lesson);
  all.desired.rooms[kRoom].unusable_lesson = {kPhone.cohort};
  all.desired.phone_free = DesiredOverlay{{kPhone.cohort}, std::nullopt};
  all.desired.social_free = DesiredOverlay{{kPhone.cohort}, std::nullopt};
  all.desired.cut = {kPhone.device};
  all.desired.rooms[kRoom].exams = {DesiredExam{{}, kBell}};
  EXPECT_EQ(refusal(all, kPhone, kSocialName), Layer::exam);
  all.desired.rooms[kRoom].exams.clear();
  EXPECT_EQ(refusal(all, kPhone, kSocialName), Layer::cut);
  all.desired.cut.clear();
  EXPECT_EQ(refusal(all, kPhone, kSocialName), Layer::devices_away);
  all.desired.rooms[kRoom].unusable_lesson.clear();
  EXPECT_EQ(refusal(all, kPhone, kSocialName), Layer::phone_free);
  all.desired.phone_free.reset();
  EXPECT_EQ(refusal(all, kPhone, kSocialName), Layer::social_free);
  all.desired.social_free.reset();
  EXPECT_EQ(refusal(all, kPhone, kSocialName), Layer::lesson);
}

TEST(DnsDecision, RefusesARoomThatIsNotDesiredAtAll) {
  EXPECT_FALSE(
      dns_decision(school(Mode::open), RoomId("lokaal-999"), kLaptop, kUnknownName, kNow).allowed);
}

}  // namespace
}  // namespace lokaal
