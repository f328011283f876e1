// Each reason that the state of the school gives, one by one.
#include "core/command/authorise.hpp"

#include <gtest/gtest.h>

#include "tests/unit/core/command/school.hpp"

namespace lokaal {
namespace {

using namespace school;
using std::chrono::minutes;

const std::string kOpen = R"({"type":"set-mode","mode":"open"})";
const std::string kAway = R"({"type":"set-mode","mode":"devices-away"})";
const std::string kTest = R"({"type":"set-mode","mode":"exam"})";
const std::string kGrant =
    R"({"type":"grant","services":["instagram"],"minutes":5,"reason":"teaching"})";

class Authorise : public testing::Test {
 protected:
  Context context;
  RoomView& room = context.room_views[kRoom];

  std::string teacher(const std::string& cmd, const RoomId& where = kRoom) {
    return authorised("teacher-key", cmd, context, where);
  }
  void run_exam(std::optional<ExamId> id, const char* owner) {
    room.exam = RunningExamView{std::move(id), PersonId(owner), RuleId("school:exam")};
  }
};

TEST_F(Authorise, WithoutATimetableOwnRoomsCountAtAnyHour) {
  EXPECT_EQ(teacher(kLesson), "approved");
  EXPECT_EQ(teacher(kLesson, kOther), "room-forbidden");
}

TEST_F(Authorise, WithATimetableTheLessonSaysWhoseHourItIs) {
  room.timetabled = true;
  EXPECT_EQ(teacher(kLesson), "hour-forbidden");
  room.lesson = LessonView{PersonId("p-18"), kNow + minutes(20)};
  EXPECT_EQ(teacher(kLesson), "hour-forbidden");
  room.lesson->teacher = PersonId("p-17");
  EXPECT_EQ(teacher(kLesson), "approved");
  context.room_views[kOther].timetabled = true;
  EXPECT_EQ(teacher(kLesson, kOther), "room-forbidden");
  context.room_views[kOther].lesson = LessonView{PersonId("p-17"), kNow + minutes(20)};
  EXPECT_EQ(teacher(kLesson, kOther), "approved");
}

TEST_F(Authorise, ARoomIsTakenByASubstitute) {
  RoomView& other = context.room_views[kOther];
  EXPECT_EQ(teacher(R"({"type":"take-room"})", kOther), "approved");
  EXPECT_EQ(teacher(kLesson, kOther), "room-forbidden");
  other.taken_by = PersonId("p-17");
  EXPECT_EQ(teacher(kLesson, kOther), "approved");
  other.exam = RunningExamView{ExamId("e"), PersonId("p-2"), {}};
  EXPECT_EQ(teacher(R"({"type":"take-room"})", kOther), "exam-in-force");
}

TEST_F(Authorise, AnUntrustedClockAndAStalePlanLeaveTighteningAlone) {
  for (const char* reason : {"clock-untrusted", "plan-stale"}) {
    context.trusted = reason != std::string("clock-untrusted");
    context.fresh = !context.trusted;
    room.mode = Mode::lesson;
    EXPECT_EQ(teacher(kAway), "approved") << reason;
    EXPECT_EQ(teacher(kTest), "approved") << reason;
    EXPECT_EQ(teacher(kLesson), "approved") << reason;
    EXPECT_EQ(teacher(kOpen), reason);
    EXPECT_EQ(teacher(kGrant), reason);
    EXPECT_EQ(teacher(R"({"type":"set-devices","allow":["phone"]})"), reason);
    EXPECT_EQ(teacher(R"({"type":"set-devices","forbid":["phone"]})"), "approved") << reason;
    EXPECT_EQ(teacher(R"({"type":"dance"})"), reason);
    EXPECT_EQ(authorised("bhv-key", R"({"type":"emergency","on":true})", context), "approved")
        << "life safety waits for no clock and no panel";
  }
}

TEST_F(Authorise, SettingDevicesLoosensWhereItLiftsOrAllows) {
  context.fresh = false;
  room.forbidden = {"phone", "laptop-1"};
  room.allowed = {"tablet"};
  EXPECT_EQ(teacher(R"({"type":"set-devices","forbid":["phone"]})"), "plan-stale");
  EXPECT_EQ(teacher(R"({"type":"set-devices","forbid":[]})"), "plan-stale");
  EXPECT_EQ(teacher(R"({"type":"set-devices","forbid":["laptop-1","phone","tablet"]})"),
            "approved");
  EXPECT_EQ(teacher(R"({"type":"set-devices","allow":["tablet"]})"), "approved");
  EXPECT_EQ(teacher(R"({"type":"set-devices","allow":[]})"), "approved");
  EXPECT_EQ(teacher(R"({"type":"set-devices","allow":["laptop"]})"), "plan-stale");
}

TEST_F(Authorise, AnEarlierEndOfTheSameModeLoosens) {
  context.fresh = false;
  room.mode = Mode::lesson;
  room.mode_until = kNow + minutes(30);
  EXPECT_EQ(teacher(R"({"type":"set-mode","mode":"lesson","until":"2027-01-15T08:10:00Z"})"),
            "plan-stale");
  EXPECT_EQ(teacher(R"({"type":"set-mode","mode":"lesson","until":"2027-01-15T08:40:00Z"})"),
            "approved");
  EXPECT_EQ(teacher(kLesson), "approved") << "its usual end is later";
  room.mode_until = kNow + minutes(60);
  EXPECT_EQ(teacher(kLesson), "plan-stale") << "its usual end is sooner";
}

TEST_F(Authorise, AnExamThatIsStartedAllowsWhatIsKnown) {
  ExamView planned;
  planned.kind = "school-exam";
  planned.owner = PersonId("p-2");
  planned.rooms = {kRoom};
  planned.until = kNow + minutes(60);
  planned.allow = {"instagram", "toets.example.nl"};
  context.exams[ExamId("e-1")] = planned;
  constexpr const char* kStart = R"({"type":"exam","action":"start","exam":"e-1"})";
  EXPECT_EQ(authorised("coordinator-key", kStart, context), "approved");
  context.exams[ExamId("e-1")].allow.push_back("instagrm");
  EXPECT_EQ(authorised("coordinator-key", kStart, context), "unknown-service");
}

TEST_F(Authorise, WhatNobodyKnowsIsNamed) {
  EXPECT_EQ(teacher(R"({"type":"dance"})"), "unsupported-command");
  EXPECT_EQ(teacher(R"({"type":"set-mode","mode":"nap"})"), "unknown-mode");
  EXPECT_EQ(authorised("coordinator-key", R"({"type":"set-overlay","overlay":"quiet","on":true})",
                       context),
            "unknown-mode");
  EXPECT_EQ(teacher(kLesson, RoomId("lokaal-999")), "unknown-room");
  EXPECT_EQ(teacher(R"({"type":"exam","action":"start","exam":"e-9"})"), "unknown-exam");
  EXPECT_EQ(teacher(R"({"type":"set-mode","mode":"exam","allow":["nosuch"]})"), "unknown-service");
  EXPECT_EQ(teacher(R"({"type":"set-mode","mode":"exam","allow":["*.example.nl"]})"),
            "unknown-service");
  EXPECT_EQ(teacher(R"({"type":"set-mode","mode":"exam","allow":["exam.example.nl"]})"),
            "approved");
  EXPECT_EQ(teacher(R"({"type":"grant","services":["nosuch"],"minutes":5,"reason":"other"})"),
            "unknown-service");
  EXPECT_EQ(teacher(R"({"type":"set-devices","allow":["phone","laptop-1","nosuch"]})"),
            "unknown-device");
  EXPECT_EQ(teacher(R"({"type":"set-devices","forbid":["nosuch"]})"), "unknown-device");
  EXPECT_EQ(
      teacher(
          R"({"type":"grant","services":["instagram"],"devices":["nosuch"],"minutes":5,"reason":"other"})"),
      "unknown-device");
  EXPECT_EQ(teacher(R"({"type":"revoke","grant":"g-9"})"), "unknown-grant");
  EXPECT_EQ(authorised("care-key", R"({"type":"end-exemption","exemption":"x-9"})", context),
            "unknown-exemption");
}

TEST_F(Authorise, AGrantOfAnotherRoomIsUnknownHere) {
  context.grants[GrantId("g-1")] = kOther;
  EXPECT_EQ(teacher(R"({"type":"revoke","grant":"g-1"})"), "unknown-grant");
}

TEST_F(Authorise, AnExamIsKnownWhereItIsPlannedAndRunning) {
  ExamView& exam = context.exams[ExamId("e-1")];
  exam = {"test", PersonId("p-17"), {kOther}, false, {DeviceId("d-7")}};
  EXPECT_EQ(teacher(R"({"type":"exam","action":"start","exam":"e-1"})"), "unknown-exam");
  exam.rooms = {kRoom};
  EXPECT_EQ(teacher(R"({"type":"exam","action":"end","exam":"e-1"})"), "unknown-exam");
  exam.running = true;
  EXPECT_EQ(teacher(R"({"type":"exam","action":"end","exam":"e-1"})"), "approved");
  EXPECT_EQ(teacher(R"({"type":"exam","action":"end","exam":"e-1","candidate":"d-8"})"),
            "unknown-device");
  EXPECT_EQ(teacher(R"({"type":"exam","action":"end","exam":"e-1","candidate":"d-7"})"),
            "approved");
  exam.owner = PersonId("p-18");
  EXPECT_EQ(teacher(R"({"type":"exam","action":"end","exam":"e-1"})"), "not-exam-owner");
}

TEST_F(Authorise, APlannedExamIsNotWeakened) {
  run_exam(ExamId("e-1"), "p-17");
  for (const std::string& cmd :
       {kOpen, kLesson, kAway, kTest, kGrant, std::string(R"({"type":"release"})"),
        std::string(R"({"type":"set-devices","allow":["phone"]})")})
    EXPECT_EQ(teacher(cmd), "exam-in-force") << cmd;
  EXPECT_EQ(teacher(R"({"type":"set-devices","forbid":["phone"]})"), "approved");
  context.grants[GrantId("g-1")] = kRoom;
  EXPECT_EQ(teacher(R"({"type":"revoke","grant":"g-1"})"), "approved");
}

TEST_F(Authorise, AnUnplannedTestIsEndedByWhoBeganIt) {
  run_exam(std::nullopt, "p-17");
  EXPECT_EQ(teacher(kLesson), "approved");
  EXPECT_EQ(authorised("teacher2-key", kLesson, context), "not-exam-owner");
  EXPECT_EQ(authorised("teacher2-key", kTest, context), "not-exam-owner");
  EXPECT_EQ(teacher(kGrant), "exam-in-force");
}

TEST_F(Authorise, AnOverlayHoldsAgainstPermissions) {
  context.overlays_now = {{"social-free", false, RuleId("minkema:phone-free")}};
  EXPECT_EQ(teacher(kGrant), "overlay-in-force");
  context.overlays_now = {{"social-free", true, {}}};
  EXPECT_EQ(teacher(kGrant), "overlay-in-force") << "a permission is for a lesson";
  room.mode = Mode::lesson;
  EXPECT_EQ(teacher(kGrant), "approved");
  context.overlays_now = {{"phone-free", false, {}}};
  EXPECT_EQ(teacher(kGrant), "approved");
  EXPECT_EQ(teacher(R"({"type":"set-devices","allow":["phone"]})"), "overlay-in-force");
  EXPECT_EQ(teacher(R"({"type":"set-devices","allow":["phone-1"]})"), "overlay-in-force");
  EXPECT_EQ(teacher(R"({"type":"set-devices","allow":["laptop"]})"), "approved");
  EXPECT_EQ(
      teacher(
          R"({"type":"grant","services":["instagram"],"devices":["phone-1"],"minutes":5,"reason":"other"})"),
      "overlay-in-force");
}

TEST_F(Authorise, EssentialServicesAndTheBoardAreNoMatterOfPermission) {
  EXPECT_EQ(teacher(R"({"type":"grant","services":["zermelo"],"minutes":5,"reason":"other"})"),
            "essential-service");
  for (const char* item : {"board", "infrastructure", "board-1"})
    EXPECT_EQ(teacher(std::string(R"({"type":"set-devices","forbid":[")") + item + "\"]}"),
              "essential-service");
}

TEST_F(Authorise, AWeakIdentityIsAcceptedOnlyKnowingly) {
  const std::string exempt =
      R"({"type":"exempt","device":"phone-1","from":["phone-free"],"until":"2027-01-20T00:00:00Z","reason":"care")";
  EXPECT_EQ(authorised("care-key", exempt + "}", context), "identity-too-weak");
  EXPECT_EQ(authorised("care-key", exempt + R"(,"accept_weak_identity":true})", context),
            "approved");
}

TEST_F(Authorise, AModeIssuedMoreThanThirtySecondsBeforeTheLastIsSuperseded) {
  room.last_set_mode = kNow + std::chrono::seconds(30);
  EXPECT_EQ(teacher(kLesson), "approved");
  room.last_set_mode = kNow + std::chrono::seconds(31);
  EXPECT_EQ(teacher(kLesson), "superseded");
  EXPECT_EQ(teacher(kGrant), "approved");
}

TEST_F(Authorise, AnotherGenerationIsStale) {
  EXPECT_EQ(teacher(R"({"type":"set-mode","mode":"open","if_generation":4})"), "approved");
  EXPECT_EQ(teacher(R"({"type":"set-mode","mode":"open","if_generation":"3"})"),
            "stale-generation");
  EXPECT_EQ(teacher(R"({"type":"set-mode","mode":"open","if_generation":5})"), "stale-generation");
}

TEST_F(Authorise, AConfinedPanelSpeaksForItsRoomsAlone) {
  Roster all = roster();
  RosterEntry& panel = all.entries.at(KeyId("panel-key"));
  panel.rooms = {kOther};
  const RosterEntry& person = all.entries.at(KeyId("teacher2-key"));
  const auto outcome = [&](const RoomId& where) {
    return authorise({}, SetMode{"lesson", {}, {}, {}}, {panel, person}, where, context, kNow);
  };
  EXPECT_TRUE(outcome(kOther).has_value());
  EXPECT_EQ(outcome(kRoom).error().reason, Reason::room_forbidden);
}

TEST_F(Authorise, ARefusalCitesTheRuleOfTheExam) {
  run_exam(ExamId("e-1"), "p-2");
  const Roster all = roster();
  const RosterEntry& entry = *all.find(KeyId("teacher-key"));
  const auto refused =
      authorise({}, SetMode{"open", {}, {}, {}}, {entry, entry}, kRoom, context, kNow);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().rule, RuleId("school:exam"));
}

TEST_F(Authorise, ApprovalSaysForWhomAndBySuchAKeyAndUntilWhen) {
  const Roster all = roster();
  const RosterEntry& panel = *all.find(KeyId("panel-key"));
  const RosterEntry& person = *all.find(KeyId("teacher-key"));
  const auto approved =
      authorise({}, SetMode{"lesson", {}, {}, {}}, {panel, person}, kRoom, context, kNow);
  ASSERT_TRUE(approved.has_value());
  EXPECT_EQ(*approved, (Approved{kNow + minutes(50), false, PersonId("p-17"), Role::teacher,
                                 SignedBy::panel}));
}

}  // namespace
}  // namespace lokaal
