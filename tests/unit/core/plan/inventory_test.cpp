#include "core/plan/inventory.hpp"

#include <gtest/gtest.h>

#include "tests/unit/core/plan/plan_school.hpp"

namespace lokaal {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;  // NOLINT: durations read as durations
using school::sign_plan;

const NodeId kNode{"gw-1"};

json::object exam(const std::string& id = "4h2-wiskunde") {
  return {{"exam", id},
          {"kind", "school-exam"},
          {"room", "lokaal-112"},
          {"group", nullptr},
          {"from", "2027-01-15T09:00:00Z"},
          {"to", "2027-01-15T11:00:00Z"},
          {"candidates",
           json::array{
               json::object{{"id", "c-1"}, {"device", "d-1"}, {"until", nullptr}},
               json::object{{"id", "c-2"}, {"device", "d-2"}, {"until", "2027-01-15T11:30:00Z"}}}},
          {"allow", json::array{"remindotoets", "toets.example.org"}},
          {"lab", "kiosk"},
          {"action_until", "2027-01-15T09:30:00Z"},
          {"neighbours", json::array{"lokaal-113"}}};
}

json::object exams_doc(const json::array& exams, std::int64_t version = 4) {
  json::object out = school::plan_doc("inventory", version);
  out["exams"] = exams;
  return out;
}

json::object device(const std::string& id = "d-1", const std::string& mac = "02:00:00:00:00:01") {
  return {{"id", id},        {"mac", json::array{mac}}, {"kind", "laptop"},
          {"room", nullptr}, {"owner", "pupil"},        {"tags", json::array{}}};
}

json::object devices_doc(const json::array& devices) {
  json::object out = school::plan_doc("inventory");
  out["devices"] = devices;
  return out;
}

std::string fault(const json::object& document) {
  const auto slice = parse_inventory(json::serialize(document), kNode);
  return slice ? "" : slice.error().message;
}

std::string exam_fault(const std::string& member, const json::value& value) {
  json::object one = exam();
  one[member] = value;
  return fault(exams_doc({one}));
}

Result<InventorySlice> verified(const std::string& jws) {
  return verify_inventory(jws, kNode, {school::roster(), school::kNow});
}

TEST(Inventory, HasTheExamsThatMayBeStarted) {
  const auto slice = verified(sign_plan(exams_doc({exam()}), "coordinator-key"));
  ASSERT_TRUE(slice) << slice.error().text();
  const PlannedExam& one = std::get<ExamSlice>(*slice).exams.front();
  EXPECT_EQ(one.id, ExamId("4h2-wiskunde"));
  EXPECT_EQ(one.kind, ExamKind::school_exam);
  EXPECT_EQ(one.room, RoomId("lokaal-112"));
  EXPECT_EQ(one.group, std::nullopt);
  EXPECT_EQ(one.to - one.from, 2h);
  EXPECT_EQ(one.candidates,
            (std::map<DeviceId, std::optional<WallTime>>{{DeviceId("d-1"), std::nullopt},
                                                         {DeviceId("d-2"), one.to + 30min}}));
  EXPECT_EQ(one.allow, (std::vector<std::string>{"remindotoets", "toets.example.org"}));
  EXPECT_EQ(one.lab, "kiosk");
  EXPECT_EQ(one.action_until, one.from + 30min);
  EXPECT_EQ(one.neighbours, std::set<RoomId>{RoomId("lokaal-113")});
  EXPECT_EQ(one.owner, PersonId("p-2")) << "who signed";
  EXPECT_EQ(one.plan_version, 4U);
}

TEST(Inventory, WhatAnExamMayLeaveOut) {
  json::object one = exam();
  for (const char* member : {"group", "candidates", "allow", "lab", "action_until", "neighbours"})
    one.erase(member);
  const auto slice = parse_inventory(json::serialize(exams_doc({one})), kNode);
  ASSERT_TRUE(slice) << slice.error().text();
  EXPECT_EQ(std::get<ExamSlice>(*slice).exams.front().lab, "none");
  EXPECT_TRUE(std::get<ExamSlice>(*slice).exams.front().candidates.empty());
}

TEST(Inventory, AnExamOfAGroupNamesWhomItHolds) {
  json::object one = exam();
  one["group"] = "4h2";
  EXPECT_EQ(fault(exams_doc({one})), "");
  one["candidates"] = json::array{};
  EXPECT_NE(fault(exams_doc({one})).find("would hold nobody"), std::string::npos);
}

TEST(Inventory, AFaultNamesItsExam) {
  EXPECT_NE(exam_fault("kind", "quiz").find("exam 1"), std::string::npos);
  EXPECT_NE(exam_fault("room", "Lokaal 112"), "");
  EXPECT_NE(exam_fault("to", "2027-01-15T09:00:00Z"), "");
  EXPECT_NE(exam_fault("to", "2027-01-15T15:00:01Z"), "") << "longer than 6 hours";
  EXPECT_NE(exam_fault("from", "2027-01-15T09:00"), "") << "without an offset";
  EXPECT_NE(exam_fault("lab", "explode"), "");
  EXPECT_NE(exam_fault("allow", json::array{"not a host"}), "");
  EXPECT_NE(exam_fault("allow", json::array{"toets..example.nl"}), "");
  EXPECT_NE(exam_fault("action_until", "2027-01-15T08:59:59Z"), "");
  EXPECT_NE(exam_fault("neighbours", json::array{"Lokaal 113"}), "");
  EXPECT_NE(exam_fault("title", "Wiskunde"), "") << "unknown members are refused";
  const json::object candidate{{"id", "c-1"}, {"device", "d-1"}};
  EXPECT_NE(exam_fault("candidates", json::array{candidate, candidate}).find("twice"),
            std::string::npos);
  EXPECT_NE(fault(exams_doc({exam(), exam()})).find("twice"), std::string::npos);
}

TEST(Inventory, HasItsSliceOfDevices) {
  const auto slice = verified(sign_plan(devices_doc({device()}), "it-key"));
  ASSERT_TRUE(slice) << slice.error().text();
  const Device& one = std::get<DeviceSlice>(*slice).devices.front();
  EXPECT_EQ(one.id, DeviceId("d-1"));
  EXPECT_EQ(one.kind, Kind::laptop);
  EXPECT_EQ(one.room, std::nullopt);
  EXPECT_EQ(one.macs.front().text(), "02:00:00:00:00:01");
}

TEST(Inventory, AnAddressNamesOneDevice) {
  EXPECT_NE(fault(devices_doc({device(), device()})), "");
  EXPECT_NE(fault(devices_doc({device("d-1"), device("d-2")})), "");
  EXPECT_EQ(fault(devices_doc({device("d-1"), device("d-2", "02:00:00:00:00:02")})), "");
  EXPECT_NE(fault(devices_doc({device("laptop")})), "") << "the name of a kind";
}

TEST(Inventory, ExamsAreACoordinatorsAndDevicesArePartOfIt) {
  EXPECT_FALSE(verified(sign_plan(exams_doc({exam()}), "it-key")));
  EXPECT_FALSE(verified(sign_plan(devices_doc({device()}), "coordinator-key")));
  EXPECT_FALSE(verified(sign_plan(exams_doc({exam()}), "teacher-key")));
  EXPECT_FALSE(verified(sign_plan(exams_doc({exam()}), "panel-key")));
}

TEST(Inventory, IsOneOfTwoAndOfThisNode) {
  json::object both = exams_doc({exam()});
  both["devices"] = json::array{};
  EXPECT_NE(fault(both), "");
  EXPECT_NE(fault(school::plan_doc("inventory")), "");
  json::object mine = exams_doc({exam()});
  mine["node"] = "gw-1";
  EXPECT_EQ(fault(mine), "");
  mine["node"] = "gw-2";
  EXPECT_NE(fault(mine), "");
}

TEST(Inventory, ComesAsTwoDocumentsOrAsOne) {
  EXPECT_EQ(inventory_documents("a.b.c").value(), std::vector<std::string>{"a.b.c"});
  EXPECT_EQ(inventory_documents(R"({"devices":"a.b.c","exams":"d.e.f"})").value(),
            (std::vector<std::string>{"a.b.c", "d.e.f"}));
  EXPECT_EQ(inventory_documents(R"({"devices":null,"exams":"d.e.f"})").value(),
            std::vector<std::string>{"d.e.f"});
  EXPECT_FALSE(inventory_documents(R"({"devices":null})"));
  EXPECT_FALSE(inventory_documents(R"({"rooms":"a.b.c"})"));
}

TEST(PlannedExams, ATestIsTheTeachersInWhoseHourItBegins) {
  ExamSlice slice;
  PlannedExam one;
  one.id = ExamId("t-1");
  one.room = RoomId("lokaal-112");
  one.from = school::kNow;
  one.to = school::kNow + 40min;
  one.owner = PersonId("p-2");
  slice.exams = {one};
  slice.exams.push_back(one);
  slice.exams.back().id = ExamId("s-1");
  slice.exams.back().kind = ExamKind::school_exam;
  const std::map<RoomId, std::vector<Lesson>> lessons{
      {RoomId("lokaal-112"),
       {{school::kNow - 60min, school::kNow, PersonId("p-18"), Mode::lesson},
        {school::kNow, school::kNow + 50min, PersonId("p-17"), Mode::lesson}}}};
  EXPECT_EQ(planned_exams(slice, lessons).at(ExamId("t-1")).owner, PersonId("p-17"));
  EXPECT_EQ(planned_exams(slice, lessons).at(ExamId("s-1")).owner, PersonId("p-2"));
  EXPECT_EQ(planned_exams(slice, {}).at(ExamId("t-1")).owner, PersonId("p-2"));
}

}  // namespace
}  // namespace lokaal
