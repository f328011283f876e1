// The controller by a timetable: bells, hours, permissions, restarts.
#include <gtest/gtest.h>

#include <array>
#include <random>

#include "tests/unit/daemon/controller/node_fixture.hpp"

namespace lokaal::test {
namespace {

const PersonId kTeacher{"p-17"};
const PersonId kColleague{"p-18"};

Lesson hour(std::chrono::minutes from, std::chrono::minutes to, const PersonId& teacher = kTeacher,
            Mode mode = Mode::lesson) {
  return {school::kNow + from, school::kNow + to, teacher, mode};
}

class TimetableTest : public testing::Test {
 protected:
  static PlanUpdate timetable(std::vector<Lesson> lessons) {
    PlanUpdate update;
    update.plan.emplace();
    update.plan->lessons[kRoom] = std::move(lessons);
    update.entries.push_back({"timetable", ++version, {}, KeyId("panel-key"), true, {}});
    return update;
  }
  static void give(RunningNode& node, PlanUpdate update) {
    node.controller->on_plan(std::move(update));
    node.run();
  }
  // Without those that say that the test moved the clock.
  std::vector<std::string> entries() const {
    std::vector<std::string> types;
    for (const auto& record : machine.journal.records) {
      const std::string type(LogEntry::parse(record.item.entry)->type());
      if (type != "clock" && type != "heartbeat") types.push_back(type);
    }
    return types;
  }
  static std::string by(const RunningNode& node) {
    return RunningNode::text(node.last(kStateTopic)["commanded"].as_object()["by"].as_object(),
                             "kind");
  }
  static std::string grant(unsigned number, WallTime now = school::kNow) {
    auto claims = school::claims(
        R"({"type":"grant","services":["instagram"],"lesson-end":true,"reason":"teaching"})",
        number);
    claims["iat"] = to_unix_seconds(now);
    claims["exp"] = to_unix_seconds(now) + 60;
    return school::sign(claims);
  }

  Machine machine;
  Site site = small_site();
  static inline std::int64_t version = 0;
};

TEST_F(TimetableTest, ALessonThatIsOnBeginsWithItsTimetable) {
  RunningNode node(machine, site);
  give(node, timetable({hour(-10min, 40min)}));
  EXPECT_EQ(node.kernel_mode(), Mode::lesson);
  EXPECT_EQ(by(node), "timetable");
  EXPECT_EQ(RunningNode::text(node.last(kStateTopic), "next_deadline"),
            format_time(school::kNow + 40min));
  EXPECT_EQ(entries(), (std::vector<std::string>{"genesis", "plan", "change"}));
}

TEST_F(TimetableTest, TheBellBeginsAndEndsALessonWithNobodyCommanding) {
  RunningNode node(machine, site);
  give(node, timetable({hour(10min, 60min), hour(60min, 110min, kColleague, Mode::devices_away)}));
  EXPECT_EQ(node.kernel_mode(), Mode::open);
  node.advance(10min);
  EXPECT_EQ(node.kernel_mode(), Mode::lesson);
  EXPECT_EQ(by(node), "timetable");
  node.advance(50min);
  EXPECT_EQ(node.kernel_mode(), Mode::devices_away);
  node.advance(50min);
  EXPECT_EQ(node.kernel_mode(), Mode::open);
  EXPECT_EQ(by(node), "default");
  EXPECT_EQ(entries(), (std::vector<std::string>{"genesis", "plan", "change", "change", "change"}));
}

TEST_F(TimetableTest, TheBellCountsAsAGeneration) {
  RunningNode node(machine, site);
  give(node, timetable({hour(10min, 60min)}));
  const auto before = node.controller->state().generation;
  node.advance(10min);
  EXPECT_EQ(node.controller->state().generation, before + 1)
      << "a command for what a room was before the bell is stale";
}

TEST_F(TimetableTest, TheHourIsItsTeachers) {
  RunningNode node(machine, site);
  give(node, timetable({hour(-10min, 40min, kColleague)}));
  node.send(set_mode("devices-away"));
  EXPECT_EQ(node.status(), "rejected");
  EXPECT_EQ(node.reason(), "hour-forbidden");
  EXPECT_EQ(node.kernel_mode(), Mode::lesson);
}

TEST_F(TimetableTest, ARoomWithATimetableHasNoTeacherBetweenItsHours) {
  RunningNode node(machine, site);
  give(node, timetable({hour(10min, 60min)}));
  node.send(set_mode("lesson"));
  EXPECT_EQ(node.reason(), "hour-forbidden");
}

// Modes and permissions in any order: without a timetable the mode that was commanded is the
// lesson.
TEST_F(TimetableTest, NoPermissionOutlivesTheLessonThatWasCommanded) {
  RunningNode node(machine, site);
  std::mt19937 random(20261127);
  unsigned permitted = 0;
  for (unsigned number = 1; number < 45; ++number) {
    const auto until = school::kNow + std::chrono::minutes(1 + random() % 400);
    const std::string rest = R"(","until":")" + format_time(until) + R"("})";
    const char* mode = std::array{"open", "lesson", "devices-away"}[random() % 3];
    const std::string command =
        random() % 2 == 0 ? R"({"type":"set-mode","mode":")" + std::string(mode) + rest
                          : R"({"type":"grant","services":["instagram"],"reason":"teaching)" + rest;
    node.send(school::sign(school::claims(command, number)));
    const State& state = node.controller->state();
    const Room& room = state.rooms.at(school::kRoom);
    const BaseMode base = base_mode(room, school::kNow);
    if (base.mode == Mode::open) continue;
    // A stricter mode for a while stands on the lesson.
    const WallTime end = room.underneath.empty() ? *base.until : room.underneath.back().until;
    for (const auto& [id, grant] : state.grants) {
      EXPECT_LE(grant.until, end) << command;
      ++permitted;
    }
  }
  EXPECT_GT(permitted, 20U);
}

