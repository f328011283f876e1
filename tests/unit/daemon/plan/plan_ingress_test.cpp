#include "daemon/plan/plan_ingress.hpp"

#include <gtest/gtest.h>

#include "daemon/plan/stored_plan.hpp"
#include "tests/unit/core/plan/plan_school.hpp"
#include "tests/unit/daemon/plan/plan_folder.hpp"

namespace lokaal::test {
namespace {

using namespace std::chrono_literals;  // NOLINT: durations read as durations
using school::lesson;
using school::roster_text;
using school::sign_plan;
using school::timetable_doc;

const std::string kTimetable = "lokaal/v1/school/plan/timetable";
const std::string kRoster = "lokaal/v1/school/plan/roster";
const std::string kRoot = "lokaal/v1/school/plan/root";

std::string timetable(std::int64_t version, const std::string& to = "2027-01-15T09:20") {
  return sign_plan(timetable_doc({lesson("2027-01-15T08:30", to)}, version), "panel-key");
}

const std::string kInventory = "lokaal/v1/school/nodes/gw-1/inventory";
const std::string kTimestamp = "lokaal/v1/school/plan/timestamp";

std::string exams(std::int64_t version, const std::string& id = "t-1") {
  auto document = school::plan_doc("inventory", version);
  document["exams"] = boost::json::array{boost::json::object{{"exam", id},
                                                             {"kind", "test"},
                                                             {"room", "lokaal-112"},
                                                             {"from", "2027-01-15T07:40:00Z"},
                                                             {"to", "2027-01-15T08:10:00Z"}}};
  return sign_plan(document, "coordinator-key");
}

std::string devices(std::int64_t version, const std::string& signer = "it-key") {
  auto document = school::plan_doc("inventory", version);
  document["devices"] = boost::json::array{};
  return sign_plan(document, signer);
}

DecryptionJwk node_key() {
  DecryptionJwk key;
  key.key.bytes.fill(7);
  return key;
}

std::string encrypted(const std::string& text) {
  X25519PrivateKey once;
  once.bytes.fill(9);
  return make_jwe({KeyId(), node_key().key.public_key()}, as_bytes(text), once, GcmNonce{1})
      .value();
}

std::string both(const std::string& device_slice, const std::string& exam_slice) {
  return encrypted(boost::json::serialize(
      boost::json::object{{"devices", device_slice}, {"exams", exam_slice}}));
}

class PlanIngressTest : public testing::Test {
 protected:
  PlanIngress start(bool timestamp_required = false) const {
    auto store = PlanStore::open(folder.path("plan"));
    EXPECT_TRUE(store) << store.error().text();
    TrustedPlan plan = with_stored(school::first_plan(), *store);
    return PlanIngress({topics,
                        {school::kRoom},
                        std::move(*store),
                        [this] { return now; },
                        node_key(),
                        timestamp_required},
                       std::move(plan));
  }
  static std::optional<PlanUpdate> give(PlanIngress& ingress, const std::string& topic,
                                        const std::string& payload) {
    IncomingMessage message;
    message.topic = topic;
    message.payload = payload;
    message.retain = true;
    return ingress.on_message(message);
  }

