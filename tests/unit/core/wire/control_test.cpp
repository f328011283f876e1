#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "core/wire/control_question.hpp"
#include "core/wire/control_status.hpp"
#include "core/wire/control_why.hpp"

namespace lokaal::wire {
namespace {

namespace json = boost::json;

WallTime at(const char* text) {
  return *parse_time(text);
}

WhyAnswer a_refusal() {
  WhyAnswer out;
  out.at = at("2026-11-22T08:30:00.000001Z");
  out.device = "d-phone";
  out.kind = "phone";
  out.room = RoomId("lokaal-112");
  out.name = "www.instagram.com";
  out.allowed = false;
  out.layer = "lesson";
  out.rule = RuleId("mondia:lesson-social");
  out.until = at("2026-11-22T09:20:00Z");
  out.title_nl = "Sociale media in de les";
  out.title_en = "Social media in lessons";
  out.text = "Het is medewerkers en leerlingen niet toegestaan \"om\"";
  out.source = "5";
  out.service = ServiceId("instagram");
  out.service_name = "Instagram";
  out.category = "social-media";
  out.match = NameMatch::suffix;
  out.matched = "instagram.com";
  out.mode = Mode::lesson;
  out.mode_until = out.until;
  out.overlays = {"phone-free"};
  out.dns = NameAnswer::refuses;
  out.dns_rule = out.rule;
  return out;
}

ControlStatus a_status() {
  ControlStatus out;
  out.site = SiteId("voorbeeld");
  out.node = NodeId("gw-1");
  out.at = at("2026-11-22T08:30:00Z");
  out.clock = ClockState::synced;
  out.generation = 18446744073709551615U;
  out.journal = "sound";
  out.broker_connected = true;
  out.enforced_generation = out.generation;
  out.enforced_at = out.at;
  out.guard = GuardState::intact;
  out.rooms = {{{"room", "lokaal-112"}}};
  return out;
}

TEST(ControlQuestions, AreReadAsTheyWereWritten) {
  for (const ControlQuestion& question :
       {ControlQuestion(StatusQuestion{}), ControlQuestion(WhyQuestion{"d-phone", "x.nl", "", {}}),
        ControlQuestion(WhyQuestion{"10.0.0.1", "", "d-2", RoomId("lokaal-112")})}) {
    const auto again = read_control_question(to_text(question));
    ASSERT_TRUE(again) << again.error().text();
    EXPECT_EQ(*again, question);
  }
  EXPECT_EQ(to_text(ControlQuestion(StatusQuestion{})), R"({"ask":"status","v":1})");
}

TEST(ControlQuestions, OfAnotherSortAreRefused) {
  for (const char* line :
       {"", "[]", "{}", R"({"v":1})", R"({"v":2,"ask":"status"})", R"({"v":1,"ask":"release"})",
        R"({"v":1,"ask":"why"})", R"({"v":1,"ask":"why","device":"d"})",
        R"({"v":1,"ask":"why","device":7,"name":"x"})",
        R"({"v":1,"ask":"why","device":"","name":"x"})"})
    EXPECT_FALSE(read_control_question(line)) << line;
  const std::string endless = R"({"v":1,"ask":"why","device":"d","name":")" + std::string(301, 'x');
  EXPECT_FALSE(read_control_question(endless + "\"}"));
}

TEST(ControlFailures, AreToldApartFromAnswers) {
  const Error error{"no such room", std::nullopt, "did you mean \"lokaal-112\"?"};
  EXPECT_EQ(read_control_failure(control_failure(error)), error);
  EXPECT_EQ(read_control_failure(to_text(a_refusal())), std::nullopt);
  EXPECT_TRUE(read_control_failure("not JSON").has_value());
}

TEST(WhyAnswers, AreReadAsTheyWereWritten) {
  const auto again = read_why_answer(to_text(a_refusal()));
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(*again, a_refusal());
  WhyAnswer allowed;
  allowed.device = "02:00:00:00:00:01";
  allowed.known = false;
  allowed.kind = "other";
  allowed.room = RoomId("lokaal-112");
  allowed.layer = "none";
  allowed.confirmed = false;
  EXPECT_EQ(read_why_answer(to_text(allowed)).value(), allowed);
}

TEST(WhyAnswers, WithoutADecisionAreRefused) {
  json::object document = json::parse(to_text(a_refusal())).as_object();
  document["decision"] = "perhaps";
  EXPECT_FALSE(read_why_answer(json::serialize(document)));
  document.erase("decision");
  EXPECT_FALSE(read_why_answer(json::serialize(document)));
}

TEST(ControlStatuses, AreReadAsTheyWereWritten) {
  const auto again = read_control_status(to_text(a_status()));
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(to_text(*again), to_text(a_status()));
  EXPECT_EQ(again->rooms.at(0).at("room"), "lokaal-112");
  EXPECT_EQ(again->generation, 18446744073709551615U);
}

TEST(ControlStatuses, AreGoodOnlyWhereNothingWantsMending) {
  EXPECT_TRUE(a_status().good());
  const auto bad = [](auto change) {
    ControlStatus status = a_status();
    change(status);
    return !status.good();
  };
  EXPECT_TRUE(bad([](auto& s) { s.journal = "failed"; }));
  EXPECT_TRUE(bad([](auto& s) { s.broker_connected = false; }));
  EXPECT_TRUE(bad([](auto& s) { s.failed = "no table"; }));
  EXPECT_TRUE(bad([](auto& s) { s.guard = GuardState::broken; }));
  EXPECT_TRUE(bad([](auto& s) { s.guard = GuardState::unknown; }));
  EXPECT_TRUE(bad([](auto& s) { s.clock = ClockState::untrusted; }));
  EXPECT_TRUE(bad([](auto& s) { s.enforced_generation = 1; }));
}

}  // namespace
}  // namespace lokaal::wire
