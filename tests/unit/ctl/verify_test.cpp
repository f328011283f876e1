#include <gmock/gmock.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>

#include "tests/unit/core/verification/made_log.hpp"
#include "tests/unit/ctl/workbench.hpp"

namespace lokaal::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class Verify : public testing::Test {
 protected:
  Verify() {
    ::setenv("TZ", "UTC", 1);  // times are shown where this machine stands
    ::tzset();
    log.add_a_morning();
    log.publish();
    log.files["trust.policy"] = log.policy.to_text();
    log.files["keys.jwks"] = log.keys.to_text();
    lay_out();
  }

  ~Verify() override {
    ::unsetenv("TZ");
    ::tzset();
  }

  void lay_out() const {
    fs::remove_all(ctl.path("log"));
    for (const auto& [path, bytes] : log.files) {
      const fs::path file = fs::path(ctl.path("log")) / path;
      fs::create_directories(file.parent_path());
      std::ofstream(file, std::ios::binary) << bytes;
    }
  }
  Said verify(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{"verify", ctl.path("log")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return ctl.call(arguments);
  }

  MadeLog log;
  Workbench ctl;
};

TEST_F(Verify, AnHonestLogIsProvenAndSaysWhatThatCovers) {
  const Said said = verify();
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_THAT(said.out, StartsWith("proven, through this gateway: voorbeeld/gw-1/2026-11-25"));
  EXPECT_THAT(said.out, HasSubstr("26 locked, 1 off, 1 silent"));
  EXPECT_THAT(said.out, HasSubstr("sightings: 3"));
  EXPECT_THAT(said.out, HasSubstr("not checked:"));
  EXPECT_THAT(said.out, HasSubstr("no witness has cosigned"));
  EXPECT_THAT(said.out, HasSubstr("replay"));
}

TEST_F(Verify, GapsAreNamedAndExitOne) {
  log.beat(3000, 3000, 1);
  const auto keep = log.files;
  log.publish();
  log.files.insert(keep.begin(), keep.end());
  lay_out();
  const Said said = verify();
  EXPECT_EQ(said.code, 1);
  EXPECT_THAT(said.out, StartsWith("proven with gaps"));
  EXPECT_THAT(said.out, HasSubstr("gap: 2026-11-25 08:29:"));
}

TEST_F(Verify, WhatTheLogSaysCannotSteerTheTerminalNorAddALine) {
  log.add(1900,
          entry::Gap{at(1801), at(1900),
                     "\x1b[2J\xc2\x9b"
                     "2J\nproven"},
          {}, std::nullopt);
  const auto keep = log.files;
  log.publish();
  log.files.insert(keep.begin(), keep.end());
  lay_out();
  const Said said = verify();
  EXPECT_THAT(said.out, HasSubstr("?[2J?2J?proven"));
  EXPECT_THAT(said.out, Not(HasSubstr("\x1b")));
}

TEST_F(Verify, WhatWasTamperedWithIsNamedByFileAndEntryAndExitsOne) {
  std::string& bundle = log.files.at("tile/entries/000.p/" + std::to_string(log.entries.size()));
  bundle[bundle.find("instagram")] = 'I';
  lay_out();
  const Said said = verify();
  EXPECT_EQ(said.code, 1);
  EXPECT_THAT(said.out, StartsWith("not proven"));
  EXPECT_THAT(said.out, HasSubstr("entry 7: an entry is not what was signed"));
}

TEST_F(Verify, AnswersProgramsInJson) {
  const auto json = verify({"--json"}).json();
  EXPECT_EQ(json.at("verdict"), "proven");
  EXPECT_EQ(json.at("log"), "voorbeeld/gw-1/2026-11-25");
  EXPECT_EQ(json.at("size"), std::to_string(log.entries.size()).c_str());
  EXPECT_EQ(json.at("sightings").to_number<int>(), 3);
  EXPECT_EQ(json.at("machines").at("silent").to_number<int>(), 1);
  EXPECT_EQ(json.at("commands").at("signed").to_number<int>(), 1);
  EXPECT_TRUE(json.at("findings").as_array().empty());
  log.files.at("checkpoint").resize(20);
  lay_out();
  const Said said = verify({"--json"});
  EXPECT_EQ(said.code, 1);
  EXPECT_EQ(said.json().at("verdict"), "not proven");
  EXPECT_EQ(said.json().at("findings").at(0).at("kind"), "checkpoint-malformed");
  EXPECT_EQ(said.json().at("findings").at(0).at("file"), "checkpoint");
}

TEST_F(Verify, APolicyFromElsewhereDecides) {
  MadeLog other;
  other.policy.logs[0].key = key_of(9).public_key();
  ctl.put("other.policy", other.policy.to_text());
  const Said said = verify({"--policy", ctl.path("other.policy")});
  EXPECT_EQ(said.code, 1);
  EXPECT_THAT(said.out, HasSubstr("by another key"));
  ctl.put("same.policy", log.policy.to_text());
  ctl.put("same.jwks", log.keys.to_text());
  EXPECT_THAT(verify({"--policy", ctl.path("same.policy"), "--keys", ctl.path("same.jwks")}).out,
              Not(HasSubstr("came with the log")));
}

TEST_F(Verify, ARoomAndATimeCanBeAskedAbout) {
  const Said said = verify({"--room", "lokaal-112", "--from", "2026-11-25T09:10:30+01:00", "--to",
                            "2026-11-25T08:20:00Z", "--json"});
  EXPECT_EQ(said.code, 0) << said.out;
  EXPECT_EQ(said.json().at("room"), "lokaal-112");
  EXPECT_EQ(said.json().at("from"), "2026-11-25T08:10:30.000000Z");
  EXPECT_EQ(said.json().at("sightings").to_number<int>(), 0);
}

TEST_F(Verify, WhatCannotBeReadExitsTwo) {
  EXPECT_EQ(ctl.call({"verify", ctl.path("nowhere")}).code, 2);
  EXPECT_EQ(ctl.call({"verify"}).code, 2);
  EXPECT_EQ(verify({"--from", "yesterday"}).code, 2);
  EXPECT_EQ(verify({"--room", "../x"}).code, 2);
  EXPECT_EQ(verify({"--from", "2026-11-25T09:00:00Z", "--to", "2026-11-25T08:00:00Z"}).code, 2);
  EXPECT_EQ(verify({"--policy", ctl.path("nowhere")}).code, 2);
  EXPECT_EQ(verify({"--report", ctl.path("report.pdf")}).code, 2);
  log.files.erase("trust.policy");
  lay_out();
  const Said said = verify();
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.err, HasSubstr("--policy"));
  log.files["trust.policy"] = "quorum nobody\n";
  lay_out();
  EXPECT_THAT(verify().err, HasSubstr("trust.policy:1"));
}