TEST_F(TimetableTest, OpeningTheRoomEndsThePermissionsOfItsLesson) {
  RunningNode node(machine, site);
  node.send(set_mode("lesson"));
  node.send(grant(5));
  ASSERT_EQ(node.controller->state().grants.size(), 1U);
  node.send(set_mode("open", 2));
  EXPECT_TRUE(node.controller->state().grants.empty());
}

TEST_F(TimetableTest, WhatIsCommandedInAnHourEndsAtItsBell) {
  RunningNode node(machine, site);
  give(node, timetable({hour(-10min, 40min), hour(40min, 90min, kColleague)}));
  node.send(set_mode("devices-away"));
  EXPECT_EQ(node.status(), "enforced");
  EXPECT_EQ(node.kernel_mode(), Mode::devices_away);
  node.advance(40min);
  EXPECT_EQ(node.kernel_mode(), Mode::lesson) << "the room follows the timetable again";
  EXPECT_EQ(by(node), "timetable");
}

TEST_F(TimetableTest, APermissionEndsWithItsLesson) {
  RunningNode node(machine, site);
  give(node, timetable({hour(-10min, 40min), hour(40min, 90min)}));
  node.send(grant(1));
  EXPECT_EQ(node.status(), "enforced") << node.reason();
  EXPECT_EQ(node.controller->state().grants.size(), 1U);
  EXPECT_EQ(node.controller->state().grants.begin()->second.until, school::kNow + 40min);
  node.advance(40min);
  EXPECT_TRUE(node.controller->state().grants.empty()) << "the next hour is the same teacher's";
}

TEST_F(TimetableTest, ATimetableThatEndsALessonSoonerEndsItsPermissions) {
  RunningNode node(machine, site);
  give(node, timetable({hour(-10min, 40min)}));
  node.send(grant(1));
  give(node, timetable({hour(-10min, 20min)}));
  ASSERT_EQ(node.controller->state().grants.size(), 1U) << "the lesson goes on";
  EXPECT_EQ(node.controller->state().grants.begin()->second.until, school::kNow + 20min)
      << "in the kernel too";
  node.advance(20min);
  EXPECT_TRUE(node.controller->state().grants.empty());
  EXPECT_EQ(entries().back(), "change");
  EXPECT_EQ(entries().at(entries().size() - 2), "grant-end");
}

TEST_F(TimetableTest, ATimetableThatGivesTheHourToAnotherEndsPermissionsAtOnce) {
  RunningNode node(machine, site);
  give(node, timetable({hour(-10min, 40min)}));
  node.send(grant(1));
  give(node, timetable({hour(-10min, 40min, kColleague)}));
  EXPECT_TRUE(node.controller->state().grants.empty());
}

TEST_F(TimetableTest, APlanIsInForceWhenItIsDurable) {
  RunningNode node(machine, site);
  machine.journal.slow = true;
  node.controller->on_plan(timetable({hour(-10min, 40min)}));
  node.run();
  EXPECT_EQ(node.kernel_mode(), Mode::open);
  machine.journal.sync();
  node.run();
  EXPECT_EQ(node.kernel_mode(), Mode::lesson);
}

