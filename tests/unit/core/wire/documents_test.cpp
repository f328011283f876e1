#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <functional>
#include <stdexcept>

#include "core/wire/event.hpp"
#include "core/wire/node_status.hpp"
#include "core/wire/result.hpp"
#include "core/wire/room_state.hpp"

namespace lokaal::wire {
namespace {

namespace json = boost::json;

WallTime at(const char* text) {
  return *parse_time(text);
}

NodeStatus a_status() {
  return {.site = SiteId("voorbeeld"),
          .node = NodeId("gw-1"),
          .state = NodeState::ready,
          .boot_id = "8d5a3c0e-0000-4000-8000-000000000001",
          .session = 18446744073709551615U,
          .at = at("2026-11-22T08:30:00.000001Z"),
          .software = "lokaald 0.1.0"};
}

NodeApplied an_applied() {
  return {.site = SiteId("voorbeeld"),
          .node = NodeId("pc-112-01"),
          .room = RoomId("lokaal-112"),
          .boot_id = "b",
          .seq = 9007199254740993U,
          .at = at("2026-11-22T08:30:00Z"),
          .generation = 3,
          .mode = Mode::devices_away,
          .overlays = {"phone-free"},
          .lab = LabHold::power_off,
          .until = at("2026-11-22T09:20:00Z"),
          .failed = {}};
}

TEST(CommandResult, HasAllMembersInTheOrderOfTheSchema) {
  CommandResult result;
  result.jti = CommandId("6f1f0d9e-7a53-4a6a-9d0c-0d7a3b0d0001");
  result.room = RoomId("lokaal-112");
  result.node = NodeId("gw-1");
  result.kid = KeyId("teacher-1");
  result.status = ResultStatus::enforced;
  result.rule = RuleId("mondia:lesson-social");
  result.generation = 42;
  result.at = at("2026-11-22T08:30:00.000001Z");
  result.enforced_at = at("2026-11-22T08:30:00.000250Z");
  result.evidence = EvidenceEntry{"voorbeeld/gw-1/2026-11-22", 7, "bGVhZg=="};
  EXPECT_EQ(to_text(result),
            R"({"v":1,"jti":"6f1f0d9e-7a53-4a6a-9d0c-0d7a3b0d0001","room":"lokaal-112",)"
            R"("node":"gw-1","kid":"teacher-1","status":"enforced","reason":null,"detail":null,)"
            R"("rule":"mondia:lesson-social","generation":"42",)"
            R"("at":"2026-11-22T08:30:00.000001Z","enforced_at":"2026-11-22T08:30:00.000250Z",)"
            R"("evidence":{"log":"voorbeeld/gw-1/2026-11-22","index":"7","leaf":"bGVhZg=="}})");
}

TEST(CommandResult, OfARefusalSaysNullWhereThereIsNothing) {
  CommandResult result;
  result.room = RoomId("lokaal-112");
  result.node = NodeId("gw-1");
  result.status = ResultStatus::rejected;
  result.reason = "bad-signature";
  result.at = at("2026-11-22T08:30:00Z");
  EXPECT_EQ(to_text(result),
            R"({"v":1,"jti":null,"room":"lokaal-112","node":"gw-1","kid":null,)"
            R"("status":"rejected","reason":"bad-signature","detail":null,"rule":null,)"
            R"("generation":null,"at":"2026-11-22T08:30:00.000000Z","enforced_at":null,)"
            R"("evidence":null})");
}

TEST(RoomState, HasAllMembersInTheOrderOfTheSchema) {
  RoomState state;
  state.site = SiteId("voorbeeld");
  state.room = RoomId("lokaal-112");
  state.node = NodeId("gw-1");
  state.boot_id = "b";
  state.seq = 5;
  state.at = at("2026-11-22T08:30:00Z");
  state.generation = 42;
  state.clock = ClockState::synced;
  state.isolation = Isolation::unknown;
  state.commanded.mode = Mode::lesson;
  state.commanded.overlays = {{"social-free", std::nullopt}};
  state.commanded.until = at("2026-11-22T09:20:00Z");
  state.commanded.rule = RuleId("mondia:lesson-social");
  state.commanded.by = CommandedBy::person;
  state.commanded.jti = CommandId("j");
  state.commanded.grants = {{GrantId("g1"), {"youtube"}, std::nullopt, at("2026-11-22T09:00:00Z")},
                            {GrantId("g2"), {"whatsapp"}, 2, std::nullopt}};
  state.commanded.exemptions = 1;
  state.commanded.allow = {"laptop"};
  state.applied = {42, Mode::lesson, {"social-free"}, at("2026-11-22T08:30:00Z"), ""};
  state.observed.verdict = Verdict::agrees;
  state.observed.observers = {
      {NodeId("gw-2"), 9, at("2026-11-22T08:29:59Z"), Scope::room, Verdict::agrees}};
  state.evidence = LogHead{"voorbeeld/gw-1/2026-11-22", 8, "cm9vdA=="};
  EXPECT_EQ(
      to_text(state),
      R"({"v":1,"site":"voorbeeld","room":"lokaal-112","node":"gw-1","boot_id":"b","seq":"5",)"
      R"("at":"2026-11-22T08:30:00.000000Z","generation":"42","clock":"synced",)"
      R"("isolation":"unknown","commanded":{"mode":"lesson",)"
      R"("overlays":[{"name":"social-free","until":null}],)"
      R"("until":"2026-11-22T09:20:00.000000Z","exam":null,"rule":"mondia:lesson-social",)"
      R"("by":{"kind":"person","jti":"j"},"grants":[{"id":"g1","services":["youtube"],)"
      R"("scope":"room","until":"2026-11-22T09:00:00.000000Z"},{"id":"g2",)"
      R"("services":["whatsapp"],"scope":2,"until":null}],"exemptions":1,"allow":["laptop"],)"
      R"("forbid":[]},"applied":{"generation":"42","mode":"lesson","overlays":["social-free"],)"
      R"("at":"2026-11-22T08:30:00.000000Z","failed":null},"observed":{"verdict":"agrees",)"
      R"("at":null,"generation":null,"machines":{"total":0,"locked":0,"off":0,"silent":0,)"
      R"("unlocked":0,"external":0},"sightings":0,"observers":[{"node":"gw-2","seq":"9",)"
      R"("at":"2026-11-22T08:29:59.000000Z","scope":"room","verdict":"agrees"}]},)"
      R"("evidence":{"log":"voorbeeld/gw-1/2026-11-22","size":"8","root":"cm9vdA=="},)"
      R"("next_deadline":null})");
}

TEST(RoomState, OfARoomWithNothingYetIsCompleteToo) {
  const auto value = to_json(RoomState{});
  const auto& commanded = value.at("commanded").as_object();
  EXPECT_TRUE(commanded.at("mode").is_null());
  EXPECT_EQ(commanded.at("by").at("kind").as_string(), "default");
  EXPECT_EQ(commanded.size(), 10U);
  EXPECT_EQ(value.at("applied").at("generation").as_string(), "0");
  EXPECT_TRUE(value.at("evidence").is_null());
  EXPECT_EQ(value.as_object().size(), 15U);
}

TEST(NodeStatus, IsWrittenAsTheSchemaSaysAndReadBack) {
  const std::string text = to_text(a_status());
  EXPECT_EQ(text, R"({"v":1,"site":"voorbeeld","node":"gw-1","state":"ready",)"
                  R"("boot_id":"8d5a3c0e-0000-4000-8000-000000000001",)"
                  R"("session":"18446744073709551615","at":"2026-11-22T08:30:00.000001Z",)"
                  R"("software":"lokaald 0.1.0"})");
  const auto read = read_node_status(text);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(*read, a_status());
}

TEST(NodeApplied, IsWrittenAsTheSchemaSaysAndReadBack) {
  const std::string text = to_text(an_applied());
  EXPECT_EQ(text,
            R"({"v":1,"site":"voorbeeld","node":"pc-112-01","room":"lokaal-112","boot_id":"b",)"
            R"("seq":"9007199254740993","at":"2026-11-22T08:30:00.000000Z","generation":"3",)"
            R"("mode":"devices-away","overlays":["phone-free"],"lab":"power-off",)"
            R"("until":"2026-11-22T09:20:00.000000Z","failed":null})");
  const auto read = read_node_applied(text);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(*read, an_applied());
}

TEST(NodeStatus, ReadersIgnoreMembersTheyDoNotKnow) {
  auto value = to_json(a_status());
  value.as_object()["battery"] = json::object{{"percent", 50}};
  EXPECT_TRUE(read_node_status(json::serialize(value)));
  auto applied = to_json(an_applied());
  applied.as_object()["new"] = nullptr;
  EXPECT_TRUE(read_node_applied(json::serialize(applied)));
}

struct Damage {
  const char* what;
  std::function<void(json::object&)> apply;
};

TEST(NodeStatus, ADamagedDocumentIsRefused) {
  const Damage damages[] = {
      {"missing", [](auto& o) { o.erase("session"); }},
      {"number", [](auto& o) { o["session"] = 5; }},
      {"negative", [](auto& o) { o["session"] = "-1"; }},
      {"padded", [](auto& o) { o["session"] = "01"; }},
      {"too big", [](auto& o) { o["session"] = "18446744073709551616"; }},
      {"empty", [](auto& o) { o["session"] = ""; }},
      {"spaced", [](auto& o) { o["session"] = " 1"; }},
      {"state", [](auto& o) { o["state"] = "sleeping"; }},
      {"null", [](auto& o) { o["state"] = nullptr; }},
      {"node", [](auto& o) { o["node"] = "GW 1"; }},
      {"time", [](auto& o) { o["at"] = "yesterday"; }},
      {"version", [](auto& o) { o["v"] = 2; }},
      {"text version", [](auto& o) { o["v"] = "1"; }},
      {"long", [](auto& o) { o["software"] = std::string(257, 'x'); }},
  };
  for (const auto& damage : damages) {
    auto value = to_json(a_status());
    damage.apply(value.as_object());
    EXPECT_FALSE(read_node_status(json::serialize(value))) << damage.what;
  }
  for (const auto* text : {"", "null", "[]", "{", R"({"v":1,"v":1})"})
    EXPECT_FALSE(read_node_status(text)) << text;
}

TEST(NodeApplied, ADamagedDocumentIsRefused) {
  const Damage damages[] = {
      {"mode", [](auto& o) { o["mode"] = "closed"; }},
      {"lab", [](auto& o) { o["lab"] = "burn"; }},
      {"overlays", [](auto& o) { o["overlays"] = "phone-free"; }},
      {"overlay", [](auto& o) { o["overlays"] = json::array{1}; }},
      {"too many", [](auto& o) { o["overlays"] = json::array(17, json::value("x")); }},
      {"until", [](auto& o) { o["until"] = 5; }},
      {"no until", [](auto& o) { o.erase("until"); }},
      {"room", [](auto& o) { o["room"] = nullptr; }},
  };
  for (const auto& damage : damages) {
    auto value = to_json(an_applied());
    damage.apply(value.as_object());
    EXPECT_FALSE(read_node_applied(json::serialize(value))) << damage.what;
  }
}

TEST(RoomEvent, CarriesTheFieldsOfItsLogEntry) {
  RoomEvent event{RoomId("lokaal-112"),       NodeId("gw-1"),       1,
                  at("2026-11-22T08:30:00Z"), EventKind::grant_end, {}};
  event.fields["id"] = "g1";
  event.fields["why"] = "until";
  EXPECT_EQ(to_text(event),
            R"({"v":1,"room":"lokaal-112","node":"gw-1","seq":"1",)"
            R"("at":"2026-11-22T08:30:00.000000Z","kind":"grant-end","id":"g1","why":"until"})");
}

TEST(RoomEvent, ASightingsOwnKindDoesNotHideTheEventsKind) {
  RoomEvent event;
  event.kind = EventKind::sighting;
  event.fields["kind"] = "hotspot";
  const auto value = to_json(event);
  EXPECT_EQ(value.at("kind").as_string(), "sighting");
  EXPECT_EQ(value.at("sighting").as_string(), "hotspot");
}

TEST(RoomEvent, AFieldThatWouldHideACommonMemberIsABug) {
  RoomEvent event;
  event.kind = EventKind::drift;
  event.fields["room"] = "other";
  EXPECT_THROW(to_json(event), std::logic_error);
}

}  // namespace
}  // namespace lokaal::wire
