// Exams, emergencies and the building's overlays through the whole controller.
#include <gtest/gtest.h>

#include "tests/unit/daemon/controller/node_fixture.hpp"

namespace lokaal::test {
namespace {

constexpr const char* kPlanned = "wi-5h";

class ControllerExamTest : public testing::Test {
 protected:
  ControllerExamTest() {
    PlannedExam plan;
    plan.id = ExamId(kPlanned);
    plan.kind = ExamKind::school_exam;
    plan.room = kRoom;
    plan.from = school::kNow;
    plan.to = school::kNow + 2h;
    plan.candidates[DeviceId("d-laptop")] = school::kNow + 150min;
    plan.allow = {"zermelo", "toets.example.nl"};
    plan.owner = PersonId("p-2");
    plan.plan_version = 4;
    site.initial.planned[plan.id] = plan;
  }

  // A command by that key, on the room's topic; or on the building's.
  void say(RunningNode& node, const std::string& kid, const std::string& cmd,
           bool building = false) {
    auto claims = school::claims_by(kid, cmd, ++number_);
    if (building) claims["aud"] = "school";
    claims["iat"] = to_unix_seconds(machine.clock.now());
    claims["exp"] = to_unix_seconds(machine.clock.now()) + 60;
    node.send(school::sign(claims, kid), building ? kBuildingTopic : kCommandTopic);
  }
  void exam(RunningNode& node, const std::string& action, const std::string& more = "") {
    say(node, "coordinator-key",
        R"({"type":"exam","exam":"wi-5h","action":")" + action + "\"" + more + "}");
  }
  void emergency(RunningNode& node, bool on) {
    say(node, "bhv-key", std::string(R"({"type":"emergency","on":)") + (on ? "true}" : "false}"),
        true);
  }
  const DesiredRoom& held() const { return machine.filter.held->rooms.at(kRoom); }
  std::vector<std::string> events(const RunningNode& node) const {
    std::vector<std::string> kinds;
    for (const auto& message : node.bus.on("lokaal/v1/voorbeeld/rooms/lokaal-112/events"))
      kinds.emplace_back(boost::json::parse(message.payload).at("kind").as_string());
    return kinds;
  }
  boost::json::object commanded(const RunningNode& node) const {
    return node.last(kStateTopic)["commanded"].as_object();
  }

  Machine machine;
  Site site = small_site();

