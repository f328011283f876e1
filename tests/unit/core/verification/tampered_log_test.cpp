// A log that somebody changed, in every way that we could think of: none passes, and each is named.
#include <gtest/gtest.h>

#include "core/evidence/signed_note.hpp"
#include "core/evidence/tiles.hpp"
#include "tests/unit/core/verification/made_log.hpp"

namespace lokaal {
namespace {

using test::MadeLog;

class TamperedLog : public ::testing::Test {
 protected:
  TamperedLog() {
    log.add_a_morning();
    log.beat(1860, 1860 + 300 * 20, 20);  // one full tile and a partial one
    log.publish();
    bundle = TileName{std::nullopt, 1, width()}.path();
    tile = TileName{0, 1, width()}.path();
  }

  unsigned width() const { return static_cast<unsigned>(log.entries.size() % kTileWidth); }

  // What is found, which has to be of that kind; and never "proven".
  Finding found(FindingKind kind) const {
    const Verification verification = log.verify();
    EXPECT_EQ(verification.verdict, LogVerdict::not_proven);
    const Finding* finding = MadeLog::finding(verification, kind);
    if (finding != nullptr) return *finding;
    std::string others;
    for (const Finding& other : verification.findings.all())
      others += std::string(name_of(other.kind)) + " " + other.file + ": " + other.detail + "\n";
    ADD_FAILURE() << "expected " << name_of(kind) << ", found\n" << others;
    return {};
  }

  // Writes the log anew from `log.entries`, with the checkpoint as it was.
  void republish_behind_the_checkpoint() {
    const std::string checkpoint = log.files["checkpoint"];
    log.publish();
    log.files["checkpoint"] = checkpoint;
  }