TEST_F(TimetableTest, APlanThatTheJournalDidNotTakeComesWithTheNext) {
  RunningNode node(machine, site);
  machine.journal.broken = true;
  give(node, timetable({hour(-10min, 40min)}));
  EXPECT_EQ(node.kernel_mode(), Mode::open);
  machine.journal.broken = false;
  give(node, {});
  EXPECT_EQ(node.kernel_mode(), Mode::lesson);
  EXPECT_EQ(entries().back(), "change");
  EXPECT_EQ(entries().at(entries().size() - 2), "plan");
}

TEST_F(TimetableTest, AKeyThatIsRevokedIsRevokedWhateverTheDiskSays) {
  RunningNode node(machine, site);
  machine.journal.broken = true;
  PlanUpdate update;
  update.roster = site.roster;
  update.roster->entries.erase(KeyId("teacher-key"));
  give(node, std::move(update));
  node.send(grant(1));
  EXPECT_EQ(node.reason(), "revoked-key");
}

TEST_F(TimetableTest, ALessonThatBeginsEndsPermissionsOfTheBreakBeforeIt) {
  RunningNode node(machine, site);
  node.send(grant(1));
  give(node, timetable({hour(20min, 60min)}));
  EXPECT_EQ(node.controller->state().grants.size(), 1U);
  node.advance(20min);
  EXPECT_EQ(node.kernel_mode(), Mode::lesson);
  EXPECT_TRUE(node.controller->state().grants.empty());
}

TEST_F(TimetableTest, ALessonBeginsWhateverTheDiskSays) {
  RunningNode node(machine, site);
  give(node, timetable({hour(10min, 60min)}));
  machine.journal.die();
  node.advance(10min);
  EXPECT_EQ(node.kernel_mode(), Mode::lesson);
}

TEST_F(TimetableTest, ARestartInALessonKeepsItAndItsRecord) {
  const auto update = timetable({hour(10min, 60min)});
  std::uint64_t generation = 0;
  {
    RunningNode node(machine, site);
    give(node, update);
    node.advance(10min);
    generation = node.controller->state().generation;
  }
  apply(*update.plan, site.initial);
  const auto records = machine.journal.records.size();
  RunningNode again(machine, site);
  ASSERT_TRUE(again.started);
  EXPECT_EQ(again.kernel_mode(), Mode::lesson);
  EXPECT_EQ(again.controller->state().generation, generation);
  EXPECT_EQ(machine.journal.records.size(), records) << "the bell has been recorded";
}

TEST_F(TimetableTest, ABellThatNobodyHeardIsRecordedAtTheStart) {
  const auto update = timetable({hour(10min, 60min)});
  {
    RunningNode node(machine, site);
    give(node, update);
  }
  apply(*update.plan, site.initial);
  machine.clock.advance(15min);
  const RunningNode again(machine, site);
  EXPECT_EQ(again.kernel_mode(), Mode::lesson);
  EXPECT_EQ(entries().back(), "change");
}

TEST_F(TimetableTest, AStalePlanOnlyTightens) {
  RunningNode node(machine, site);
  PlanUpdate update = timetable({hour(-10min, 40min)});
  update.plan->stale_from = school::kNow;
  give(node, update);
  node.send(grant(1));
  EXPECT_EQ(node.reason(), "plan-stale");
  node.send(set_mode("devices-away", 2));
  EXPECT_EQ(node.status(), "enforced");
  EXPECT_EQ(node.kernel_mode(), Mode::devices_away);
}

TEST_F(TimetableTest, ANewRosterIsJudgedBy) {
  RunningNode node(machine, site);
  PlanUpdate update;
  update.roster = school::roster();
  update.roster->entries.at(KeyId("teacher-key")).revoked = school::kNow;
  update.entries.push_back({"roster", 2, {}, KeyId("root-1"), true, {}});
  give(node, update);
  node.send(set_mode("lesson"));
  EXPECT_EQ(node.reason(), "revoked-key");
}

TEST_F(TimetableTest, ARefusedPlanIsRecordedAndChangesNothing) {
  RunningNode node(machine, site);
  give(node, timetable({hour(-10min, 40min)}));
  PlanUpdate update;
  update.entries.push_back({"timetable", std::nullopt, {}, std::nullopt, false, "rolled back"});
  give(node, update);
  EXPECT_EQ(entries().back(), "plan");
  EXPECT_EQ(node.kernel_mode(), Mode::lesson);
}

}  // namespace
}  // namespace lokaal::test
