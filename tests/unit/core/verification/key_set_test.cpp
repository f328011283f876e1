#include "core/verification/key_set.hpp"

#include <gtest/gtest.h>

#include "tests/unit/core/verification/made_log.hpp"

namespace lokaal {
namespace {

KeySet two_keys() {
  KeySet keys;
  keys.keys.push_back(
      {KeyId("teacher-1"), test::key_of(2).public_key(), "teacher", {}, test::at(0), test::at(60)});
  keys.keys.push_back(
      {KeyId("agent-1"), test::key_of(3).public_key(), "agent", NodeId("box-2"), {}, {}});
  return keys;
}

TEST(KeySets, AreReadAsTheyAreWritten) {
  const auto again = KeySet::parse(two_keys().to_text());
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(*again, two_keys());
}

TEST(KeySets, HoldNoNamesAndTheMembersOfTheSchema) {
  EXPECT_EQ(two_keys().to_text().find("person"), std::string::npos);
  EXPECT_NE(two_keys().to_text().find(R"("lokaal:node":"box-2")"), std::string::npos);
  EXPECT_NE(two_keys().to_text().find(R"("use":"sig")"), std::string::npos);
}

TEST(KeySets, LeaveKeysOfOtherKindsBe) {
  const auto keys = KeySet::parse(R"({"keys":[{"kty":"RSA","n":"x","e":"AQAB"}]})");
  ASSERT_TRUE(keys);
  EXPECT_TRUE(keys->keys.empty());
}

TEST(KeySets, ThatAreNoneAreRefused) {
  for (
      const char* wrong :
      {"", "[]", "{}", R"({"keys":{}})", R"({"keys":[1]})",
       R"({"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA"}]})",
       R"({"keys":[{"kty":"OKP","crv":"Ed25519","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","lokaal:from":"soon"}]})"})
    EXPECT_FALSE(KeySet::parse(wrong)) << wrong;
}

TEST(KeySets, OfARosterHoldItsKeysAndTheNodesOwn) {
  Roster roster;
  RosterEntry entry;
  entry.kid = KeyId("teacher-1");
  entry.key = test::key_of(2).public_key();
  entry.role = Role::teacher;
  entry.person = PersonId("p-17");
  entry.until = test::at(100);
  entry.revoked = test::at(50);
  roster.entries[entry.kid] = entry;
  const auto keys =
      KeySet::of(roster, NodeId("gw-1"), {KeyId("gw-1-key"), test::key_of(4).public_key()});
  ASSERT_EQ(keys.keys.size(), 2U);
  EXPECT_EQ(keys.keys[0].until, test::at(50));
  EXPECT_EQ(keys.keys[0].node, std::nullopt);
  EXPECT_EQ(keys.keys[1].role, "node");
  EXPECT_EQ(keys.keys[1].node, NodeId("gw-1"));
}

TEST(KeySets, AKeyThatIsRevokedForEverIsNotListed) {
  Roster roster;
  RosterEntry entry;
  entry.kid = KeyId("lost-1");
  entry.key = test::key_of(2).public_key();
  entry.revoked = WallTime::min();
  roster.entries[entry.kid] = entry;
  const auto keys =
      KeySet::of(roster, NodeId("gw-1"), {KeyId("gw-1-key"), test::key_of(4).public_key()});
  EXPECT_TRUE(keys.named(KeyId("lost-1")).empty());
  EXPECT_TRUE(KeySet::parse(keys.to_text()));
}

TEST(KeySets, KeepWhatAnEarlierOneHad) {
  KeySet now;
  now.keys.push_back(two_keys().keys[0]);
  now.keys[0].until = test::at(30);
  now.add_missing(two_keys());
  ASSERT_EQ(now.keys.size(), 2U);
  EXPECT_EQ(now.keys[0].until, test::at(30));
  EXPECT_EQ(now.named(KeyId("agent-1")).size(), 1U);
}

}  // namespace
}  // namespace lokaal