  MadeLog log;
  std::string bundle, tile;
};

TEST_F(TamperedLog, AByteOfAnEntryIsFlipped) {
  const auto place = log.files["tile/entries/000"].find("instagram");
  log.files["tile/entries/000"][place] ^= 1;
  const Finding finding = found(FindingKind::entry_altered);
  EXPECT_EQ(finding.file, "tile/entries/000");
  ASSERT_TRUE(finding.index);
  EXPECT_NE(log.entries[*finding.index].find("instagram"), std::string::npos);
}

TEST_F(TamperedLog, AByteOfATileIsFlipped) {
  log.files[tile][5 * 32 + 3] ^= 1;
  const Finding finding = found(FindingKind::tile_altered);
  EXPECT_EQ(finding.file, tile);
  EXPECT_EQ(finding.index, 256U + 5U);
}

TEST_F(TamperedLog, AnEntryAndItsTileAreChangedTogether) {
  log.entries[7][log.entries[7].find("teaching")] = 'T';
  republish_behind_the_checkpoint();
  EXPECT_EQ(found(FindingKind::root_mismatch).file, "checkpoint");
}

TEST_F(TamperedLog, TilesAreSwapped) {
  std::swap(log.files["tile/0/000"], log.files["tile/entries/000"]);
  EXPECT_EQ(found(FindingKind::tile_malformed).file, "tile/0/000");
  EXPECT_EQ(found(FindingKind::bundle_malformed).file, "tile/entries/000");
}

TEST_F(TamperedLog, TheUpperTileIsAnothers) {
  log.files["tile/1/000.p/1"] = std::string(32, 'x');
  EXPECT_EQ(found(FindingKind::tile_altered).file, "tile/1/000.p/1");
}

TEST_F(TamperedLog, AnEntryIsRemoved) {
  log.entries.erase(log.entries.begin() + 9);
  const std::string checkpoint = log.files["checkpoint"];
  log.publish();
  log.files["checkpoint"] = checkpoint;
  const Finding finding = found(FindingKind::bundle_missing);
  EXPECT_EQ(finding.file, bundle);  // one entry less makes another name
  log.files[bundle] = log.files[TileName{std::nullopt, 1, width()}.path()];
  EXPECT_EQ(found(FindingKind::bundle_malformed).file, bundle);
}

TEST_F(TamperedLog, TwoEntriesChangePlaces) {
  std::swap(log.entries[3], log.entries[4]);
  const auto tiles = log.files;
  republish_behind_the_checkpoint();
  for (const auto& [path, bytes] : tiles)
    if (path.starts_with("tile/0/")) log.files[path] = bytes;
  EXPECT_EQ(found(FindingKind::entry_altered).index, 3U);
}

TEST_F(TamperedLog, TheCheckpointIsRolledBack) {
  MadeLog earlier;
  earlier.add_a_morning();
  earlier.publish();
  log.files["checkpoint"] = earlier.files["checkpoint"];
  EXPECT_EQ(found(FindingKind::checkpoint_behind).file, "checkpoint");
}

TEST_F(TamperedLog, TheLastEntryIsCutOffWithItsTilesButNotTheCheckpoint) {
  log.entries.pop_back();
  republish_behind_the_checkpoint();
  EXPECT_EQ(found(FindingKind::bundle_missing).file, bundle);
}

TEST_F(TamperedLog, ItIsSignedByAnotherKey) {
  log.log_key = test::key_of(9);
  log.publish();
  const Finding finding = found(FindingKind::signature_wrong);
  EXPECT_EQ(finding.file, "checkpoint");
  EXPECT_NE(finding.detail.find("another key"), std::string::npos) << finding.detail;
}

TEST_F(TamperedLog, ItIsSignedByAnotherKeyUnderTheRightKeysId) {
  auto note = SignedNote::parse(log.files["checkpoint"]).value();
  note.signatures[0].signature = test::key_of(9).sign(as_bytes(note.text));
  log.files["checkpoint"] = note.to_text();
  EXPECT_EQ(found(FindingKind::signature_wrong).file, "checkpoint");
}

TEST_F(TamperedLog, ItIsAnotherLogs) {
  log.policy.logs = {{"voorbeeld/gw-2/2026-11-25", log.log_key.public_key()}};
  EXPECT_NE(found(FindingKind::log_unknown).detail.find("gw-1"), std::string::npos);
}

TEST_F(TamperedLog, ThePrivateValueIsAnother) {
  auto& [index, values] = *log.personal.begin();
  values.fields.at("cmd.devices_c").value = boost::json::array{"d-18"};
  log.publish();
  const Finding finding = found(FindingKind::private_altered);
  EXPECT_EQ(finding.file, "private/" + std::to_string(index) + ".json");
  EXPECT_EQ(finding.index, index);
  EXPECT_NE(finding.detail.find("cmd.devices_c"), std::string::npos);
}

TEST_F(TamperedLog, ThePrivateValueIsNoJson) {
  const std::string file = "private/" + std::to_string(log.personal.begin()->first) + ".json";
  log.files[file].resize(10);
  EXPECT_EQ(found(FindingKind::private_malformed).file, file);
}

TEST_F(TamperedLog, APartialTileIsMissing) {
  log.files.erase(tile);
  EXPECT_EQ(found(FindingKind::tile_missing).file, tile);
}

TEST_F(TamperedLog, ABundleIsMissing) {
  log.files.erase("tile/entries/000");
  EXPECT_EQ(found(FindingKind::bundle_missing).file, "tile/entries/000");
}

TEST_F(TamperedLog, ATileIsCutShort) {
  log.files[tile].pop_back();
  EXPECT_EQ(found(FindingKind::tile_malformed).file, tile);
}

TEST_F(TamperedLog, TheCheckpointIsGone) {
  log.files.erase("checkpoint");
  EXPECT_EQ(found(FindingKind::checkpoint_missing).file, "checkpoint");
}

TEST_F(TamperedLog, TheCheckpointIsCutOff) {
  log.files["checkpoint"].resize(30);
  EXPECT_EQ(found(FindingKind::checkpoint_malformed).file, "checkpoint");
}

TEST_F(TamperedLog, TheCheckpointSaysAnotherSize) {
  std::string& text = log.files["checkpoint"];
  const std::string size = "\n" + std::to_string(log.entries.size()) + "\n";
  text.replace(text.find(size), size.size(), "\n300\n");
  EXPECT_EQ(found(FindingKind::signature_wrong).file, "checkpoint");
}

// What follows is signed by the log's own key: its owner lied, and the log shows it.

TEST_F(TamperedLog, ItBeginsAnew) {
  log.add_bytes(log.entries[0]);
  log.publish();
  EXPECT_EQ(found(FindingKind::genesis_wrong).index, log.entries.size() - 1);
}

TEST_F(TamperedLog, ItsGenesisIsOfAnotherLog) {
  log.entries[0].replace(log.entries[0].find("gw-1"), 4, "gw-9");
  log.publish();
  EXPECT_EQ(found(FindingKind::genesis_wrong).index, 0U);
}

TEST_F(TamperedLog, ItsTimeRunsBack) {
  const auto index = log.add(100, entry::GrantEnd{GrantId("g-9"), "expired"});
  log.publish();
  EXPECT_EQ(found(FindingKind::order_wrong).index, index);
}

TEST_F(TamperedLog, ItGoesOnBehindItsSeal) {
  log.add(9000, entry::Seal{"2026-11-26"});
  const auto index = log.add(9001, entry::GrantEnd{GrantId("g-9"), "expired"});
  log.publish();
  EXPECT_EQ(found(FindingKind::entry_after_seal).index, index);
}

TEST_F(TamperedLog, AnEntryIsNoEntry) {
  const auto index = log.add_bytes(R"({"type":"grant-begin"})");
  log.publish();
  EXPECT_EQ(found(FindingKind::entry_malformed).index, index);
}

TEST_F(TamperedLog, TheTeacherNeverSignedTheCommand) {
  const auto index = log.add_command(8000, {log.teacher.kid, test::key_of(77)});
  log.publish();
  const Finding finding = found(FindingKind::command_wrong);
  EXPECT_EQ(finding.index, index);
  EXPECT_NE(finding.detail.find("teacher-1"), std::string::npos);
}

TEST_F(TamperedLog, TheTeachersKeyWasRevokedBefore) {
  log.keys.keys[0].until = test::at(300);
  EXPECT_NE(found(FindingKind::command_wrong).detail.find("in force"), std::string::npos);
}

TEST_F(TamperedLog, TheCommandThatWasSignedSaysSomethingElse) {
  const auto index = log.add_command(8000, log.teacher);
  std::string& bytes = log.entries[index];
  bytes.replace(bytes.find("\"minutes\":10"), 12, "\"minutes\":90");
  log.publish();
  const Finding finding = found(FindingKind::command_wrong);
  EXPECT_EQ(finding.index, index);
  EXPECT_NE(finding.detail.find("minutes"), std::string::npos);
}

TEST_F(TamperedLog, TheAgentNeverSignedTheReport) {
  const auto index = log.add_observation(8000, {log.agent.kid, test::key_of(77)});
  log.publish();
  EXPECT_EQ(found(FindingKind::observation_wrong).index, index);
}

TEST_F(TamperedLog, TheAgentsReportWasAnother) {
  const auto index = log.add_observation(8000, log.agent);
  std::string& bytes = log.entries[index];
  const auto hash = bytes.find("\"report_sha256\":\"") + 17;
  bytes[hash] = bytes[hash] == 'a' ? 'b' : 'a';
  log.publish();
  EXPECT_EQ(found(FindingKind::observation_wrong).index, index);
}

}  // namespace
}  // namespace lokaal
