#include "core/command/deadline.hpp"

#include <gtest/gtest.h>

#include <random>

#include "core/base/json.hpp"
#include "tests/unit/core/command/school.hpp"

namespace lokaal {
namespace {

using namespace school;
using std::chrono::hours;
using std::chrono::minutes;

class DeadlineOf : public testing::Test {
 protected:
  Context context;
  RoomView room;

  // Minutes from now; "none", or "invalid".
  std::string end(const std::string& cmd) {
    const auto command = parse_command(*parse_json(cmd));
    EXPECT_TRUE(command.has_value()) << cmd;
    const Deadline deadline = deadline_of(*command, room, context, kNow);
    if (!deadline) return "invalid";
    if (!*deadline) return "none";
    return std::to_string(std::chrono::duration_cast<minutes>(**deadline - kNow).count());
  }
  static std::string with_until(const std::string& cmd, std::chrono::microseconds from_now) {
    return cmd.substr(0, cmd.size() - 1) + R"(,"until":")" + format_time(kNow + from_now) + "\"}";
  }
  const std::string test = R"({"type":"set-mode","mode":"exam"})";
  const std::string grant =
      R"({"type":"grant","services":["instagram"],"reason":"teaching","lesson-end":true})";
};

TEST_F(DeadlineOf, AModeIsTheLessonsEndOrFiftyMinutes) {
  EXPECT_EQ(end(kLesson), "50");
  room.lesson = LessonView{PersonId("p-17"), kNow + minutes(20)};
  EXPECT_EQ(end(kLesson), "20");
  EXPECT_EQ(end(test), "20");
  EXPECT_EQ(end(R"({"type":"take-room"})"), "20");
}

TEST_F(DeadlineOf, AModeEndsWithTheSchoolDayAtTheLatest) {
  EXPECT_EQ(end(with_until(kLesson, hours(8))), "480");
  EXPECT_EQ(end(with_until(kLesson, hours(8) + minutes(1))), "invalid");
  context.day_end = kNow + minutes(10);
  EXPECT_EQ(end(kLesson), "10");
  context.day_end.reset();
  EXPECT_EQ(end(with_until(kLesson, hours(12))), "720");
  EXPECT_EQ(end(with_until(kLesson, hours(12) + minutes(1))), "invalid");
}

TEST_F(DeadlineOf, AnEndInThePastOrWithoutFormIsInvalid) {
  EXPECT_EQ(end(with_until(kLesson, minutes(0))), "invalid");
  EXPECT_EQ(end(with_until(kLesson, minutes(1))), "1");
  EXPECT_EQ(end(R"({"type":"set-mode","mode":"lesson","until":"10:20"})"), "invalid");
  EXPECT_EQ(end(R"({"type":"set-mode","mode":"lesson","until":"2027-01-15T08:30:00"})"), "invalid");
  EXPECT_EQ(end(R"({"type":"set-mode","mode":"lesson","until":"2027-01-15T09:30:00+01:00"})"),
            "30");
}

TEST_F(DeadlineOf, TheProtocolSaysHowLongThingsLast) {
  context.longest = {minutes(45), hours(3), minutes(20)};
  EXPECT_EQ(end(kLesson), "45");
  EXPECT_EQ(end(test), "45");
  EXPECT_EQ(end(with_until(test, hours(3))), "180");
  EXPECT_EQ(end(with_until(test, hours(3) + minutes(1))), "invalid");
  const std::string emergency = R"({"type":"emergency","on":true})";
  EXPECT_EQ(end(emergency), "20");
  EXPECT_EQ(end(with_until(emergency, minutes(21))), "invalid");
  room.lesson = LessonView{PersonId("p-17"), kNow + hours(4)};
  EXPECT_EQ(end(test), "180") << "no lesson makes a test longer than the protocol has it";
}

TEST_F(DeadlineOf, ATestLastsSixHoursAtTheMost) {
  EXPECT_EQ(end(with_until(test, hours(6))), "360");
  EXPECT_EQ(end(with_until(test, hours(6) + minutes(1))), "invalid");
}

TEST_F(DeadlineOf, AnEmergencyLastsAnHour) {
  const std::string on = R"({"type":"emergency","on":true})";
  EXPECT_EQ(end(on), "60");
  EXPECT_EQ(end(with_until(on, minutes(60))), "60");
  EXPECT_EQ(end(with_until(on, minutes(61))), "invalid");
  EXPECT_EQ(end(R"({"type":"emergency","on":false})"), "none");
}

TEST_F(DeadlineOf, AGrantNeverOutlivesItsLesson) {
  EXPECT_EQ(end(grant), "50");
  room.mode = Mode::lesson;
  room.mode_until = kNow + minutes(30);
  EXPECT_EQ(end(grant), "30");
  const auto for_minutes = [](int count) {
    return R"({"type":"grant","services":["x"],"reason":"care","minutes":)" +
           std::to_string(count) + "}";
  };
  EXPECT_EQ(end(for_minutes(30)), "30");
  EXPECT_EQ(end(for_minutes(31)), "invalid");
  EXPECT_EQ(end(for_minutes(0)), "invalid");
  EXPECT_EQ(end(for_minutes(-5)), "invalid");
  EXPECT_EQ(
      end(R"({"type":"grant","services":["x"],"reason":"care","minutes":9223372036854775807})"),
      "invalid");
  room.lesson = LessonView{PersonId("p-17"), kNow + minutes(20)};
  EXPECT_EQ(end(grant), "20");
  EXPECT_EQ(end(for_minutes(21)), "invalid");
}

TEST_F(DeadlineOf, APermissionInABreakEndsBeforeTheNextLesson) {
  room.next_lesson = kNow + minutes(15);
  EXPECT_EQ(end(grant), "15");
  room.mode = Mode::lesson;
  room.mode_until = kNow + minutes(30);
  EXPECT_EQ(end(grant), "15");
  room.next_lesson = kNow + minutes(45);
  EXPECT_EQ(end(grant), "30");
}

// The property, over generated rooms and permissions: where the bell is known it ends every one of
// them, else the end of the mode lesson does, else the school day's.
TEST_F(DeadlineOf, NoPermissionOutlivesItsLessonWhateverIsAsked) {
  std::mt19937 random(20270115);
  const auto below = [&](int limit) {
    return std::uniform_int_distribution<int>(0, limit - 1)(random);
  };
  const auto moment = [&] { return kNow + minutes(below(240) - 30); };
  unsigned given = 0;
  unsigned refused = 0;
  for (int round = 0; round < 4000; ++round) {
    room = RoomView();
    context.day_end = moment();
    if (below(3) > 0) room.lesson = LessonView{PersonId("p-17"), moment()};
    if (below(2) == 0) room.mode = Mode::lesson;
    if (below(3) > 0) room.mode_until = moment();
    GiveGrant command;
    command.services = {ServiceId("instagram")};
    if (const int how = below(3); how == 0)
      command.until = format_time(moment());
    else if (how == 1)
      command.minutes = below(300) - 10;
    const Deadline end = deadline_of(command, room, context, kNow);
    if (!end) {
      ++refused;
      continue;
    }
    ++given;
    ASSERT_TRUE(*end) << "round " << round << ": a permission without an end";
    WallTime latest = *context.day_end > kNow ? *context.day_end : kNow + hours(12);
    if (room.mode == Mode::lesson && room.mode_until && *room.mode_until > kNow)
      latest = *room.mode_until;
    if (room.lesson && room.lesson->until > kNow) latest = room.lesson->until;
    ASSERT_LE(**end, latest) << "round " << round;
    ASSERT_GT(**end, kNow) << "round " << round;
  }
  EXPECT_GT(given, 1000U);
  EXPECT_GT(refused, 500U);
}

TEST_F(DeadlineOf, WhatIsSaidOfDevicesIsOfTheLesson) {
  EXPECT_EQ(end(R"({"type":"set-devices","forbid":["phone"]})"), "50");
}

TEST_F(DeadlineOf, AnExamIsNotExtendedForEver) {
  ExamView running;
  running.running = true;
  running.until = kNow + minutes(20);
  running.latest = kNow + minutes(40);
  context.exams[ExamId("e")] = running;
  const std::string extend = R"({"type":"exam","action":"extend","exam":"e"})";
  EXPECT_EQ(end(with_until(extend, minutes(40))), "40");
  EXPECT_EQ(end(with_until(extend, minutes(41))), "invalid");
  room.exam = RunningExamView{std::nullopt, PersonId("p-17"), {}};
  room.exam->latest = kNow + minutes(30);
  EXPECT_EQ(end(with_until(test, minutes(30))), "30");
  EXPECT_EQ(end(with_until(test, minutes(31))), "invalid");
  EXPECT_EQ(end(test), "30");
}

TEST_F(DeadlineOf, WhatHasNoEndOfItsOwnHasNone) {
  EXPECT_EQ(end(R"({"type":"release"})"), "none");
  EXPECT_EQ(end(R"({"type":"exam","action":"start","exam":"e"})"), "none");
  EXPECT_EQ(end(R"({"type":"exam","action":"extend","exam":"e"})"), "invalid");
}

}  // namespace
}  // namespace lokaal