  PlanFolder folder;
  Topics topics = Topics::of(SiteId("school")).value();
  WallTime now = school::kNow;
};

TEST_F(PlanIngressTest, ATimetableIsHandedOnInAbsoluteTimeAndRecorded) {
  PlanIngress ingress = start();
  const std::string text = timetable(1);
  const auto update = give(ingress, kTimetable, text);
  ASSERT_TRUE(update);
  ASSERT_TRUE(update->plan);
  EXPECT_FALSE(update->roster);
  EXPECT_EQ(
      update->plan->lessons.at(school::kRoom),
      (std::vector<Lesson>{{*parse_time("2027-01-15T07:30:00Z"),
                            *parse_time("2027-01-15T08:20:00Z"), PersonId("p-17"), Mode::lesson}}));
  ASSERT_EQ(update->entries.size(), 1U);
  EXPECT_EQ(update->entries.front(),
            (entry::Plan{"timetable", 1, sha256(as_bytes(text)), KeyId("panel-key"), true, {}}));
}

TEST_F(PlanIngressTest, TheSameAgainAndAnEmptyOneChangeNothing) {
  PlanIngress ingress = start();
  const std::string text = timetable(1);
  ASSERT_TRUE(give(ingress, kTimetable, text));
  EXPECT_FALSE(give(ingress, kTimetable, text)) << "a broker gives it at every connection";
  EXPECT_FALSE(give(ingress, kTimetable, ""));
  EXPECT_EQ(ingress.plan().timetable->document.version, 1U);
}

TEST_F(PlanIngressTest, ARollbackIsRefusedAndRecordedOnce) {
  PlanIngress ingress = start();
  ASSERT_TRUE(give(ingress, kTimetable, timetable(2)));
  const auto update = give(ingress, kTimetable, timetable(1));
  ASSERT_TRUE(update);
  EXPECT_FALSE(update->changes());
  ASSERT_EQ(update->entries.size(), 1U);
  EXPECT_FALSE(update->entries.front().accepted);
  EXPECT_NE(update->entries.front().reason->find("older"), std::string::npos);
  EXPECT_EQ(ingress.plan().timetable->document.version, 2U);
}

TEST_F(PlanIngressTest, ABrokerThatRepeatsRubbishDoesNotFillTheLog) {
  PlanIngress ingress = start();
  int entries = 0;
  for (int i = 0; i < 1000; ++i)
    if (give(ingress, kTimetable, "rubbish " + std::to_string(i))) ++entries;
  EXPECT_EQ(entries, 10);
}

TEST_F(PlanIngressTest, ARestartKnowsWhatWasTaken) {
  {
    PlanIngress ingress = start();
    ASSERT_TRUE(give(ingress, kRoster, roster_text(2)));
    ASSERT_TRUE(give(ingress, kTimetable, timetable(5)));
    ASSERT_TRUE(give(ingress, kTimetable, timetable(4)));
  }
  PlanIngress again = start();
  EXPECT_EQ(again.plan().roster.document.version, 2U);
  ASSERT_TRUE(again.plan().timetable);
  EXPECT_EQ(again.plan().timetable->document.version, 5U);
  EXPECT_EQ(again.in_force()->lessons.at(school::kRoom).size(), 1U);
  EXPECT_FALSE(give(again, kTimetable, timetable(5)));
}

TEST_F(PlanIngressTest, ARestartFollowsTheRootsThatWereTaken) {
  {
    PlanIngress ingress = start();
    ASSERT_TRUE(give(ingress, kRoot, school::root_text(2, {"root-1", "root-2"}, {"root-1"}))->plan);
    ASSERT_TRUE(give(ingress, kRoster, roster_text(2, true, "root-2"))->roster);
    ASSERT_TRUE(give(ingress, kRoot, school::root_text(3, {"root-2"}, {"root-2"}))->plan);
  }
  const PlanIngress again = start();
  EXPECT_EQ(again.plan().root.document.version, 3U);
  EXPECT_EQ(again.plan().roster.signer, KeyId("root-2"));
}

TEST_F(PlanIngressTest, AStoredDocumentThatWasTamperedWithIsLeftOut) {
  PlanIngress ingress = start();
  ASSERT_TRUE(give(ingress, kTimetable, timetable(1)));
  const auto store = PlanStore::open(folder.path("plan"));
  ASSERT_TRUE(store->put("timetable", timetable(1) + "A"));
  EXPECT_FALSE(start().plan().timetable);
}

TEST_F(PlanIngressTest, WhatCannotBeKeptIsNotTaken) {
  PlanIngress ingress = start();
  std::filesystem::remove_all(folder.path("plan"));
  const auto update = give(ingress, kTimetable, timetable(1));
  ASSERT_TRUE(update);
  EXPECT_FALSE(update->changes());
  EXPECT_FALSE(ingress.plan().timetable);
}

TEST_F(PlanIngressTest, AZoneThatNobodyKnowsIsRefused) {
  PlanIngress ingress = start();
  auto document = timetable_doc({lesson("2027-01-15T08:30", "2027-01-15T09:20")});
  document["zone"] = "Europe/Utopia";
  const auto update = give(ingress, kTimetable, sign_plan(document, "panel-key"));
  ASSERT_TRUE(update);
  EXPECT_FALSE(update->changes());
  EXPECT_FALSE(ingress.plan().timetable);
}

TEST_F(PlanIngressTest, AnExpiredTimetableOpensNothingMore) {
  PlanIngress ingress = start();
  auto document = timetable_doc({lesson("2027-01-15T08:30", "2027-01-15T09:20")});
  document["expires"] = "2027-01-20T00:00:00Z";
  const auto update = give(ingress, kTimetable, sign_plan(document, "panel-key"));
  EXPECT_EQ(update->plan->stale_from, parse_time("2027-01-20T00:00:00Z").value());
}

TEST_F(PlanIngressTest, ANewRosterIsHandedOn) {
  PlanIngress ingress = start();
  const auto update = give(ingress, kRoster, roster_text(2));
  ASSERT_TRUE(update);
  ASSERT_TRUE(update->roster);
  EXPECT_EQ(update->roster->document.version, 2U);
}

TEST_F(PlanIngressTest, ExamsOfTheInventoryMayBeStarted) {
  PlanIngress ingress = start();
  const auto update = give(ingress, kInventory, both(devices(1), exams(3)));
  ASSERT_TRUE(update);
  ASSERT_EQ(update->entries.size(), 2U);
  EXPECT_EQ(update->entries.front().doc, "inventory-devices");
  EXPECT_EQ(update->entries.back().doc, "inventory-exams");
  ASSERT_TRUE(update->plan);
  const PlannedExam& exam = update->plan->planned.at(ExamId("t-1"));
  EXPECT_EQ(exam.owner, PersonId("p-2"));
  EXPECT_EQ(exam.plan_version, 3U);
  const PlanIngress again = start();
  EXPECT_EQ(again.in_force()->planned.at(ExamId("t-1")), exam) << "over a restart";
}

TEST_F(PlanIngressTest, ATimetableSaysWhoseTestItIs) {
  PlanIngress ingress = start();
  ASSERT_TRUE(give(ingress, kInventory, encrypted(exams(1))));
  const auto update = give(ingress, kTimetable, timetable(1));
  EXPECT_EQ(update->plan->planned.at(ExamId("t-1")).owner, PersonId("p-17"));
}

TEST_F(PlanIngressTest, OneHalfOfAnInventoryDoesNotSpoilTheOther) {
  PlanIngress ingress = start();
  const auto update = give(ingress, kInventory, both(devices(1, "teacher-key"), exams(1)));
  ASSERT_TRUE(update);
  ASSERT_EQ(update->entries.size(), 2U);
  EXPECT_TRUE(update->entries.front().accepted);
  EXPECT_FALSE(update->entries.back().accepted);
  EXPECT_EQ(update->plan->planned.count(ExamId("t-1")), 1U);
}

TEST_F(PlanIngressTest, AnInventoryIsNotRolledBack) {
  PlanIngress ingress = start();
  ASSERT_TRUE(give(ingress, kInventory, encrypted(exams(2))));
  const auto update = give(ingress, kInventory, encrypted(exams(1, "t-0")));
  ASSERT_TRUE(update);
  EXPECT_FALSE(update->changes());
  EXPECT_FALSE(give(ingress, kInventory, encrypted(exams(2)))) << "the same, encrypted anew";
}

TEST_F(PlanIngressTest, AnInventoryThatIsNotForThisNodeIsRefused) {
  PlanIngress ingress = start();
  X25519PrivateKey once;
  once.bytes.fill(9);
  const auto other = make_jwe({KeyId(), once.public_key()}, as_bytes(exams(1)), once, GcmNonce{1});
  const auto update = give(ingress, kInventory, other.value());
  ASSERT_TRUE(update);
  EXPECT_FALSE(update->changes());
  EXPECT_FALSE(give(ingress, kInventory, exams(1))->changes()) << "not encrypted";
  EXPECT_FALSE(give(ingress, "lokaal/v1/school/nodes/gw-2/inventory", encrypted(exams(1))));
}

TEST_F(PlanIngressTest, ATimestampKeepsThePlanFreshForADay) {
  PlanIngress ingress = start(true);
  EXPECT_EQ(ingress.in_force()->stale_from, WallTime::min());
  auto document = school::plan_doc("timestamp");
  document["docs"] = boost::json::object{};
  const auto update = give(ingress, kTimestamp, sign_plan(document, "panel-key"));
  ASSERT_TRUE(update);
  EXPECT_EQ(update->plan->stale_from, school::kNow + 24h);
}

TEST_F(PlanIngressTest, OtherTopicsAreNotItsOwn) {
  PlanIngress ingress = start();
  EXPECT_TRUE(ingress.concerns(kTimetable));
  EXPECT_FALSE(ingress.concerns("lokaal/v1/school/building/command"));
  EXPECT_FALSE(give(ingress, "lokaal/v1/school/building/command", timetable(1)));
}

}  // namespace
}  // namespace lokaal::test
