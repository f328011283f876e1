#include "core/plan/timestamp.hpp"

#include <gtest/gtest.h>

#include "core/plan/trusted_plan.hpp"
#include "tests/unit/core/plan/plan_school.hpp"

namespace lokaal {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;  // NOLINT: durations read as durations
using school::first_plan;
using school::kNow;
using school::sign_plan;

json::object timestamp_doc(const json::object& docs, std::int64_t version = 1,
                           WallTime issued = kNow) {
  json::object out = school::plan_doc("timestamp", version);
  out["issued"] = format_time(issued);
  out["docs"] = docs;
  return out;
}

json::object entry(const PlanDocument& document) {
  return {{"version", static_cast<std::int64_t>(document.version)},
          {"sha256", hex(document.sha256)}};
}

void take(TrustedPlan& plan, std::string_view name, const std::string& text) {
  auto part = plan.examine(name, text, kNow);
  ASSERT_TRUE(part) << part.error().text();
  ASSERT_TRUE(*part);
  plan.take(std::move(**part));
}

std::string timetable(std::int64_t version) {
  return sign_plan(
      school::timetable_doc({school::lesson("2027-01-15T08:30", "2027-01-15T09:20")}, version),
      "panel-key");
}

TEST(Timestamp, VouchesForADay) {
  TrustedPlan plan = first_plan();
  EXPECT_EQ(plan.stale_from(false), std::nullopt) << "set up by files alone";
  EXPECT_EQ(plan.stale_from(true), WallTime::min()) << "one is required";
  take(plan, "timestamp",
       sign_plan(timestamp_doc({{"root", entry(plan.root.document)},
                                {"roster", entry(plan.roster.document)}}),
                 "panel-key"));
  EXPECT_EQ(plan.stale_from(false), kNow + 24h);
  EXPECT_EQ(plan.stale_from(true), kNow + 24h);
}

TEST(Timestamp, MayEndSooner) {
  TrustedPlan plan = first_plan();
  json::object document = timestamp_doc({});
  document["expires"] = format_time(kNow + 1h);
  take(plan, "timestamp", sign_plan(document, "panel-key"));
  EXPECT_EQ(plan.stale_from(false), kNow + 1h);
}

TEST(Timestamp, ADocumentThatSomebodyKeepsBackMakesThePlanStale) {
  TrustedPlan plan = first_plan();
  const std::string newest = timetable(2);
  take(plan, "timetable", timetable(1));
  const json::object named{
      {"timetable", json::object{{"version", 2}, {"sha256", hex(sha256(as_bytes(newest)))}}}};
  take(plan, "timestamp", sign_plan(timestamp_doc(named), "panel-key"));
  EXPECT_EQ(plan.stale_from(false), WallTime::min());
  take(plan, "timetable", newest);
  EXPECT_EQ(plan.stale_from(false), kNow + 24h);
  take(plan, "timetable", timetable(3));
  EXPECT_EQ(plan.stale_from(false), kNow + 24h) << "newer than it says is as good";
}

TEST(Timestamp, ADocumentThatIsMissingOrAnotherMakesThePlanStale) {
  TrustedPlan plan = first_plan();
  const json::object named{{"timetable", json::object{{"version", 1}, {"sha256", hex(Digest{})}}}};
  take(plan, "timestamp", sign_plan(timestamp_doc(named), "panel-key"));
  EXPECT_EQ(plan.stale_from(false), WallTime::min()) << "missing";
  take(plan, "timetable", timetable(1));
  EXPECT_EQ(plan.stale_from(false), WallTime::min()) << "the same version with other bytes";
}

TEST(Timestamp, OneFromTheFutureIsRefused) {
  const Roster roster = school::roster();
  const std::string ahead = sign_plan(timestamp_doc({}, 1, kNow + 31s), "panel-key");
  EXPECT_FALSE(verify_timestamp(ahead, {roster, kNow}));
  EXPECT_TRUE(verify_timestamp(ahead, {roster, kNow + 1s}));
}

TEST(Timestamp, IsAPanelsAndStrict) {
  const Roster roster = school::roster();
  EXPECT_FALSE(verify_timestamp(sign_plan(timestamp_doc({}), "it-key"), {roster, kNow}));
  const auto fault = [](const json::object& docs) {
    const auto timestamp = parse_timestamp(json::serialize(timestamp_doc(docs)));
    return timestamp ? std::string() : timestamp.error().message;
  };
  const std::string digest = hex(Digest{});
  EXPECT_EQ(fault({{"policy", json::object{{"version", 1}, {"sha256", digest}}}}), "");
  EXPECT_NE(fault({{"breakfast", json::object{{"version", 1}, {"sha256", digest}}}}), "");
  EXPECT_NE(fault({{"root", json::object{{"version", 0}, {"sha256", digest}}}}), "");
  EXPECT_NE(fault({{"root", json::object{{"version", 1}, {"sha256", "abc"}}}}), "");
  EXPECT_NE(fault({{"root", json::object{{"version", 1}, {"sha256", digest}, {"by", "it"}}}}), "");
  EXPECT_NE(fault({{"root", 1}}), "");
}

TEST(SchoolPolicy, IsItsOwnAndStrict) {
  json::object document = school::plan_doc("policy");
  document["protocol"] = "mondia-2020";
  document["defaults"] = json::object{};
  document["overlays"] =
      json::array{json::object{{"name", "phone-free"}, {"hours", json::array{}}}};
  document["rooms"] =
      json::array{json::object{{"name", "lokaal-112"},
                               {"groups", json::array{}},
                               {"attach", json::array{json::object{{"interface", "lan112"}}}}}};
  TrustedPlan plan = first_plan();
  take(plan, "policy", sign_plan(document, "it-key"));
  EXPECT_EQ(plan.policy->protocol, "mondia-2020");
  EXPECT_EQ(plan.policy->rooms, std::set<RoomId>{RoomId("lokaal-112")});
  EXPECT_FALSE(plan.examine("policy", sign_plan(document, "panel-key"), kNow));
  document["rooms"].as_array().front().as_object()["attach"] =
      json::array{json::object{{"port", 1}}};
  EXPECT_FALSE(parse_school_policy(json::serialize(document)));
  document["rooms"] = json::array{};
  EXPECT_TRUE(parse_school_policy(json::serialize(document)));
  document["dean"] = "p-1";
  EXPECT_FALSE(parse_school_policy(json::serialize(document)));
}

}  // namespace
}  // namespace lokaal
