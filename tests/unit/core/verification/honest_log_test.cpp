#include <gtest/gtest.h>

#include <algorithm>

#include "core/evidence/cosignature.hpp"
#include "core/evidence/signed_note.hpp"
#include "tests/unit/core/verification/made_log.hpp"

namespace lokaal {
namespace {

using test::MadeLog;

class HonestLog : public ::testing::Test {
 protected:
  HonestLog() {
    log.add_a_morning();
    log.publish();
  }
  MadeLog log;
};

TEST_F(HonestLog, IsProven) {
  const Verification verification = log.verify();
  EXPECT_EQ(verification.verdict, LogVerdict::proven)
      << name_of(verification.findings.all().front().kind)
      << verification.findings.all().front().detail;
  EXPECT_TRUE(verification.findings.all().empty());
  EXPECT_EQ(verification.checkpoint->size, log.entries.size());
}

TEST_F(HonestLog, IsCounted) {
  const Verification verification = log.verify();
  EXPECT_EQ(verification.entries.at("genesis"), 1U);
  EXPECT_EQ(verification.entries.at("command"), 1U);
  EXPECT_EQ(verification.sightings, 3U);
  ASSERT_TRUE(verification.machines);
  EXPECT_EQ(verification.machines->locked, 26);
  EXPECT_EQ(verification.machines->silent, 1);
  EXPECT_EQ(verification.exams.size(), 1U);
  EXPECT_EQ(verification.proofs.opened, 2U);
  EXPECT_EQ(verification.proofs.commands_signed, 1U);
  EXPECT_EQ(verification.proofs.observations_signed, 1U);
  EXPECT_EQ(verification.proofs.erased, 0U);
}

TEST_F(HonestLog, SaysWhatWasNotChecked) {
  auto request = log.request();
  auto said = verify_log(request)->unchecked;
  EXPECT_EQ(said, (std::vector{Unchecked::replay, Unchecked::no_witness, Unchecked::own_policy,
                               Unchecked::own_keys, Unchecked::log_open}));
  request.policy_from_log = false;
  request.keys.reset();
  said = verify_log(request)->unchecked;
  EXPECT_EQ(said, (std::vector{Unchecked::replay, Unchecked::no_witness, Unchecked::no_keys,
                               Unchecked::log_open}));
}

TEST_F(HonestLog, OfSeveralTilesIsProvenToo) {
  log.beat(1860, 1860 + 600 * 20, 20);
  log.publish();
  EXPECT_GT(log.entries.size(), 512U);
  EXPECT_EQ(log.verify().verdict, LogVerdict::proven);
}

// Whoever reads while the gateway writes: the full tile has replaced the partial one.
TEST_F(HonestLog, ThatHasGrownIsReadThroughItsFullTiles) {
  const std::string checkpoint = log.files["checkpoint"];
  log.beat(1860, 1860 + 300 * 20, 20);
  log.publish();
  ASSERT_TRUE(log.files.contains("tile/entries/000"));
  auto request = log.request();
  bool first = true;
  request.read = [&](const std::string& path) -> Result<std::optional<std::string>> {
    if (path == "checkpoint" && std::exchange(first, false)) return checkpoint;
    const auto found = log.files.find(path);
    if (found == log.files.end()) return std::nullopt;
    return found->second;
  };
  const auto verification = verify_log(request);
  ASSERT_TRUE(verification);
  EXPECT_EQ(verification->verdict, LogVerdict::proven);
}

TEST_F(HonestLog, WithoutPrivateValuesIsErasedNotTampered) {
  std::erase_if(log.files, [](const auto& file) { return file.first.starts_with("private/"); });
  const Verification verification = log.verify();
  EXPECT_EQ(verification.verdict, LogVerdict::proven);
  EXPECT_EQ(verification.proofs.erased, 2U);
  EXPECT_EQ(verification.proofs.erased_recorded, 0U);
  EXPECT_EQ(verification.proofs.commands_unread, 1U);
}

TEST_F(HonestLog, AnErasureThatIsRecordedIsCountedAsOne) {
  const std::uint64_t command = log.personal.begin()->first;
  log.add(1850, entry::Erasure{{{test::kOrigin, command, "jws_c"}}, "term"});
  log.personal.begin()->second.fields.erase("jws_c");
  log.publish();
  const Verification verification = log.verify();
  EXPECT_EQ(verification.verdict, LogVerdict::proven);
  EXPECT_EQ(verification.proofs.erased, 1U);
  EXPECT_EQ(verification.proofs.erased_recorded, 1U);
  EXPECT_EQ(verification.proofs.opened, 1U);
}

TEST_F(HonestLog, ThatIsSealedCoversItsEnd) {
  log.add(1801, entry::Seal{"2026-11-26"});
  log.publish();
  const Verification verification = log.verify();
  EXPECT_EQ(verification.verdict, LogVerdict::proven);
  EXPECT_EQ(
      std::count(verification.unchecked.begin(), verification.unchecked.end(), Unchecked::log_open),
      0);
}

class WitnessedLog : public HonestLog {
 protected:
  WitnessedLog() {
    for (std::uint8_t seed = 20; seed < 23; ++seed) {
      const std::string name = "witness-" + std::to_string(seed);
      log.policy.witnesses.push_back(
          {name, {name, test::key_of(seed).public_key(), kNoteCosignature}});
    }
    log.policy.groups.push_back({"two", 2, {"witness-20", "witness-21", "witness-22"}});
    log.policy.quorum = "two";
  }
  void cosign_by(std::uint8_t seed) {
    auto note = SignedNote::parse(log.files["checkpoint"]).value();
    note.signatures.push_back(
        cosign(note.text, "witness-" + std::to_string(seed), test::key_of(seed), test::at(1801)));
    log.files["checkpoint"] = note.to_text();
  }
};

TEST_F(WitnessedLog, IsProvenByItsQuorum) {
  cosign_by(20);
  cosign_by(22);
  const Verification verification = log.verify();
  EXPECT_EQ(verification.verdict, LogVerdict::proven);
  ASSERT_EQ(verification.cosigners.size(), 2U);
  EXPECT_EQ(verification.cosigners[1].witness, "witness-22");
  EXPECT_EQ(verification.cosigners[1].at, test::at(1801));
}

TEST_F(WitnessedLog, IsNotProvenByTooFew) {
  cosign_by(21);
  const Verification verification = log.verify();
  EXPECT_EQ(verification.verdict, LogVerdict::not_proven);
  EXPECT_TRUE(MadeLog::finding(verification, FindingKind::quorum_missing));
}

TEST_F(WitnessedLog, CosignaturesOfAnotherCheckpointDoNotCount) {
  cosign_by(20);
  cosign_by(21);
  const auto old = SignedNote::parse(log.files["checkpoint"]).value();
  log.beat(1860, 1900, 20);
  log.publish();
  auto note = SignedNote::parse(log.files["checkpoint"]).value();
  note.signatures.insert(note.signatures.end(), old.signatures.begin() + 1, old.signatures.end());
  log.files["checkpoint"] = note.to_text();
  const Verification verification = log.verify();
  EXPECT_EQ(verification.verdict, LogVerdict::not_proven);
  EXPECT_TRUE(MadeLog::finding(verification, FindingKind::cosignature_wrong));
  EXPECT_TRUE(MadeLog::finding(verification, FindingKind::quorum_missing));
}

}  // namespace
}  // namespace lokaal