TEST_F(Verify, WithoutKeysSignaturesOfOthersAreNotClaimed) {
  log.files.erase("keys.jwks");
  lay_out();
  const Said said = verify();
  EXPECT_EQ(said.code, 0);
  EXPECT_THAT(said.out, HasSubstr("there are no keys"));
  EXPECT_THAT(said.out, HasSubstr("0 of commands (1 could not be checked)"));
}

TEST_F(Verify, WritesAReportInDutchThatLoadsNothing) {
  const Said said = verify({"--report", ctl.path("report.html")});
  ASSERT_EQ(said.code, 0) << said.err;
  const std::string report = ctl.text("report.html");
  const std::string opening =
      "Dit verslag stelt geen onregelmatigheid vast; dat doet de directeur, na horen.";
  EXPECT_THAT(report, StartsWith("<!DOCTYPE html>\n<html lang=\"nl\">"));
  // The page's first words.
  EXPECT_EQ(report.find(opening),
            report.find("<main>") + std::string("<main>\n<p lang=\"nl\"><strong>").size());
  EXPECT_THAT(report, HasSubstr("aangetoond"));
  EXPECT_THAT(report, HasSubstr("geen getuige heeft meegetekend"));
  EXPECT_THAT(report, HasSubstr("deze gateway"));
  for (const char* loads : {"<script", "src=", "<link", "url(", "http://", "https://"})
    EXPECT_THAT(report, Not(HasSubstr(loads)));
}

TEST_F(Verify, WritesAReportInEnglishAndEscapesWhatTheLogSays) {
  log.beat(3000, 3000, 1);
  log.add(3001, entry::Gap{at(3000), at(3001), "<script>alert(1)</script>"});
  const auto keep = log.files;
  log.publish();
  log.files.insert(keep.begin(), keep.end());
  lay_out();
  ASSERT_EQ(verify({"--report", ctl.path("report.html"), "--lang", "en"}).code, 1);
  const std::string report = ctl.text("report.html");
  EXPECT_THAT(report, HasSubstr("<html lang=\"en\">"));
  EXPECT_THAT(report, HasSubstr("proven with gaps"));
  EXPECT_THAT(report, HasSubstr("the gateway was silent for too long"));
  EXPECT_THAT(report, HasSubstr("Dit verslag stelt geen onregelmatigheid vast"));
  EXPECT_THAT(report, HasSubstr("&lt;script&gt;"));
  EXPECT_THAT(report, Not(HasSubstr("<script")));
}

}  // namespace
}  // namespace lokaal::test
