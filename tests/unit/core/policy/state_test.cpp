#include "core/policy/state.hpp"

#include <gtest/gtest.h>

#include "tests/unit/core/policy/school.hpp"

namespace lokaal::test {
namespace {

TEST(State, HasNoDeadlineWhenNothingEnds) {
  EXPECT_EQ(next_deadline(school(), kNow), std::nullopt);
}

TEST(State, TheEarliestEndIsTheNextDeadline) {
  State state = school();
  set_mode(state, Mode::lesson, kNow + 50min);
  grant(state, "g1", {ServiceId("youtube")}, kNow + 10min);
  EXPECT_EQ(next_deadline(state, kNow), kNow + 10min);
  EXPECT_EQ(next_deadline(state, kNow + 10min), kNow + 50min);
  EXPECT_EQ(next_deadline(state, kNow + 50min), std::nullopt);
}

TEST(State, APausedExamHasNoDeadline) {
  State state = school();
  Exam exam = exam_of_room("x1", kNow + 1h);
  exam.paused = true;
  state.exams[exam.id] = exam;
  EXPECT_EQ(next_deadline(state, kNow), std::nullopt);
}

TEST(State, ARoomFallsBackToItsDefaultModeWhenTheCommandedOneEnds) {
  Room room;
  room.default_mode = Mode::lesson;
  room.mode = Mode::open;
  room.until = kNow + 5min;
  room.devices.forbidden_kinds = {Kind::phone};
  EXPECT_EQ(base_mode(room, kNow), Mode::open);
  EXPECT_EQ(base_mode(room, kNow + 5min), Mode::lesson);
  EXPECT_TRUE(device_rules(room, kNow + 5min).forbidden_kinds.empty());
}

TEST(State, NamesOfCausesReadBack) {
  for (const auto kind : {Cause::Kind::person, Cause::Kind::panel, Cause::Kind::physical,
                          Cause::Kind::timetable, Cause::Kind::plan, Cause::Kind::standing})
    EXPECT_EQ(cause_kind_from(name_of(kind)), kind);
  EXPECT_EQ(cause_kind_from("somebody"), std::nullopt);
}

}  // namespace
}  // namespace lokaal::test
