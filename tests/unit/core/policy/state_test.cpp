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

TEST(State, APausedExamHasItsLongestPauseForADeadline) {
  State state = school();
  Exam exam = exam_of_room("x1", kNow + 1h);
  exam.paused = kNow;
  state.exams[exam.id] = exam;
  EXPECT_EQ(next_deadline(state, kNow), kNow + kLongestPause);
}

TEST(State, ARoomFallsBackToItsDefaultModeWhenTheCommandedOneEnds) {
  Room room;
  room.default_mode = Mode::lesson;
  room.commanded = CommandedMode{Mode::open, kNow + 5min, {}, {}};
  EXPECT_EQ(base_mode(room, kNow).mode, Mode::open);
  EXPECT_EQ(base_mode(room, kNow).until, kNow + 5min);
  EXPECT_EQ(base_mode(room, kNow + 5min).mode, Mode::lesson);
  EXPECT_EQ(base_mode(room, kNow + 5min).devices, nullptr);
}

TEST(State, TheBellBeginsAndEndsALesson) {
  Room room;
  room.lessons = {{kNow, kNow + 50min, PersonId("p-1"), Mode::lesson},
                  {kNow + 55min, kNow + 105min, PersonId("p-2"), Mode::lesson}};
  EXPECT_EQ(base_mode(room, kNow - 1us).mode, Mode::open);
  EXPECT_EQ(base_mode(room, kNow).mode, Mode::lesson);
  EXPECT_EQ(base_mode(room, kNow).by.kind, Cause::Kind::timetable);
  EXPECT_EQ(base_mode(room, kNow + 50min).mode, Mode::open);
  EXPECT_EQ(lesson_at(room, kNow + 60min)->teacher, PersonId("p-2"));
}

TEST(State, OfManyLessonsTheNextBellIsFound) {
  State state;
  Room& room = state.rooms[RoomId("lokaal-112")];
  for (int i = 0; i < 1000; ++i)
    room.lessons.push_back({kNow + i * 60min, kNow + i * 60min + 50min, PersonId("p-1"), {}});
  EXPECT_EQ(next_deadline(state, kNow + 500 * 60min), kNow + 500 * 60min + 50min);
  EXPECT_EQ(next_deadline(state, kNow + 500 * 60min + 50min), kNow + 501 * 60min);
  EXPECT_EQ(lesson_at(room, kNow + 500 * 60min + 50min), nullptr);
  EXPECT_EQ(lesson_at(room, kNow + 999 * 60min), &room.lessons.back());
  EXPECT_EQ(next_deadline(state, kNow + 1000 * 60min), std::nullopt);
}

TEST(State, WhatWasCommandedStandsAboveTheTimetable) {
  Room room;
  room.lessons = {{kNow, kNow + 50min, PersonId("p-1"), Mode::lesson}};
  room.commanded = CommandedMode{Mode::open, kNow + 10min, {}, {}};
  EXPECT_EQ(base_mode(room, kNow).mode, Mode::open);
  EXPECT_EQ(base_mode(room, kNow + 10min).mode, Mode::lesson);
}

TEST(State, TheNextBellIsADeadline) {
  State state = school();
  state.rooms[RoomId("lokaal-112")].lessons = {
      {kNow + 5min, kNow + 55min, PersonId("p-1"), Mode::lesson}};
  EXPECT_EQ(next_deadline(state, kNow), kNow + 5min);
  EXPECT_EQ(next_deadline(state, kNow + 5min), kNow + 55min);
}

TEST(State, NamesOfCausesReadBack) {
  for (const auto kind : {Cause::Kind::person, Cause::Kind::panel, Cause::Kind::physical,
                          Cause::Kind::timetable, Cause::Kind::plan, Cause::Kind::standing})
    EXPECT_EQ(cause_kind_from(name_of(kind)), kind);
  EXPECT_EQ(cause_kind_from("somebody"), std::nullopt);
}

}  // namespace
}  // namespace lokaal::test
