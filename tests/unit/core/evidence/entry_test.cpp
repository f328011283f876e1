#include "core/evidence/entry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/base/json.hpp"

namespace lokaal {
namespace {

WallTime at(std::string_view text) {
  return *parse_time(text);
}

LogEntry entry_of(EntryBody body) {
  LogEntry entry;
  entry.at = at("2026-11-23T08:30:00.000001Z");
  entry.boot = "b0a1";
  entry.mono_ns = 18'446'744'073'709'551'615U;
  entry.room = RoomId("lokaal-112");
  entry.gen = 7;
  entry.body = std::move(body);
  return entry;
}

// One entry of every type, with absent members where there can be any.
std::vector<LogEntry> one_of_each() {
  using namespace entry;
  const WallTime early = at("2026-11-23T08:00:00Z");
  const WallTime late = at("2026-11-23T09:20:00Z");
  const Machines machines{28, 26, 1, 1, 0, 0};
  std::vector<EntryBody> bodies;
  bodies.emplace_back(Genesis{SiteId("voorbeeld"),
                              NodeId("gw-1"),
                              "2026-11-23",
                              TreeState{"voorbeeld/gw-1/2026-11-22", 70'000, {{1, 2}}},
                              "c0",
                              {{"roster", {3, {4, 5}}}},
                              early,
                              "lokaal 0.1.0"});
  bodies.emplace_back(Genesis{});
  bodies.emplace_back(Plan{"roster", 3, {9}, KeyId("root"), true, {}});
  bodies.emplace_back(Plan{"roster", {}, {9}, {}, false, "malformed"});
  bodies.emplace_back(Command{CommandId("j"),
                              KeyId("k"),
                              "teacher",
                              "person",
                              {{"type", "set-mode"}, {"mode", "lesson"}},
                              "jc",
                              "accepted",
                              {},
                              RuleId("mondia:lesson-social")});
  bodies.emplace_back(
      Command{{}, {}, {}, "physical", {{"type", "release"}}, {}, "accepted", {}, {}});
  bodies.emplace_back(Refused{"bad-signature", 12, early, late});
  bodies.emplace_back(Change{"command",
                             CommandId("j"),
                             "lesson",
                             {{"phone-free", late}, {"x", {}}},
                             ExamId("e"),
                             late,
                             "ac",
                             "fc",
                             RuleId("mondia:lesson-social")});
  bodies.emplace_back(Change{});
  bodies.emplace_back(
      GrantBegin{GrantId("g"), {ServiceId("instagram")}, {{DeviceId("d")}}, late, CommandId("j")});
  bodies.emplace_back(GrantBegin{GrantId("g"), {}, {}, late, {}});
  bodies.emplace_back(GrantEnd{GrantId("g"), "expired"});
  bodies.emplace_back(
      ExemptionBegin{ExemptionId("x"), DeviceId("d"), {"exam"}, late, "strong", {}});
  bodies.emplace_back(ExemptionEnd{ExemptionId("x"), "expired"});
  bodies.emplace_back(Enforced{"enforced", {}, 812});
  bodies.emplace_back(DeviceSeen{DeviceId("d"), "phone", "joined"});
  bodies.emplace_back(Sighting{"p", "attempt", 3, early, late, {}});
  bodies.emplace_back(Observation{NodeId("gw-2"), KeyId("k"), 5, {1}, "a..b", "agrees", "room"});
  bodies.emplace_back(Drift{"table", "present", "absent", late});
  bodies.emplace_back(Heartbeat{41, 28, 3, machines, 2, 0});
  bodies.emplace_back(Heartbeat{});
  bodies.emplace_back(Gap{early, late, "boot"});
  bodies.emplace_back(Clock{early, late, "chrony"});
  bodies.emplace_back(ExamBegin{ExamId("e"), 4, machines});
  bodies.emplace_back(ExamBegin{ExamId("e"), {}, {}});
  bodies.emplace_back(ExamPause{{ExamId("e"), "emergency"}});
  bodies.emplace_back(ExamResume{{ExamId("e"), "command"}});
  bodies.emplace_back(ExamEnd{{ExamId("e"), "deadline"}});
  bodies.emplace_back(EmergencyBegin{CommandId("j"), late});
  bodies.emplace_back(EmergencyEnd{"deadline"});
  bodies.emplace_back(Release{28, {"pc-3"}});
  bodies.emplace_back(Erasure{{{"voorbeeld/gw-1/2026-11-22", 12, "jws_c"}}, "request"});
  bodies.emplace_back(Hold{{"e", {KeyId("k")}, "appeal"}});
  bodies.emplace_back(Disclosure{{"e", {KeyId("k"), KeyId("l")}, "inspection"}});
  bodies.emplace_back(Seal{"2026-11-24"});
  std::vector<LogEntry> entries;
  for (EntryBody& body : bodies) entries.push_back(entry_of(std::move(body)));
  return entries;
}

TEST(LogEntry, IsWrittenAsCanonicalJsonWithAllMembers) {
  auto entry = entry_of(
      entry::Refused{"bad-signature", 2, at("2026-11-23T08:00:00Z"), at("2026-11-23T08:01:00.5Z")});
  entry.room.reset();
  EXPECT_EQ(*entry.to_bytes(),
            R"({"at":"2026-11-23T08:30:00.000001Z","boot":"b0a1","count":2,)"
            R"("from":"2026-11-23T08:00:00.000000Z","gen":"7","mono_ns":"18446744073709551615",)"
            R"("reason":"bad-signature","room":null,"to":"2026-11-23T08:01:00.500000Z",)"
            R"("type":"refused","v":1})");
}

TEST(LogEntry, WritesTheMembersOfItsSchemaAndNoOthers) {
  const auto names = [](const EntryBody& body) {
    const auto value = parse_json(*entry_of(body).to_bytes());
    std::vector<std::string> out;
    for (const auto& member : value->get_object()) {
      const std::string name(member.key());
      if (name != "v" && name != "type" && name != "at" && name != "boot" && name != "mono_ns" &&
          name != "room" && name != "gen")
        out.push_back(name);
    }
    return out;
  };
  using testing::UnorderedElementsAre;
  EXPECT_THAT(names(entry::Genesis{}),
              UnorderedElementsAre("site", "node", "epoch", "prev", "snapshot_c", "plans",
                                   "window_floor", "software"));
  EXPECT_THAT(names(entry::Plan{}),
              UnorderedElementsAre("doc", "version", "sha256", "kid", "accepted", "reason"));
  EXPECT_THAT(names(entry::Command{}),
              UnorderedElementsAre("jti", "kid", "role", "signed_by", "cmd", "jws_c", "outcome",
                                   "reason", "rule"));
  EXPECT_THAT(names(entry::Change{}),
              UnorderedElementsAre("cause", "jti", "mode", "overlays", "exam", "until", "allow_c",
                                   "forbid_c", "rule"));
  EXPECT_THAT(names(entry::Enforced{}), UnorderedElementsAre("result", "reason", "took_us"));
  EXPECT_THAT(names(entry::Clock{}), UnorderedElementsAre("before", "after", "source"));
  EXPECT_THAT(names(entry::Gap{}), UnorderedElementsAre("from", "to", "why"));
  EXPECT_THAT(names(entry::Heartbeat{}), UnorderedElementsAre("n", "present", "cut", "machines",
                                                              "agents_ok", "agents_silent"));
}

TEST(LogEntry, ReadsBackEveryType) {
  for (const LogEntry& entry : one_of_each()) {
    const auto bytes = entry.to_bytes();
    ASSERT_TRUE(bytes) << bytes.error().text();
    const auto again = LogEntry::parse(*bytes);
    ASSERT_TRUE(again) << *bytes << "\n" << again.error().text();
    EXPECT_EQ(*again, entry) << *bytes;
    EXPECT_EQ(again->type(), entry.type());
  }
}

TEST(LogEntry, NeedsEveryMember) {
  for (const LogEntry& entry : one_of_each()) {
    const auto value = parse_json(*entry.to_bytes());
    for (const auto& member : value->get_object()) {
      boost::json::object lacking = value->get_object();
      lacking.erase(member.key());
      EXPECT_FALSE(LogEntry::parse(canonical_json(lacking))) << entry.type() << member.key();
    }
  }
}

TEST(LogEntry, NeedsEveryMemberToBeOfItsType) {
  for (const LogEntry& entry : one_of_each()) {
    const auto value = parse_json(*entry.to_bytes());
    for (const auto& member : value->get_object()) {
      boost::json::object wrong = value->get_object();
      wrong[member.key()] = boost::json::array{boost::json::array{true}};
      EXPECT_FALSE(LogEntry::parse(canonical_json(wrong))) << entry.type() << member.key();
    }
  }
}

TEST(LogEntry, IgnoresMembersOfALaterVersionOfItsType) {
  auto value = *parse_json(*entry_of(entry::Seal{"2026-11-24"}).to_bytes());
  value.get_object()["zz"] = 1;
  EXPECT_TRUE(LogEntry::parse(canonical_json(value)));
}

TEST(LogEntry, RefusesBytesThatAreNotCanonical) {
  const std::string good = *entry_of(entry::Seal{"2026-11-24"}).to_bytes();
  ASSERT_TRUE(LogEntry::parse(good));
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    return text;
  };
  EXPECT_FALSE(LogEntry::parse(good + " "));
  EXPECT_FALSE(LogEntry::parse(with(",", ", ")));
  EXPECT_FALSE(LogEntry::parse(with("\"v\":1", "\"v\":1.0")));
  EXPECT_FALSE(LogEntry::parse(with("\"v\":1", "\"v\":1e0")));
  EXPECT_FALSE(LogEntry::parse(with("\"v\":1", "\"v\":2")));
  EXPECT_FALSE(LogEntry::parse(with("\"v\":1", "\"v\":1,\"w\":9007199254740992")));
  EXPECT_FALSE(LogEntry::parse(with("\"v\":1", "\"v\":1,\"w\":18446744073709551615")));
  EXPECT_FALSE(LogEntry::parse(with("\"type\":\"seal\"", "\"type\":\"seel\"")));
  EXPECT_FALSE(LogEntry::parse(with("\"gen\":\"7\"", "\"gen\":\"07\"")));
  EXPECT_FALSE(LogEntry::parse(with("\"gen\":\"7\"", "\"gen\":\"-7\"")));
  EXPECT_FALSE(LogEntry::parse(with("\"gen\":\"7\"", "\"gen\":7")));
  EXPECT_FALSE(LogEntry::parse(with("00.000001Z", "00.00001Z")));
  EXPECT_FALSE(LogEntry::parse(with("00.000001Z", "00.000001z")));
  EXPECT_FALSE(LogEntry::parse("[]"));
  EXPECT_FALSE(LogEntry::parse(""));
}

TEST(LogEntry, SaysWhatIsWrongAndWhere) {
  std::string text = *entry_of(entry::Enforced{"enforced", {}, 812}).to_bytes();
  text.replace(text.find("812"), 3, "\"8\"");
  const auto parsed = LogEntry::parse(text);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().text(), "enforced entry, \"took_us\": a whole number was expected");
}

TEST(LogEntry, IsRefusedOver65535Bytes) {
  const auto of_size = [](std::size_t size) {
    const std::size_t frame = entry_of(entry::EmergencyEnd{}).to_bytes()->size();
    return entry_of(entry::EmergencyEnd{std::string(size - frame, 'a')}).to_bytes();
  };
  const auto largest = of_size(65'535);
  ASSERT_TRUE(largest);
  EXPECT_EQ(largest->size(), 65'535U);
  EXPECT_TRUE(LogEntry::parse(*largest));
  EXPECT_FALSE(of_size(65'536));
}

}  // namespace
}  // namespace lokaal
