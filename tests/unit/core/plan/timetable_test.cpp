#include "core/plan/timetable.hpp"

#include <gtest/gtest.h>

#include "core/plan/lessons.hpp"
#include "tests/unit/core/plan/plan_school.hpp"

namespace lokaal {
namespace {

namespace json = boost::json;
using school::lesson;
using school::timetable_doc;
using namespace std::chrono_literals;  // NOLINT: durations read as durations

std::string fault(const json::object& document) {
  const auto timetable = parse_timetable(json::serialize(document));
  return timetable ? "" : timetable.error().message;
}

json::object with(const std::string& member, const json::value& value) {
  json::object one = lesson("2027-01-15T08:30", "2027-01-15T09:20");
  one[member] = value;
  return timetable_doc({one});
}

Result<Timetable> verified(const std::string& jws) {
  return verify_timetable(jws, {school::roster(), school::kNow});
}

TEST(Timetable, SaysWhoTeachesWhereAndWhen) {
  const auto timetable = verified(school::sign_plan(
      timetable_doc({lesson("2027-01-15T09:25", "2027-01-15T10:15", "lokaal-112", "p-18"),
                     lesson("2027-01-15T08:30", "2027-01-15T09:20")}),
      "panel-key"));
  ASSERT_TRUE(timetable) << timetable.error().text();
  EXPECT_EQ(timetable->zone, "Europe/Amsterdam");
  EXPECT_EQ(timetable->signer, KeyId("panel-key"));
  ASSERT_EQ(timetable->lessons.size(), 2U);
  const TimetabledLesson& first = timetable->lessons.front();
  EXPECT_EQ(first.teacher, PersonId("p-17")) << "in the order of time";
  EXPECT_EQ(first.group, "4h2");
  EXPECT_EQ(first.mode, Mode::lesson);
  EXPECT_EQ(first.to - first.from, 50min);
}

TEST(Timetable, ACivilTimeHasNoOffset) {
  EXPECT_TRUE(parse_civil_time("2027-01-15T08:30"));
  EXPECT_EQ(*parse_civil_time("2027-01-15T08:30:15") - *parse_civil_time("2027-01-15T08:30"), 15s);
  for (const char* wrong :
       {"", "2027-01-15", "08:30", "2027-01-15 08:30", "2027-01-15T08:30Z", "2027-01-15T08:30+01",
        "2027-01-15T8:30", "2027-02-29T08:30", "2027-13-01T08:30", "2027-00-10T08:30",
        "2027-01-15T24:00", "2027-01-15T08:60", "2027-01-15T08:30:60", "2027-01-15T08:30:1x",
        "2027-01-15T08:30:15.5", "x027-01-15T08:30"})
    EXPECT_FALSE(parse_civil_time(wrong)) << wrong;
}

TEST(Timetable, WhatALessonMayLeaveOut) {
  json::object one = lesson("2027-01-15T08:30", "2027-01-15T09:20");
  one.erase("class");
  one["mode"] = nullptr;
  const auto timetable = parse_timetable(json::serialize(timetable_doc({one})));
  ASSERT_TRUE(timetable) << timetable.error().text();
  EXPECT_EQ(timetable->lessons.front().group, std::nullopt);
  EXPECT_EQ(timetable->lessons.front().mode, Mode::lesson);
}

TEST(Timetable, AFaultNamesItsLesson) {
  EXPECT_NE(fault(with("room", "Lokaal 112")).find("lesson 1"), std::string::npos);
  EXPECT_NE(fault(with("from", "8:30")), "");
  EXPECT_NE(fault(with("to", "2027-01-15T08:30")), "") << "it must last";
  EXPECT_NE(fault(with("to", "2027-01-16T08:31")), "") << "longer than a day";
  EXPECT_NE(fault(with("teacher", nullptr)), "");
  EXPECT_NE(fault(with("teacher", "")), "");
  EXPECT_NE(fault(with("substitute", "p-18")), "") << "unknown members are refused";
  EXPECT_EQ(fault(with("mode", "devices-away")), "");
}

TEST(Timetable, AnExamIsNotATimetablesToOrder) {
  EXPECT_NE(fault(with("mode", "exam")).find("coordinator"), std::string::npos);
}

TEST(Timetable, NamesItsZone) {
  for (const char* wrong : {"", "Europe/Am sterdam", "/etc/passwd", "../UTC"}) {
    json::object document = timetable_doc({});
    document["zone"] = wrong;
    EXPECT_NE(fault(document), "") << wrong;
  }
  json::object document = timetable_doc({});
  document.erase("zone");
  EXPECT_NE(fault(document), "");
}

TEST(Timetable, TwoLessonsAtATimeInARoomAreRefusedWithTheirPlaces) {
  const auto text = fault(timetable_doc({lesson("2027-01-15T09:00", "2027-01-15T09:50"),
                                         lesson("2027-01-15T07:00", "2027-01-15T07:50"),
                                         lesson("2027-01-15T08:30", "2027-01-15T09:20")}));
  EXPECT_NE(text.find("lessons 3 and 1"), std::string::npos) << text;
  EXPECT_NE(text.find("lokaal-112 at 2027-01-15T09:00"), std::string::npos) << text;
}

TEST(Timetable, LessonsMayFollowEachOtherAndShareAnHourInOtherRooms) {
  EXPECT_EQ(fault(timetable_doc({lesson("2027-01-15T08:30", "2027-01-15T09:20"),
                                 lesson("2027-01-15T09:20", "2027-01-15T10:10"),
                                 lesson("2027-01-15T08:30", "2027-01-15T09:20", "lokaal-113")})),
            "");
}

TEST(Timetable, IsSignedByAPanelThatIsInForce) {
  const auto document = timetable_doc({lesson("2027-01-15T08:30", "2027-01-15T09:20")});
  EXPECT_TRUE(verified(school::sign_plan(document, "panel-key")));
  EXPECT_FALSE(verified(school::sign_plan(document, "it-key"))) << "a person's key";
  EXPECT_FALSE(verified(school::sign_plan(document, "nobody")));
  Roster revoked = school::roster();
  revoked.entries.at(KeyId("panel-key")).revoked = school::kNow;
  const std::string jws = school::sign_plan(document, "panel-key");
  EXPECT_FALSE(verify_timetable(jws, {revoked, school::kNow}));
  EXPECT_TRUE(verify_timetable(jws, {revoked, school::kNow - 1s}));
  EXPECT_TRUE(verify_timetable(jws, {revoked, std::nullopt})) << "believed while it was in force";
}

TEST(Timetable, IsNothingElseThatAPanelSigned) {
  auto document = timetable_doc({});
  const std::string text = json::serialize(document);
  EXPECT_FALSE(verified(sign_jws(school::key_of("panel-key"), kCommandType, as_bytes(text))));
  EXPECT_FALSE(verified(text)) << "no JWS";
  document["site"] = "elsewhere";
  EXPECT_FALSE(verified(school::sign_plan(document, "panel-key")));
  std::string bent = school::sign_plan(timetable_doc({}), "panel-key");
  bent[bent.size() - 10] = bent[bent.size() - 10] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(verified(bent));
}

TEST(Lessons, AreThoseOfTheNodesRooms) {
  const auto timetable = parse_timetable(json::serialize(
      timetable_doc({lesson("2027-01-15T08:30", "2027-01-15T09:20"),
                     lesson("2027-01-15T08:30", "2027-01-15T09:20", "elsewhere")})));
  ASSERT_TRUE(timetable);
  const auto lessons =
      lessons_of(*timetable, {RoomId("lokaal-112"), RoomId("lokaal-113")},
                 [](CivilTime local) { return WallTime(local.time_since_epoch() - 1h); });
  ASSERT_EQ(lessons.size(), 2U);
  EXPECT_EQ(
      lessons.at(RoomId("lokaal-112")),
      (std::vector<Lesson>{{*parse_time("2027-01-15T07:30:00Z"),
                            *parse_time("2027-01-15T08:20:00Z"), PersonId("p-17"), Mode::lesson}}));
  EXPECT_TRUE(lessons.at(RoomId("lokaal-113")).empty());
}

TEST(Lessons, AnHourThatClocksLeapOverHasNone) {
  const auto timetable = parse_timetable(
      json::serialize(timetable_doc({lesson("2027-03-28T02:10", "2027-03-28T02:50")})));
  ASSERT_TRUE(timetable);
  const auto lessons = lessons_of(*timetable, {RoomId("lokaal-112")},
                                  [](CivilTime) { return *parse_time("2027-03-28T01:00:00Z"); });
  EXPECT_TRUE(lessons.at(RoomId("lokaal-112")).empty());
}

}  // namespace
}  // namespace lokaal
