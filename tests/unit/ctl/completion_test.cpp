// What could be typed next; and that the man page tells of all of it.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <functional>

#include "tests/unit/ctl/workbench.hpp"

namespace lokaal::test {
namespace {

using Words = std::vector<std::string>;

Words after(Words typed) {
  typed.insert(typed.begin(), {"--json", "completion", "--"});
  const Workbench ctl;
  Words out;
  const auto said = ctl.done(typed).json();
  for (const auto& one : said.at("candidates").as_array()) out.emplace_back(one.get_string());
  return out;
}

bool has(const Words& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

TEST(Completion, KnowsSubcommandsAndOptions) {
  EXPECT_TRUE(has(after({}), "why"));
  EXPECT_TRUE(has(after({}), "--json"));
  EXPECT_TRUE(has(after({"config"}), "check"));
  EXPECT_TRUE(has(after({"send"}), "--broker"));
  EXPECT_TRUE(has(after({"send"}), "--json")) << "the program's own may stand anywhere";
  EXPECT_TRUE(has(after({"send", "--broker", "sign"}), "set-mode")) << "a value is no subcommand";
  EXPECT_FALSE(has(after({"send", "set-mode"}), "--broker"));
}

TEST(Completion, KnowsTheWordsOfClosedLists) {
  EXPECT_TRUE(has(after({"--lang"}), "nl"));
  EXPECT_TRUE(has(after({"sign", "set-mode"}), "devices-away"));
  EXPECT_TRUE(has(after({"sign", "set-overlay", "phone-free"}), "off"));
  EXPECT_FALSE(has(after({"sign", "set-overlay", "phone-free"}), "social-free"));
  EXPECT_TRUE(has(after({"config", "check", "--as"}), "protocol"));
}

TEST(Completion, SaysNothingWhereAnythingCanStand) {
  EXPECT_TRUE(after({"keygen", "--kid"}).empty());
}

// Every subcommand and option, as the program itself lists them.
void for_each_word(const Words& typed, const std::function<void(const std::string&)>& see) {
  for (const std::string& word : after(typed)) {
    see(word);
    if (word.rfind("--", 0) == 0) continue;
    Words further = typed;
    further.push_back(word);
    // A word of a closed list leads nowhere new.
    if (after(further) != after(typed) && further.size() < 4) for_each_word(further, see);
  }
}

TEST(ManPage, TellsOfEverySubcommandAndOption) {
  const std::string page = read_file(LOKAAL_SOURCE_DIR "/docs/man/lokaalctl.1");
  std::size_t seen = 0;
  for_each_word({}, [&](const std::string& word) {
    ++seen;
    // mdoc(7) writes --out as "Fl -out".
    const std::string wanted = word.rfind("--", 0) == 0 ? "Fl " + word.substr(1) : word;
    EXPECT_NE(page.find(wanted), std::string::npos) << word;
  });
  EXPECT_GT(seen, 100U);
}

}  // namespace
}  // namespace lokaal::test
