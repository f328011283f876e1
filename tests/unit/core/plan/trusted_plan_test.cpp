#include "core/plan/trusted_plan.hpp"

#include <gtest/gtest.h>

#include "core/base/bytes.hpp"
#include "tests/unit/core/plan/plan_school.hpp"

namespace lokaal {
namespace {

using school::first_plan;
using school::lesson;
using school::root_text;
using school::roster_text;
using school::sign_plan;
using school::timetable_doc;

// "taken", "same", or what was wrong.
std::string offer(TrustedPlan& plan, std::string_view name, const std::string& text) {
  auto part = plan.examine(name, text, school::kNow);
  if (!part) return part.error().message;
  if (!*part) return "same";
  EXPECT_EQ(name_of(**part), name);
  plan.take(std::move(**part));
  return "taken";
}

std::string timetable(std::int64_t version, const std::string& to = "2027-01-15T09:20") {
  return sign_plan(timetable_doc({lesson("2027-01-15T08:30", to)}, version), "panel-key");
}

TEST(TrustedPlan, ANewerDocumentTakesThePlaceOfTheOld) {
  TrustedPlan plan = first_plan();
  EXPECT_EQ(offer(plan, "timetable", timetable(1)), "taken");
  EXPECT_EQ(offer(plan, "timetable", timetable(7)), "taken");
  EXPECT_EQ(plan.timetable->document.version, 7U);
  EXPECT_EQ(offer(plan, "roster", roster_text(2)), "taken");
  EXPECT_EQ(plan.roster.document.version, 2U);
  EXPECT_EQ(plan.timetable->document.version, 7U);
}

TEST(TrustedPlan, TheSameAgainChangesNothing) {
  TrustedPlan plan = first_plan();
  const std::string text = timetable(3);
  offer(plan, "timetable", text);
  const TrustedPlan before = plan;
  EXPECT_EQ(offer(plan, "timetable", text), "same");
  EXPECT_EQ(offer(plan, "roster", roster_text(1)), "same");
  EXPECT_EQ(offer(plan, "root", root_text(1, {"root-1"}, {"root-1"})), "same");
  EXPECT_EQ(plan, before);
}

TEST(TrustedPlan, ARollbackIsRefused) {
  TrustedPlan plan = first_plan();
  offer(plan, "timetable", timetable(3));
  const TrustedPlan before = plan;
  EXPECT_NE(offer(plan, "timetable", timetable(2)).find("older"), std::string::npos);
  EXPECT_NE(offer(plan, "timetable", timetable(3, "2027-01-15T10:20")).find("other bytes"),
            std::string::npos);
  offer(plan, "roster", roster_text(2));
  EXPECT_NE(offer(plan, "roster", roster_text(1)).find("older"), std::string::npos);
  EXPECT_EQ(plan.timetable, before.timetable);
}

TEST(TrustedPlan, ARosterThatDropsThePanelTakesItsTimetableAlong) {
  TrustedPlan plan = first_plan();
  offer(plan, "timetable", timetable(1));
  EXPECT_EQ(offer(plan, "roster", roster_text(2, false)), "taken");
  EXPECT_FALSE(plan.timetable);
  EXPECT_NE(offer(plan, "timetable", timetable(2)).find("no key of the roster"), std::string::npos);
}

std::string timestamp_of(const TrustedPlan& plan) {
  auto document = school::plan_doc("timestamp");
  document["expires"] = format_time(school::kNow + std::chrono::hours(12));
  document["docs"] = boost::json::object{
      {"roster", boost::json::object{{"version", plan.roster.document.version},
                                     {"sha256", hex(plan.roster.document.sha256)}}}};
  return sign_plan(document, "panel-key");
}

TEST(TrustedPlan, ARosterThatDropsThePanelDoesNotMakeAStalePlanFresh) {
  TrustedPlan plan = first_plan();
  ASSERT_EQ(offer(plan, "timestamp", timestamp_of(plan)), "taken");
  ASSERT_TRUE(plan.stale_from(false));
  EXPECT_EQ(offer(plan, "roster", roster_text(2, false)), "taken");
  EXPECT_FALSE(plan.timestamp);
  EXPECT_EQ(plan.stale_from(false), WallTime::min()) << "once there was one, the next is needed";
  EXPECT_EQ(offer(plan, "roster", roster_text(3)), "taken");
  EXPECT_EQ(plan.stale_from(false), WallTime::min()) << "the panel is back, its timestamp not yet";
  EXPECT_EQ(offer(plan, "timestamp", timestamp_of(plan)), "taken");
  EXPECT_GT(plan.stale_from(false), school::kNow);
}

TEST(TrustedPlan, RootsFollowEachOther) {
  TrustedPlan plan = first_plan();
  EXPECT_EQ(offer(plan, "root", root_text(2, {"root-1", "root-2"}, {"root-1"})), "taken");
  EXPECT_EQ(offer(plan, "roster", roster_text(2, true, "root-2")), "taken");
  EXPECT_EQ(offer(plan, "root", root_text(3, {"root-2"}, {"root-2"})), "taken");
  EXPECT_NE(offer(plan, "roster", roster_text(3, true, "root-1")), "taken");
}

TEST(TrustedPlan, ARootThatCannotVouchForTheRosterWaitsForOneThatItCan) {
  TrustedPlan plan = first_plan();
  const std::string alone = root_text(2, {"root-2"}, {"root-1", "root-2"});
  EXPECT_NE(offer(plan, "root", alone).find("root-1"), std::string::npos);
  EXPECT_EQ(plan.root.document.version, 1U);
}

TEST(TrustedPlan, WhatIsNoPlanDocumentIsRefused) {
  TrustedPlan plan = first_plan();
  EXPECT_NE(offer(plan, "timetable", roster_text(2)), "taken");
  EXPECT_NE(offer(plan, "roster", timetable(2)), "taken");
  EXPECT_NE(offer(plan, "breakfast", timetable(2)), "taken");
}

}  // namespace
}  // namespace lokaal