 private:
  unsigned number_ = 100;
};

TEST_F(ControllerExamTest, TheEndOfOneCandidateIsNotTheEndOfTheExam) {
  constexpr const char* kOne = R"(,"candidate":"d-laptop")";
  PlannedExam& plan = site.initial.planned.at(ExamId(kPlanned));
  plan.candidates[DeviceId("d-phone")] = plan.to;
  Device phone = site.initial.devices.at(DeviceId("d-laptop"));
  phone.id = DeviceId("d-phone");
  ++phone.number;
  site.initial.devices[phone.id] = phone;
  {
    Machine other;
    RunningNode node(other, site);
    exam(node, "start");
    exam(node, "end", kOne);
    EXPECT_EQ(node.reason(), "unsupported-command") << "the whole room is closed";
  }
  plan.group = "5h";
  RunningNode node(machine, site);
  exam(node, "start");
  exam(node, "pause");
  exam(node, "end", kOne);
  ASSERT_EQ(node.status(), "enforced") << node.reason();
  const auto sits = [&](const char* device) {
    const auto found = site.initial.devices.find(DeviceId(device));
    return machine.filter.held->candidates.count(found->second.number) > 0;
  };
  EXPECT_FALSE(sits("d-laptop")) << "also while it is paused";
  EXPECT_TRUE(sits("d-phone"));
}

TEST_F(ControllerExamTest, AGroupOfWhomSomebodyIsUnknownIsNotCalledClosed) {
  PlannedExam& plan = site.initial.planned.at(ExamId(kPlanned));
  plan.group = "5h";
  plan.candidates[DeviceId("d-nobody")] = plan.to;
  RunningNode node(machine, site);
  exam(node, "start");
  EXPECT_EQ(node.reason(), "unknown-device");
}

TEST_F(ControllerExamTest, ATeachersTestClosesTheRoomButWhatItAllows) {
  RunningNode node(machine, site);
  say(node, "teacher-key",
      R"({"type":"set-mode","mode":"exam","allow":["zermelo","toets.example.nl"]})");
  ASSERT_EQ(node.status(), "enforced") << node.reason();
  EXPECT_EQ(RunningNode::text(node.last(kResultTopic), "rule"), "mondia:exam-off");
  ASSERT_FALSE(held().exams.empty());
  EXPECT_EQ(held().exams.front().allowed, (std::set<ServiceNumber>{2, kFirstHostNumber}));
  EXPECT_EQ(held().exams.front().until, school::kNow + 50min);
  EXPECT_EQ(RunningNode::text(commanded(node), "mode"), "exam");
  const auto name = node.dns->names->classify("toets.example.nl");
  ASSERT_TRUE(name);
  EXPECT_EQ(name->service, kFirstHostNumber);
}

TEST_F(ControllerExamTest, ATestEndsOnTimeWithNobodyTouchingAnything) {
  RunningNode node(machine, site);
  say(node, "teacher-key", R"({"type":"set-mode","mode":"exam"})");
  ASSERT_FALSE(held().exams.empty());
  node.advance(50min);
  EXPECT_TRUE(held().exams.empty());
  EXPECT_EQ(RunningNode::text(commanded(node), "mode"), "open");
  EXPECT_EQ(events(node), (std::vector<std::string>{"exam-begin", "exam-end"}));
}

TEST_F(ControllerExamTest, ItsTeacherEndsATestBySettingAnotherMode) {
  RunningNode node(machine, site);
  say(node, "teacher-key", R"({"type":"set-mode","mode":"exam"})");
  say(node, "teacher-key", R"({"type":"set-mode","mode":"lesson"})");
  EXPECT_EQ(node.status(), "enforced");
  EXPECT_TRUE(held().exams.empty());
  EXPECT_EQ(held().mode, Mode::lesson);
}

TEST_F(ControllerExamTest, APlannedExamHoldsCandidatesLongerThanTheRoom) {
  RunningNode node(machine, site);
  exam(node, "start");
  ASSERT_EQ(node.status(), "enforced") << node.reason();
  EXPECT_EQ(held().exams.front().until, school::kNow + 2h);
  EXPECT_EQ(machine.filter.held->candidates.count(5), 1U);
  EXPECT_EQ(RunningNode::text(commanded(node), "exam"), kPlanned);
  node.advance(2h);
  EXPECT_TRUE(held().exams.empty());
  EXPECT_EQ(machine.filter.held->candidates.count(5), 1U) << "half an hour more";
  node.advance(30min);
  EXPECT_TRUE(machine.filter.held->candidates.empty());
  EXPECT_EQ(events(node).back(), "exam-end");
}

TEST_F(ControllerExamTest, InAPlannedExamATeacherOpensNothing) {
  RunningNode node(machine, site);
  exam(node, "start");
  say(node, "teacher-key", R"({"type":"set-mode","mode":"open"})");
  EXPECT_EQ(node.reason(), "exam-in-force");
  say(node, "teacher-key",
      R"({"type":"grant","services":["instagram"],"minutes":5,"reason":"teaching"})");
  EXPECT_EQ(node.reason(), "exam-in-force");
  EXPECT_FALSE(held().exams.empty());
}

TEST_F(ControllerExamTest, OnlyAPersonalKeyEndsAPlannedExam) {
  RunningNode node(machine, site);
  exam(node, "start");
  exam(node, "end");
  EXPECT_EQ(node.status(), "enforced");
  EXPECT_TRUE(held().exams.empty());
  EXPECT_EQ(events(node), (std::vector<std::string>{"exam-begin", "exam-end"}));
}

TEST_F(ControllerExamTest, AnExtensionIsLaterOrRefused) {
  RunningNode node(machine, site);
  exam(node, "start");
  exam(node, "extend", R"(,"until":"2027-01-15T10:10:00Z")");
  ASSERT_EQ(node.status(), "enforced") << node.reason();
  EXPECT_EQ(held().exams.front().until, school::kNow + 130min);
  exam(node, "extend", R"(,"until":"2027-01-15T09:00:00Z")");
  EXPECT_EQ(node.reason(), "invalid-until");
  EXPECT_EQ(held().exams.front().until, school::kNow + 130min);
}

TEST_F(ControllerExamTest, AnExamThatIsExtendedNeverOpensInBetween) {
  RunningNode node(machine, site);
  exam(node, "start");
  const auto before = machine.filter.history.size();
  exam(node, "extend", R"(,"until":"2027-01-15T10:10:00Z")");
  for (std::size_t i = before; i < machine.filter.history.size(); ++i)
    EXPECT_FALSE(machine.filter.history[i].rooms.at(kRoom).exams.empty());
}

TEST_F(ControllerExamTest, AnEmergencyOpensTheBuildingAndPausesTheExam) {
  RunningNode node(machine, site);
  say(node, "teacher-key", R"({"type":"set-mode","mode":"devices-away"})");
  exam(node, "start");
  machine.clock.advance(10min);
  emergency(node, true);
  ASSERT_EQ(node.status(), "enforced") << node.reason();
  EXPECT_EQ(machine.filter.held->emergency_until, school::kNow + 70min);
  ASSERT_FALSE(held().exams.empty()) << "candidates stay closed";
  EXPECT_EQ(held().exams.front().until, machine.clock.now() + kLongestPause) << "the clock stands";
  machine.clock.advance(15min);
  emergency(node, false);
  EXPECT_FALSE(machine.filter.held->emergency_until);
  EXPECT_EQ(held().mode, Mode::devices_away);
  EXPECT_EQ(held().exams.front().until, school::kNow + 2h + 15min);
  EXPECT_EQ(events(node), (std::vector<std::string>{"exam-begin", "emergency-begin", "exam-pause",
                                                    "emergency-end", "exam-resume"}));
}

TEST_F(ControllerExamTest, AnEmergencyEndsByItselfAndTheExamGoesOn) {
  RunningNode node(machine, site);
  exam(node, "start");
  emergency(node, true);
  node.advance(60min);
  EXPECT_EQ(held().exams.front().until, school::kNow + 3h);
}

TEST_F(ControllerExamTest, AnExamPausedByHandIsNotResumedByTheEndOfAnEmergency) {
  RunningNode node(machine, site);
  exam(node, "start");
  exam(node, "pause");
  emergency(node, true);
  emergency(node, false);
  EXPECT_EQ(held().exams.front().until, school::kNow + kLongestPause);
  exam(node, "resume");
  EXPECT_NE(held().exams.front().until, school::kNow + kLongestPause);
}

TEST_F(ControllerExamTest, ARestartInAPausedExamKeepsItPaused) {
  {
    RunningNode node(machine, site);
    exam(node, "start");
    emergency(node, true);
  }
  machine.clock.advance(5min);
  RunningNode node(machine, site);
  ASSERT_FALSE(held().exams.empty());
  EXPECT_EQ(held().exams.front().until, school::kNow + kLongestPause);
  node.advance(55min);
  EXPECT_EQ(held().exams.front().until, school::kNow + 3h);
}

TEST_F(ControllerExamTest, ARestartFoldsTheSameState) {
  std::optional<State> before;
  {
    RunningNode node(machine, site);
    exam(node, "start");
    say(node, "coordinator-key", R"({"type":"set-overlay","overlay":"phone-free","on":true})",
        true);
    say(node, "care-key",
        R"({"type":"exempt","device":"d-laptop","from":["social-media"],"services":["instagram"],)"
        R"("until":"2027-01-15T12:00:00Z","reason":"care","accept_weak_identity":true})");
    ASSERT_EQ(node.status(), "enforced") << node.reason();
    before = node.controller->state();
  }
  RunningNode node(machine, site);
  EXPECT_TRUE(node.controller->state() == *before);
}

// After a boot without a trusted clock only the time that the machine is up is known.
TEST_F(ControllerExamTest, ABootWithoutTheTimeEndsPermissionsAndKeepsTheExamForItsLength) {
  {
    RunningNode node(machine, site);
    say(node, "teacher-key", R"({"type":"set-mode","mode":"lesson"})");
    say(node, "teacher-key",
        R"({"type":"grant","services":["instagram"],"minutes":40,"reason":"teaching"})");
    exam(node, "start");
    ASSERT_EQ(node.status(), "enforced") << node.reason();
    ASSERT_EQ(node.controller->state().grants.size(), 1U);
  }
  machine.clock.set_synced(false);
  RunningNode node(machine, site);
  EXPECT_TRUE(node.controller->state().grants.empty());
  EXPECT_TRUE(held().grants.empty());
  EXPECT_FALSE(held().exams.empty());
  say(node, "teacher-key",
      R"({"type":"grant","services":["instagram"],"minutes":40,"reason":"teaching"})");
  EXPECT_EQ(node.reason(), "clock-untrusted");
  node.advance(2h - 1s);
  EXPECT_FALSE(held().exams.empty());
  node.advance(31min);  // the candidate's own end, too
  EXPECT_TRUE(held().exams.empty());
  EXPECT_TRUE(machine.filter.held->candidates.empty());
  std::vector<std::string> whys;
  for (const auto& record : machine.journal.records) {
    const auto entry = LogEntry::parse(record.item.entry);
    if (const auto* gap = std::get_if<entry::Gap>(&entry->body)) whys.push_back(gap->why);
    if (const auto* end = std::get_if<entry::GrantEnd>(&entry->body)) whys.push_back(end->why);
  }
  EXPECT_EQ(whys, (std::vector<std::string>{"clock-untrusted", "clock-untrusted"}));
}

TEST_F(ControllerExamTest, WhoDoesNotKnowTheTimeTakesATighteningFromLater) {
  RunningNode node(machine, site);
  const auto later = [&](const std::string& cmd, unsigned number) {
    auto claims = school::claims(cmd, number);
    claims["iat"] = to_unix_seconds(machine.clock.now() + 3h);
    claims["exp"] = to_unix_seconds(machine.clock.now() + 3h) + 60;
    node.send(school::sign(claims));
  };
  later(R"({"type":"set-mode","mode":"devices-away"})", 1);
  EXPECT_EQ(node.reason(), "issued-in-future");
  machine.clock.set_synced(false);
  later(R"({"type":"set-mode","mode":"devices-away"})", 2);
  EXPECT_EQ(node.status(), "enforced") << node.reason();
  later(R"({"type":"set-mode","mode":"open"})", 3);
  EXPECT_EQ(node.reason(), "clock-untrusted");
}

TEST_F(ControllerExamTest, AnOverlayHoldsInEveryRoomAndEnds) {
  RunningNode node(machine, site);
  say(node, "coordinator-key", R"({"type":"set-overlay","overlay":"social-free","on":true})", true);
  ASSERT_EQ(node.status(), "enforced") << node.reason();
  ASSERT_TRUE(machine.filter.held->social_free);
  const auto overlays = commanded(node)["overlays"].as_array();
  ASSERT_EQ(overlays.size(), 1U);
  EXPECT_EQ(RunningNode::text(overlays[0].as_object(), "name"), "social-free");
  node.advance(50min);
  EXPECT_FALSE(machine.filter.held->social_free);
}

TEST_F(ControllerExamTest, ASubstituteTakesARoomUntilTheBell) {
  Lesson lesson{school::kNow - 10min, school::kNow + 40min, PersonId("p-17"), Mode::lesson};
  site.initial.rooms[kRoom].lessons = {lesson};
  RunningNode node(machine, site);
  say(node, "teacher2-key", R"({"type":"set-mode","mode":"devices-away"})");
  EXPECT_EQ(node.reason(), "hour-forbidden");
  say(node, "teacher2-key", R"({"type":"take-room"})");
  ASSERT_EQ(node.status(), "enforced") << node.reason();
  say(node, "teacher2-key", R"({"type":"set-mode","mode":"devices-away"})");
  EXPECT_EQ(node.status(), "enforced") << node.reason();
  node.advance(40min);
  say(node, "teacher2-key", R"({"type":"set-mode","mode":"devices-away"})");
  EXPECT_EQ(node.reason(), "hour-forbidden");
}

TEST_F(ControllerExamTest, TheBuildingHearsAnExemptionOnce) {
  RunningNode node(machine, site);
  say(node, "care-key",
      R"({"type":"exempt","device":"d-laptop","from":["phone-free"],"until":"2027-01-15T12:00:00Z",)"
      R"("reason":"care","accept_weak_identity":true})",
      true);
  ASSERT_EQ(node.status(), "enforced") << node.reason();
  EXPECT_EQ(node.controller->state().exemptions.size(), 1U);
  EXPECT_EQ(commanded(node)["exemptions"].to_number<int>(), 1);
}

TEST_F(ControllerExamTest, ATestOfTheWholeBuildingHoldsInEveryRoom) {
  RunningNode node(machine, site);
  say(node, "coordinator-key", R"({"type":"set-mode","mode":"exam"})", true);
  ASSERT_EQ(node.status(), "enforced") << node.reason();
  for (const auto& [id, room] : machine.filter.held->rooms)
    EXPECT_FALSE(room.exams.empty()) << id.str();
}

TEST_F(ControllerExamTest, AnExamThatRunsIsNotStartedAnew) {
  RunningNode node(machine, site);
  exam(node, "start");
  node.advance(2h);  // the room is let go, a candidate is not
  exam(node, "start", R"(,"until":"2027-01-15T10:00:02Z")");
  EXPECT_EQ(node.reason(), "exam-in-force");
  EXPECT_EQ(machine.filter.held->candidates.count(5), 1U);
}

TEST_F(ControllerExamTest, ACandidatesExtensionIsLaterOrRefused) {
  RunningNode node(machine, site);
  exam(node, "start");
  exam(node, "extend", R"(,"candidate":"d-laptop","until":"2027-01-15T08:00:05Z")");
  EXPECT_EQ(node.reason(), "invalid-until");
  exam(node, "extend", R"(,"candidate":"d-laptop","until":"2027-01-15T11:00:00Z")");
  EXPECT_EQ(node.status(), "enforced") << node.reason();
  EXPECT_EQ(machine.filter.held->candidates.at(5).front().until, school::kNow + 3h);
}

TEST_F(ControllerExamTest, WhoEndsAnothersTestCommandsNothingElse) {
  RunningNode node(machine, site);
  say(node, "teacher-key", R"({"type":"set-mode","mode":"devices-away"})");
  say(node, "teacher-key", R"({"type":"set-mode","mode":"exam"})");
  say(node, "coordinator-key", R"({"type":"set-mode","mode":"open"})");
  EXPECT_EQ(node.status(), "enforced") << node.reason();
  EXPECT_TRUE(held().exams.empty());
  EXPECT_EQ(held().mode, Mode::devices_away) << "what the base mode says";
}

TEST_F(ControllerExamTest, APanelEndsNoTestForACoordinator) {
  RunningNode node(machine, site);
  say(node, "teacher-key", R"({"type":"set-mode","mode":"exam"})");
  auto claims = school::claims_by("coordinator-key", R"({"type":"set-mode","mode":"open"})", 900);
  claims["act"] = {{"sub", "panel"}};
  node.send(school::sign(claims, "panel-key"));
  EXPECT_EQ(node.reason(), "needs-personal-key");
  EXPECT_FALSE(held().exams.empty());
}

TEST_F(ControllerExamTest, WhatIsPausedByHandInAnEmergencyStaysPaused) {
  RunningNode node(machine, site);
  exam(node, "start");
  emergency(node, true);
  exam(node, "pause");
  EXPECT_EQ(node.status(), "enforced") << node.reason();
  emergency(node, false);
  EXPECT_EQ(held().exams.front().until, school::kNow + kLongestPause);
}

TEST_F(ControllerExamTest, InAnEmergencyTheClockStandsWhoeverResumes) {
  RunningNode node(machine, site);
  exam(node, "start");
  exam(node, "pause");
  emergency(node, true);
  exam(node, "resume");
  EXPECT_EQ(held().exams.front().until, school::kNow + kLongestPause);
  emergency(node, false);
  EXPECT_NE(held().exams.front().until, school::kNow + kLongestPause);
}

TEST_F(ControllerExamTest, AnEmergencyHoldsNobodyWhomTheExamHadLetGo) {
  RunningNode node(machine, site);
  exam(node, "start");
  node.advance(2h);  // the room's end; one candidate has half an hour more
  ASSERT_TRUE(held().exams.empty());
  machine.clock.advance(5min);
  emergency(node, true);
  EXPECT_TRUE(held().exams.empty());
  EXPECT_EQ(machine.filter.held->candidates.count(5), 1U);
}

TEST_F(ControllerExamTest, WhatIsSwitchedOnAgainEndsNoSooner) {
  RunningNode node(machine, site);
  say(node, "coordinator-key",
      R"({"type":"set-overlay","overlay":"phone-free","on":true,"until":"2027-01-15T12:00:00Z"})",
      true);
  ASSERT_EQ(node.status(), "enforced") << node.reason();
  say(node, "it-key",
      R"({"type":"set-overlay","overlay":"phone-free","on":true,"until":"2027-01-15T08:00:05Z"})",
      true);
  EXPECT_EQ(machine.filter.held->phone_free->until, school::kNow + 4h);
}

TEST_F(ControllerExamTest, InAnEmergencyARoomIsAppliedOpen) {
  RunningNode node(machine, site);
  say(node, "teacher-key", R"({"type":"set-mode","mode":"lesson"})");
  emergency(node, true);
  EXPECT_EQ(RunningNode::text(commanded(node), "mode"), "lesson");
  EXPECT_EQ(RunningNode::text(node.last(kStateTopic)["applied"].as_object(), "mode"), "open");
}

}  // namespace
}  // namespace lokaal::test
