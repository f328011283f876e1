#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "core/command/roster.hpp"
#include "tests/unit/core/command/school.hpp"

namespace lokaal {
namespace {

namespace json = boost::json;
using school::key_of;

json::object key_entry(const std::string& kid) {
  return {{"kid", kid}, {"jwk", to_json(PublicJwk{KeyId(kid), key_of(kid).key.public_key()})}};
}

json::object root_doc(std::int64_t version, const std::vector<std::string>& kids,
                      std::int64_t threshold = 1) {
  json::array keys;
  for (const auto& kid : kids) keys.push_back(key_entry(kid));
  return {{"doc", "root"},         {"site", "school"},
          {"version", version},    {"issued", "2026-11-01T00:00:00Z"},
          {"expires", nullptr},    {"keys", keys},
          {"threshold", threshold}};
}

std::string sign_root(const json::object& doc, const std::vector<std::string>& kids) {
  std::vector<PrivateJwk> keys;
  for (const auto& kid : kids) keys.push_back(key_of(kid));
  return sign_general_jws(keys, "lokaal-root+jws", as_bytes(json::serialize(doc)));
}

std::string paper(const std::string& kid) {
  return thumbprint(key_of(kid).key.public_key());
}

json::object entry(const std::string& kid, const std::string& role = "teacher") {
  json::object out = key_entry(kid);
  out["role"] = role;
  out["person"] = "p-17";
  out["rooms"] = json::array{"lokaal-112"};
  out["from"] = "2026-08-01T00:00:00Z";
  out["until"] = nullptr;
  out["revoked"] = nullptr;
  return out;
}

json::object roster_doc(const json::array& entries, std::int64_t version = 1) {
  return {{"doc", "roster"},
          {"site", "school"},
          {"version", version},
          {"issued", "2026-11-01T00:00:00Z"},
          {"expires", "2027-11-01T00:00:00Z"},
          {"entries", entries}};
}

std::string sign_roster(const json::object& doc, const std::string& kid = "root-1",
                        const std::string& typ = "lokaal-roster+jws") {
  return sign_jws(key_of(kid), typ, as_bytes(json::serialize(doc)));
}

Root root() {
  return *first_root(sign_root(root_doc(1, {"root-1"}), {"root-1"}), paper("root-1"));
}

std::string roster_fault(const json::object& doc) {
  const auto roster = parse_roster(json::serialize(doc));
  return roster ? "" : roster.error().message;
}

TEST(Root, TheFirstIsBelievedByTheThumbprintOnPaper) {
  const std::string text = sign_root(root_doc(1, {"root-1"}), {"root-1"});
  const auto root = first_root(text, paper("root-1"));
  ASSERT_TRUE(root.has_value()) << root.error().text();
  EXPECT_EQ(root->document.site, SiteId("school"));
  EXPECT_EQ(root->document.version, 1U);
  EXPECT_FALSE(first_root(text, paper("root-2")).has_value());
  EXPECT_FALSE(first_root(text, "").has_value());
}

TEST(Root, TheFirstIsNotBelievedWhenThePinnedKeyOnlyStandsInIt) {
  const std::string text = sign_root(root_doc(1, {"root-1", "root-2"}), {"root-2"});
  EXPECT_FALSE(first_root(text, paper("root-1")).has_value());
  EXPECT_TRUE(first_root(text, paper("root-2")).has_value());
}

TEST(Root, WantsAsManyDifferentSignersAsItsThreshold) {
  const auto doc = root_doc(1, {"root-1", "root-2"}, 2);
  EXPECT_FALSE(first_root(sign_root(doc, {"root-1"}), paper("root-1")).has_value());
  EXPECT_FALSE(first_root(sign_root(doc, {"root-1", "root-1"}), paper("root-1")).has_value());
  EXPECT_TRUE(first_root(sign_root(doc, {"root-1", "root-2"}), paper("root-1")).has_value());
}

TEST(Root, TheNextIsSignedByTheOneBeforeAndByItself) {
  const auto doc = root_doc(2, {"root-2"});
  EXPECT_FALSE(next_root(root(), sign_root(doc, {"root-2"})).has_value());
  EXPECT_FALSE(next_root(root(), sign_root(doc, {"root-1"})).has_value());
  const auto next = next_root(root(), sign_root(doc, {"root-1", "root-2"}));
  ASSERT_TRUE(next.has_value()) << next.error().text();
  EXPECT_EQ(next->document.version, 2U);
}

TEST(Root, KeepsTheFirstOfTwoWithOneVersion) {
  const auto current = root();
  const auto same = next_root(current, sign_root(root_doc(1, {"root-1"}), {"root-1"}));
  ASSERT_TRUE(same.has_value());
  EXPECT_EQ(*same, current);
  const auto other = next_root(current, sign_root(root_doc(1, {"root-1", "root-2"}), {"root-1"}));
  ASSERT_FALSE(other.has_value());
  EXPECT_EQ(other.error().message,
            "plan/root: version 1 again, with other bytes: the first is kept");
}

TEST(Root, NeitherGoesBackNorSkips) {
  const auto two = *next_root(root(), sign_root(root_doc(2, {"root-1"}), {"root-1"}));
  EXPECT_FALSE(next_root(two, sign_root(root_doc(1, {"root-1"}), {"root-1"})).has_value());
  EXPECT_FALSE(next_root(two, sign_root(root_doc(4, {"root-1"}), {"root-1"})).has_value());
  EXPECT_TRUE(next_root(two, sign_root(root_doc(3, {"root-1"}), {"root-1"})).has_value());
}

TEST(Root, RefusesWhatTheSchemaDoesNotKnow) {
  const auto ok = [](const json::object& doc) {
    return parse_root(json::serialize(doc)).has_value();
  };
  EXPECT_TRUE(ok(root_doc(1, {"a"})));
  auto doc = root_doc(1, {"a"});
  doc["colour"] = "red";
  EXPECT_FALSE(ok(doc));
  EXPECT_FALSE(ok(root_doc(0, {"a"})));
  EXPECT_FALSE(ok(root_doc(1, {})));
  EXPECT_FALSE(ok(root_doc(1, {"a"}, 0)));
  EXPECT_FALSE(ok(root_doc(1, {"a"}, 2)));
  EXPECT_FALSE(ok(root_doc(1, {"a", "a"})));
  doc = root_doc(1, {"a"});
  doc["doc"] = "roster";
  EXPECT_FALSE(ok(doc));
  doc = root_doc(1, {"a", "b"});
  doc["keys"].as_array()[1].as_object()["jwk"] = key_entry("a")["jwk"];
  doc["keys"].as_array()[1].as_object()["jwk"].as_object().erase("kid");
  EXPECT_FALSE(ok(doc)) << "one key under two names";
}

TEST(Root, WantsItsOwnTypeInEverySignature) {
  const std::string text = sign_general_jws({key_of("root-1")}, "lokaal-roster+jws",
                                            as_bytes(json::serialize(root_doc(1, {"root-1"}))));
  EXPECT_FALSE(first_root(text, paper("root-1")).has_value());
}

TEST(Roster, IsReadWithAllThatAnEntryHas) {
  auto one = entry("k-1");
  one["until"] = "2027-07-31T00:00:00+02:00";
  const auto roster = verify_roster(sign_roster(roster_doc(json::array{one})), root());
  ASSERT_TRUE(roster.has_value()) << roster.error().text();
  const RosterEntry* found = roster->find(KeyId("k-1"));
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->role, Role::teacher);
  EXPECT_EQ(found->person, PersonId("p-17"));
  EXPECT_EQ(found->rooms, std::set<RoomId>{RoomId("lokaal-112")});
  EXPECT_EQ(found->until, *parse_time("2027-07-30T22:00:00Z"));
  EXPECT_FALSE(found->revoked.has_value());
  EXPECT_TRUE(found->in_force(school::kNow));
  EXPECT_FALSE(found->in_force(*found->until));
  EXPECT_FALSE(found->in_force(*parse_time("2026-07-31T23:59:59Z")));
}

TEST(Roster, KnowsRevokedKeysInEveryForm) {
  for (const json::value& revoked : {json::value(true), json::value("2026-11-05T10:00:00Z")}) {
    auto one = entry("k-1");
    one["revoked"] = revoked;
    const auto roster = parse_roster(json::serialize(roster_doc(json::array{one})));
    ASSERT_TRUE(roster.has_value());
    EXPECT_FALSE(roster->find(KeyId("k-1"))->in_force(school::kNow));
  }
  auto one = entry("k-1");
  one["revoked"] = false;
  EXPECT_TRUE(parse_roster(json::serialize(roster_doc(json::array{one})))
                  ->find(KeyId("k-1"))
                  ->in_force(school::kNow));
}

TEST(Roster, KnowsEveryRole) {
  for (const char* role : {"teacher", "supervisor", "coordinator", "care", "it", "communications",
                           "bhv", "privacy-officer", "panel", "physical", "node", "agent"}) {
    const auto roster = parse_roster(json::serialize(roster_doc(json::array{entry("k-1", role)})));
    ASSERT_TRUE(roster.has_value()) << role;
    EXPECT_EQ(name_of(roster->find(KeyId("k-1"))->role), role);
  }
  EXPECT_EQ(roster_fault(roster_doc(json::array{entry("k-1", "headmaster")})),
            "plan/roster: entry 1: entry: \"role\" is none that is known");
}

TEST(Roster, SaysWhichEntryIsWrong) {
  const auto with = [](std::string_view name, const json::value& value) {
    auto two = entry("k-2");
    two[name] = value;
    return roster_fault(roster_doc(json::array{entry("k-1"), two}));
  };
  EXPECT_EQ(with("colour", "red"),
            "plan/roster: entry 2: entry: \"colour\" is not a member that is known here");
  EXPECT_EQ(with("node", "gw-1"),
            "plan/roster: entry 2: entry: wants either \"person\" or \"node\"");
  EXPECT_EQ(with("person", nullptr),
            "plan/roster: entry 2: entry: wants either \"person\" or \"node\"");
  EXPECT_EQ(with("rooms", json::array{"Lokaal 112"}),
            "plan/roster: entry 2: entry: \"rooms\": \"Lokaal 112\" is not a name");
  EXPECT_EQ(with("from", "yesterday"),
            "plan/roster: entry 2: entry: \"from\" is not an RFC 3339 time");
  EXPECT_EQ(with("revoked", 1), "plan/roster: entry 2: entry: \"revoked\" is not a string");
  EXPECT_EQ(with("kid", "k-1"), "plan/roster: entry 2: its jwk has another kid");
  EXPECT_EQ(roster_fault(roster_doc(json::array{entry("k-1"), entry("k-1")})),
            "plan/roster: entry 2: kid \"k-1\" appears twice");
  EXPECT_EQ(with("commands", json::array{"emergency"}),
            "plan/roster: entry 2: entry: \"commands\" is not a member that is known here");
}

TEST(Roster, LetsAButtonListWhatItDoes) {
  auto button = entry("b-1", "physical");
  EXPECT_EQ(
      parse_roster(json::serialize(roster_doc(json::array{button})))->find(KeyId("b-1"))->commands,
      std::set<std::string>{"emergency"});
  button["commands"] = json::array{"set-mode:devices-away"};
  EXPECT_EQ(
      parse_roster(json::serialize(roster_doc(json::array{button})))->find(KeyId("b-1"))->commands,
      std::set<std::string>{"set-mode:devices-away"});
}

TEST(Roster, IsBelievedOnlyFromTheRootOfItsSite) {
  EXPECT_TRUE(
      verify_roster(sign_roster(roster_doc(json::array{entry("k-1")})), root()).has_value());
  EXPECT_FALSE(verify_roster(sign_roster(roster_doc(json::array{}), "root-2"), root()).has_value());
  EXPECT_FALSE(
      verify_roster(sign_roster(roster_doc(json::array{}), "root-1", "lokaal-policy+jws"), root())
          .has_value());
  auto doc = roster_doc(json::array{});
  doc["site"] = "another";
  EXPECT_FALSE(verify_roster(sign_roster(doc), root()).has_value());
  std::string spoiled = sign_roster(roster_doc(json::array{}));
  spoiled[spoiled.size() - 10] = spoiled[spoiled.size() - 10] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(verify_roster(spoiled, root()).has_value());
}

TEST(Roster, NeitherGoesBackNorChangesUnderOneVersion) {
  const auto two =
      verify_roster(sign_roster(roster_doc(json::array{entry("k-1")}, 2)), root())->document;
  const auto same =
      verify_roster(sign_roster(roster_doc(json::array{entry("k-1")}, 2)), root())->document;
  const auto other =
      verify_roster(sign_roster(roster_doc(json::array{entry("k-2")}, 2)), root())->document;
  const auto one =
      verify_roster(sign_roster(roster_doc(json::array{entry("k-1")}, 1)), root())->document;
  const auto three = verify_roster(sign_roster(roster_doc(json::array{}, 3)), root())->document;
  EXPECT_EQ(*succession(two, same), Succession::same);
  EXPECT_EQ(*succession(two, three), Succession::newer);
  EXPECT_FALSE(succession(two, other).has_value());
  EXPECT_FALSE(succession(two, one).has_value());
}

TEST(Roster, FindsAPersonByTheEntriesInForce) {
  const Roster all = school::roster();
  EXPECT_EQ(all.of_person(PersonId("p-17"), school::kNow).size(), 1U);
  EXPECT_EQ(all.of_person(PersonId("p-17"), school::kNow - std::chrono::seconds(1)).size(), 2U);
  EXPECT_TRUE(all.of_person(PersonId(""), school::kNow).empty());
}

}  // namespace
}  // namespace lokaal
