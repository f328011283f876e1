#include "core/evidence/trust_policy.hpp"

#include <gtest/gtest.h>

#include "core/evidence/cosignature.hpp"

namespace lokaal {
namespace {

std::string vkey(const char* name, std::uint8_t seed, std::uint8_t type) {
  const auto key = Ed25519PrivateKey::from(Bytes(32, seed))->public_key();
  return NoteVerifier{name, key, type}.vkey();
}
std::string witness(const char* name, std::uint8_t seed) {
  return "witness " + std::string(name) + " " + vkey(name, seed, kNoteCosignature) + "\n";
}
std::string log_line() {
  return "log " + vkey("school/gw-1/2026-11-25", 1, kNoteEd25519) + " https://school.example/log\n";
}

TEST(TrustPolicies, WithoutWitnessesAskForNone) {
  const auto policy = TrustPolicy::parse(log_line() + "quorum none\n", "trust.policy");
  ASSERT_TRUE(policy) << policy.error().text();
  EXPECT_EQ(policy->logs.size(), 1U);
  EXPECT_FALSE(policy->needs_witnesses());
  EXPECT_TRUE(policy->met_by({}));
}

// The example of the specification: two of X and one of Y.
TEST(TrustPolicies, CountGroupsOfGroups) {
  const std::string text = "# two levels\n" + log_line() + witness("X1", 11) + witness("X2", 12) +
                           witness("X3", 13) + "\n  group X-witnesses\t2 X1 X2 X3\n" +
                           witness("Y1", 14) + witness("Y2", 15) + "group Ys any Y1 Y2\n" +
                           "group X-and-Y all X-witnesses Ys\nquorum X-and-Y\n";
  const auto policy = TrustPolicy::parse(text, "trust.policy");
  ASSERT_TRUE(policy) << policy.error().text();
  EXPECT_TRUE(policy->needs_witnesses());
  EXPECT_TRUE(policy->met_by({"X1", "X3", "Y2"}));
  EXPECT_FALSE(policy->met_by({"X1", "Y1", "Y2"}));
  EXPECT_FALSE(policy->met_by({"X1", "X2", "X3"}));
  EXPECT_FALSE(policy->met_by({}));
  const auto again = TrustPolicy::parse(policy->to_text(), "again");
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(*again, *policy);
}

TEST(TrustPolicies, ThatAreWrongAreRefusedWithTheirLine) {
  const std::string w = witness("W", 11);
  for (const std::string& wrong :
       {std::string(), log_line(), std::string("quorum W\n"), w + "quorum none\nquorum none\n",
        log_line() + log_line() + "quorum none\n", w + w + "quorum W\n",
        witness("none", 11) + "quorum none\n", w + "group G 2 W\nquorum G\n",
        w + "group G 0 W\nquorum G\n", w + "group G 01 W\nquorum G\n",
        w + "group G all\nquorum G\n", w + "group G all G\nquorum G\n",
        w + "group G any W\ngroup H any W\nquorum H\n",
        "witness W " + vkey("W", 11, kNoteEd25519) + "\nquorum W\n",
        "log " + vkey("L", 1, kNoteCosignature) + "\nquorum none\n", std::string("hello\n"),
        std::string("quorum none"), std::string("quorum none\r\n"),
        std::string("log x\nquorum none\n")}) {
    const auto policy = TrustPolicy::parse(wrong, "trust.policy");
    ASSERT_FALSE(policy) << wrong;
    EXPECT_EQ(policy.error().place->file, "trust.policy");
  }
  EXPECT_EQ(TrustPolicy::parse("\nlog x\nquorum none\n", "p").error().place->line, 2U);
}

TEST(Cosignatures, HoldForTheCheckpointAndTimeTheyWereMadeFor) {
  const auto key = *Ed25519PrivateKey::from(Bytes(32, 7));
  const NoteVerifier by{"witness.example/w", key.public_key(), kNoteCosignature};
  const WallTime time = from_unix_seconds(1'700'000'000);
  SignedNote note{"log\n1\nAAAA\n", {cosign("log\n1\nAAAA\n", by.name, key, time)}};
  EXPECT_EQ(cosigned_at(note, by).value(), time);
  const NoteVerifier other{"witness.example/v", key.public_key(), kNoteCosignature};
  EXPECT_EQ(cosigned_at(note, other).value(), std::nullopt);
  auto later = note;
  later.signatures[0].signature[7] ^= 1;
  EXPECT_FALSE(cosigned_at(later, by));
  auto longer = note;
  longer.text = "log\n2\nAAAA\n";
  EXPECT_FALSE(cosigned_at(longer, by));
}

}  // namespace
}  // namespace lokaal
