#include "daemon/evidence/log_writer.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>
#include <future>

#include "core/evidence/signed_note.hpp"
#include "tests/unit/daemon/evidence/gateway_journal.hpp"

namespace lokaal {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class LogWriterTest : public GatewayJournal {
 protected:
  LogWriter writer() const { return {places(), {}}; }
  void expect_whole(std::size_t size) const {
    const Verification verification = verify();
    EXPECT_EQ(verification.verdict, LogVerdict::proven);
    for (const Finding& finding : verification.findings.all())
      ADD_FAILURE() << name_of(finding.kind) << " " << finding.file << ": " << finding.detail;
    ASSERT_TRUE(verification.checkpoint);
    EXPECT_EQ(verification.checkpoint->size, size);
  }
};

TEST_F(LogWriterTest, PublishesWhatTheJournalHolds) {
  LogWriter writes = writer();
  EXPECT_EQ(writes.publish(0).value(), std::nullopt);
  begin();
  beat(3);
  const auto published = writes.publish(next_sequence);
  ASSERT_TRUE(published) << published.error().text();
  EXPECT_EQ((*published)->checkpoint.origin, "voorbeeld/gw-1/2026-11-25");
  EXPECT_EQ((*published)->epoch, "2026-11-25");
  EXPECT_EQ((*published)->note, text_of(log() / "checkpoint"));
  expect_whole(4);
}

TEST_F(LogWriterTest, GoesOnWhereItWasAndKeepsNoPartialTileBesideAFullOne) {
  LogWriter writes = writer();
  begin();
  for (const std::size_t count : {1U, 100U, 100U, 53U, 1U, 400U}) {
    beat(count);
    ASSERT_TRUE(writes.publish(next_sequence));
  }
  expect_whole(656);
  EXPECT_TRUE(fs::exists(log() / "tile/0/000"));
  EXPECT_FALSE(fs::exists(log() / "tile/0/000.p"));
  EXPECT_FALSE(fs::exists(log() / "tile/entries/000.p"));
  EXPECT_TRUE(fs::exists(log() / "tile/0/002.p/144"));
}

// Checkpoints that others hold must stay provable: their partial tiles stay until the full one.
TEST_F(LogWriterTest, KeepsThePartialTilesOfEarlierCheckpoints) {
  LogWriter writes = writer();
  begin();
  beat(9);
  ASSERT_TRUE(writes.publish(next_sequence));
  beat(5);
  ASSERT_TRUE(writes.publish(next_sequence));
  EXPECT_TRUE(fs::exists(log() / "tile/0/000.p/10"));
  EXPECT_TRUE(fs::exists(log() / "tile/0/000.p/15"));
}

TEST_F(LogWriterTest, CatchesUpAfterARestart) {
  begin();
  beat(20);
  ASSERT_TRUE(writer().publish(next_sequence));
  const std::string before = text_of(log() / "checkpoint");
  ASSERT_TRUE(writer().publish(next_sequence));
  EXPECT_EQ(text_of(log() / "checkpoint"), before) << "nothing new, nothing signed";
  beat(300);
  ASSERT_TRUE(writer().publish(next_sequence));
  expect_whole(321);
}

TEST_F(LogWriterTest, MakesTheWholeDirectoryAgain) {
  begin();
  command();
  beat(300);
  LogWriter writes = writer();
  ASSERT_TRUE(writes.publish(next_sequence));
  const std::string before = text_of(log() / "checkpoint");
  fs::remove_all(folder / "evidence");
  ASSERT_TRUE(writer().publish(next_sequence));
  EXPECT_EQ(text_of(log() / "checkpoint"), before);
  EXPECT_TRUE(fs::exists(log() / "private/1.json"));
  expect_whole(302);
}

TEST_F(LogWriterTest, MakesAFileAgainThatIsMissing) {
  begin();
  beat(300);
  ASSERT_TRUE(writer().publish(next_sequence));
  fs::remove(log() / "tile/0/000");
  fs::remove(log() / "tile/entries/001.p/45");
  EXPECT_EQ(verify().verdict, LogVerdict::not_proven);
  ASSERT_TRUE(writer().publish(next_sequence));
  expect_whole(301);
}

TEST_F(LogWriterTest, PrivateValuesAreWhatTheLeafCommittedToAndNothingElse) {
  begin();
  command();
  ASSERT_TRUE(writer().publish(next_sequence));
  const std::string text = text_of(log() / "private/1.json");
  EXPECT_THAT(text, HasSubstr("jws_c"));
  EXPECT_EQ(text.find("result"), std::string::npos);
  struct stat info {};
  ASSERT_EQ(::stat((log() / "private/1.json").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  EXPECT_EQ(verify().proofs.opened, 1U);
}

TEST_F(LogWriterTest, WhatWasErasedInTheJournalIsErasedHere) {
  begin();
  command();
  ASSERT_TRUE(writer().publish(next_sequence));
  std::promise<void> erased;
  ASSERT_TRUE(journal->erase({1}, [&](const Result<void>&) { erased.set_value(); }));
  erased.get_future().wait();
  ASSERT_TRUE(writer().publish(next_sequence));
  EXPECT_FALSE(fs::exists(log() / "private/1.json"));
  EXPECT_EQ(verify().proofs.erased, 1U);
  expect_whole(2);
}

TEST_F(LogWriterTest, KeepsItsKeyWhereTheLogIsNotAndToItself) {
  begin();
  ASSERT_TRUE(writer().publish(next_sequence));
  const fs::path key = folder / "journal/log-2026-11-25.jwk";
  struct stat info {};
  ASSERT_EQ(::stat(key.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  for (const auto& file : fs::recursive_directory_iterator(log())) {
    if (!file.is_regular_file()) continue;
    EXPECT_EQ(text_of(file.path()).find("\"d\""), std::string::npos) << file.path();
  }
}

TEST_F(LogWriterTest, AKeyThatIsMissingIsNotMadeAnewForAPublishedLog) {
  begin();
  ASSERT_TRUE(writer().publish(next_sequence));
  fs::remove(folder / "journal/log-2026-11-25.jwk");
  const auto refused = writer().publish(next_sequence);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().text(), HasSubstr("key is missing"));
  EXPECT_THAT(refused.error().text(), HasSubstr("put the key file back"));
}

TEST_F(LogWriterTest, PublishesNothingThatContradictsWhatWasPublished) {
  begin();
  beat(3);
  ASSERT_TRUE(writer().publish(next_sequence));
  // Another history under the same key: the folder of a gateway that was set back and went on.
  const std::string key = text_of(folder / "journal/log-2026-11-25.jwk");
  const std::string checkpoint = text_of(log() / "checkpoint");
  journal.reset();
  fs::remove_all(folder / "journal");
  open();
  std::ofstream(folder / "journal/log-2026-11-25.jwk") << key;
  fs::permissions(folder / "journal/log-2026-11-25.jwk", fs::perms(0600));
  begin();
  const auto lost = writer().publish(next_sequence);
  ASSERT_FALSE(lost);
  EXPECT_THAT(lost.error().text(), HasSubstr("3 are lost"));
  beat(7);
  const auto other = writer().publish(next_sequence);
  ASSERT_FALSE(other);
  EXPECT_THAT(other.error().text(), HasSubstr("contradicts"));
  EXPECT_EQ(text_of(log() / "checkpoint"), checkpoint);
}

TEST_F(LogWriterTest, KeysThatComeLaterAreListedBesideTheEarlierOnes) {
  begin();
  const auto key = [](const char* kid) {
    KeySet keys;
    keys.keys.push_back({KeyId(kid), Ed25519PrivateKey{}.public_key(), "teacher", {}, {}, {}});
    return keys;
  };
  LogWriter writes(places(), key("t-1"));
  ASSERT_TRUE(writes.publish(next_sequence));
  EXPECT_THAT(text_of(log() / "keys.jwks"), HasSubstr("t-1"));
  writes.list(key("t-2"));
  ASSERT_TRUE(writes.publish(beat(1)));
  EXPECT_THAT(text_of(log() / "keys.jwks"), HasSubstr("t-1"));
  EXPECT_THAT(text_of(log() / "keys.jwks"), HasSubstr("t-2"));
  // After a restart too, by whoever no longer knows the first.
  ASSERT_TRUE(LogWriter(places(), key("t-3")).publish(next_sequence));
  EXPECT_THAT(text_of(log() / "keys.jwks"), HasSubstr("t-1"));
  EXPECT_THAT(text_of(log() / "keys.jwks"), HasSubstr("t-3"));
}

TEST_F(LogWriterTest, EachLogOfTheJournalHasItsDirectoryAndKey) {
  begin("2026-11-25");
  beat(3);
  begin("2026-11-26");
  beat(1);
  const auto published = writer().publish(next_sequence);
  ASSERT_TRUE(published);
  EXPECT_EQ((*published)->epoch, "2026-11-26");
  EXPECT_EQ(verify("2026-11-25").checkpoint->size, 4U);
  EXPECT_EQ(verify("2026-11-26").checkpoint->size, 2U);
  EXPECT_NE(verify("2026-11-25").signed_by, verify("2026-11-26").signed_by);
}

TEST_F(LogWriterTest, ADirectoryThatCannotBeWrittenIsAnErrorAndThenFillsUp) {
  std::ofstream(folder / "evidence") << "in the way";
  begin();
  beat(3);
  LogWriter writes = writer();
  ASSERT_FALSE(writes.publish(next_sequence));
  fs::remove(folder / "evidence");
  beat(3);
  ASSERT_TRUE(writes.publish(next_sequence));
  expect_whole(7);
}

TEST_F(LogWriterTest, KeepsAPolicyThatNamesWitnessesAndMendsOneThatNamesAnotherLog) {
  begin();
  LogWriter writes = writer();
  ASSERT_TRUE(writes.publish(next_sequence));
  const std::string own = text_of(log() / "trust.policy");
  const auto witness = NoteVerifier{"w", Ed25519PrivateKey{}.public_key(), kNoteCosignature};
  const std::string witnessed =
      own.substr(0, own.find('\n') + 1) + "witness w " + witness.vkey() + "\nquorum w\n";
  std::ofstream(log() / "trust.policy") << witnessed;
  ASSERT_TRUE(writer().publish(next_sequence));
  EXPECT_EQ(text_of(log() / "trust.policy"), witnessed);
  std::ofstream(log() / "trust.policy") << "quorum none\n";
  ASSERT_TRUE(writer().publish(next_sequence));
  EXPECT_EQ(text_of(log() / "trust.policy"), own);
}

}  // namespace
}  // namespace lokaal
