// The role matrix of INTERFACES section 3: who may do what, with nothing else in the way.
#include <gtest/gtest.h>

#include "tests/unit/core/command/school.hpp"

namespace lokaal {
namespace {

using namespace school;

// Everything that can be commanded, in a state in which it could be.
const std::map<std::string, std::string> kCommands = {
    {"open", R"({"type":"set-mode","mode":"open"})"},
    {"lesson", R"({"type":"set-mode","mode":"lesson"})"},
    {"devices-away", R"({"type":"set-mode","mode":"devices-away"})"},
    {"test", R"({"type":"set-mode","mode":"exam"})"},
    {"start-test", R"({"type":"exam","action":"start","exam":"test-1"})"},
    {"end-test", R"({"type":"exam","action":"end","exam":"test-running"})"},
    {"start-exam", R"({"type":"exam","action":"start","exam":"exam-1"})"},
    {"end-exam", R"({"type":"exam","action":"end","exam":"exam-running"})"},
    {"grant", R"({"type":"grant","services":["instagram"],"minutes":5,"reason":"teaching"})"},
    {"revoke", R"({"type":"revoke","grant":"g-1"})"},
    {"set-devices", R"({"type":"set-devices","forbid":["phone"]})"},
    {"overlay-on", R"({"type":"set-overlay","overlay":"phone-free","on":true})"},
    {"overlay-off", R"({"type":"set-overlay","overlay":"phone-free","on":false})"},
    {"exempt-social",
     R"({"type":"exempt","device":"laptop-1","from":["social-media"],"until":"2027-01-20T00:00:00Z","reason":"care"})"},
    {"exempt-exam",
     R"({"type":"exempt","device":"laptop-1","from":["exam"],"until":"2027-01-20T00:00:00Z","reason":"facility"})"},
    {"end-exemption", R"({"type":"end-exemption","exemption":"x-1"})"},
    {"take-room", R"({"type":"take-room"})"},
    {"emergency-on", R"({"type":"emergency","on":true})"},
    {"emergency-off", R"({"type":"emergency","on":false})"},
    {"release", R"({"type":"release"})"},
};

Context quiet_day() {
  Context context;
  context.exams[ExamId("test-1")] = {"test", PersonId("p-17"), {kRoom}, false, {}};
  context.exams[ExamId("test-running")] = {"test", PersonId("p-17"), {kRoom}, true, {}};
  context.exams[ExamId("exam-1")] = {"central-exam", PersonId("p-2"), {kRoom}, false, {}};
  context.exams[ExamId("exam-running")] = {"school-exam", PersonId("p-2"), {kRoom}, true, {}};
  context.grants[GrantId("g-1")] = kRoom;
  context.exemptions.emplace(ExemptionId("x-1"), ExemptionView{});
  return context;
}

using Allowed = std::set<std::string>;

Allowed allowed_to(const std::string& kid) {
  Allowed out;
  const Context context = quiet_day();
  for (const auto& [name, cmd] : kCommands) {
    const std::string outcome = authorised(kid, cmd, context);
    if (outcome == "approved") {
      out.insert(name);
    } else {
      EXPECT_EQ(outcome, "role-forbidden") << kid << " " << name;
    }
  }
  return out;
}

TEST(Roles, ATeacherRulesTheOwnRoomAndOwnTests) {
  EXPECT_EQ(allowed_to("teacher-key"),
            (Allowed{"open", "lesson", "devices-away", "test", "start-test", "end-test", "grant",
                     "revoke", "set-devices", "take-room", "release"}));
}

TEST(Roles, ACoordinatorHasExamsAndEmergenciesAnywhere) {
  EXPECT_EQ(allowed_to("coordinator-key"),
            (Allowed{"test", "start-test", "end-test", "start-exam", "end-exam", "overlay-on",
                     "overlay-off", "exempt-exam", "emergency-on", "emergency-off", "release"}));
}

TEST(Roles, CareHasExemptions) {
  EXPECT_EQ(allowed_to("care-key"), (Allowed{"exempt-social", "exempt-exam", "end-exemption"}));
}

TEST(Roles, ItReleasesMachinesAndTightensTheBuilding) {
  EXPECT_EQ(allowed_to("it-key"), (Allowed{"overlay-on", "release"}));
}

TEST(Roles, BhvHasEmergencies) {
  EXPECT_EQ(allowed_to("bhv-key"), (Allowed{"emergency-on", "emergency-off"}));
}

TEST(Roles, AButtonDoesWhatItsEntryLists) {
  EXPECT_EQ(allowed_to("button-key"), (Allowed{"devices-away", "emergency-on", "emergency-off"}));
}

TEST(Roles, TheOthersCommandNothing) {
  for (const char* kid : {"supervisor-key", "communications-key", "privacy-key", "node-key"})
    EXPECT_EQ(allowed_to(kid), Allowed{}) << kid;
}

TEST(Roles, APanelByItselfMayNothing) {
  const Context context = quiet_day();
  for (const auto& [name, cmd] : kCommands)
    EXPECT_NE(authorised("panel-key", cmd, context), "approved") << name;
}

TEST(Roles, APanelSpeaksForATeacherButNotWithThePersonalKey) {
  const Context context = quiet_day();
  std::map<std::string, Allowed> by_outcome;
  for (const auto& [name, cmd] : kCommands)
    by_outcome[through_panel("teacher-key", cmd, context)].insert(name);
  EXPECT_EQ(by_outcome["approved"], (Allowed{"open", "lesson", "devices-away", "test", "start-test",
                                             "grant", "revoke", "set-devices"}));
  EXPECT_EQ(by_outcome["needs-personal-key"],
            (Allowed{"end-test", "end-exam", "exempt-social", "exempt-exam", "take-room",
                     "emergency-on", "release", "overlay-off"}));
  EXPECT_EQ(by_outcome["role-forbidden"],
            (Allowed{"start-exam", "overlay-on", "emergency-off", "end-exemption"}));
}

TEST(Roles, APanelOpensARoomForNobody) {
  Context context = quiet_day();
  RoomView& room = context.room_views[kRoom];
  room.mode = Mode::lesson;
  constexpr const char* kAllow = R"({"type":"set-devices","allow":["phone"]})";
  EXPECT_EQ(through_panel("teacher-key", kCommands.at("open"), context), "needs-personal-key");
  EXPECT_EQ(through_panel("teacher-key", kAllow, context), "needs-personal-key");
  EXPECT_EQ(authorised("teacher-key", kCommands.at("open"), context), "approved");
  room.exam = RunningExamView{std::nullopt, PersonId("p-17"), {}};
  EXPECT_EQ(through_panel("teacher-key", kCommands.at("lesson"), context), "approved")
      << "the end of an own test";
  EXPECT_EQ(through_panel("teacher-key", kCommands.at("open"), context), "needs-personal-key")
      << "and no more than that";
  room.mode_until = kNow + std::chrono::minutes(30);
  const std::string short_lesson = R"({"type":"set-mode","mode":"lesson","until":")" +
                                   format_time(kNow + std::chrono::seconds(1)) + "\"}";
  EXPECT_EQ(through_panel("teacher-key", short_lesson, context), "needs-personal-key");
}

TEST(Roles, ACoordinatorTakesBackWhatACoordinatorGave) {
  Context context = quiet_day();
  context.exemptions[ExemptionId("x-1")].from_exam_alone = true;
  EXPECT_EQ(authorised("coordinator-key", kCommands.at("end-exemption"), context), "approved");
}

TEST(Roles, APanelTightensForACoordinator) {
  const Context context = quiet_day();
  for (const char* name : {"test", "start-exam", "overlay-on", "emergency-off"})
    EXPECT_EQ(through_panel("coordinator-key", kCommands.at(name), context), "approved") << name;
  for (const char* name : {"end-exam", "overlay-off", "emergency-on", "exempt-exam"})
    EXPECT_EQ(through_panel("coordinator-key", kCommands.at(name), context), "needs-personal-key")
        << name;
}

TEST(Roles, ASupervisorOpensNothingThroughAPanelEither) {
  const Context context = quiet_day();
  for (const auto& [name, cmd] : kCommands)
    EXPECT_NE(through_panel("supervisor-key", cmd, context), "approved") << name;
}

TEST(Roles, ACoordinatorEndsATeachersTest) {
  Context context = quiet_day();
  EXPECT_EQ(authorised("coordinator-key", kCommands.at("open"), context), "role-forbidden");
  context.room_views[kRoom].exam = RunningExamView{std::nullopt, PersonId("p-17"), {}};
  EXPECT_EQ(authorised("coordinator-key", kCommands.at("open"), context), "approved");
}

}  // namespace
}  // namespace lokaal
