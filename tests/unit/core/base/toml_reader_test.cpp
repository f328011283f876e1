#include "core/base/toml_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace lokaal {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::ElementsAre;
using testing::HasSubstr;

// What finish() says after `read` read the text; "" if nothing was wrong.
std::string faults(std::string_view text, const std::function<void(TomlTable&)>& read) {
  auto document = TomlDocument::parse(text, "a.toml");
  if (!document) return document.error().text();
  TomlTable root = document->root();
  read(root);
  const auto done = document->finish();
  return done ? "" : done.error().text();
}

TEST(TomlReader, ReadsEveryTypeOfKey) {
  auto document = TomlDocument::parse(R"(
text = "lokaal"
name = "gw-1"
on = true
port = 8883
lesson = "50m"
date = 2020-10-01
list = ["a", "b b"]
kinds = ["phone", "tablet"]
mode = "lesson"
[broker]
host = "x"
[[room]]
name = "one"
[[room]]
name = "two"
)",
                                      "a.toml");
  ASSERT_TRUE(document);
  TomlTable root = document->root();
  enum class Mode { open, lesson };
  constexpr std::array<TomlChoice<Mode>, 2> modes{{{"open", Mode::open}, {"lesson", Mode::lesson}}};
  EXPECT_EQ(root.text("text"), "lokaal");
  EXPECT_EQ(root.name("name"), "gw-1");
  EXPECT_TRUE(root.boolean("on"));
  EXPECT_EQ(root.integer("port", 1, 65535), 8883);
  EXPECT_EQ(root.duration("lesson", minutes(1), hours(4)), minutes(50));
  using namespace std::chrono_literals;
  EXPECT_EQ(root.date("date"), std::chrono::year_month_day(2020y, std::chrono::October, 1d));
  EXPECT_EQ(root.choice("mode", modes), Mode::lesson);
  const auto list = root.texts("list");
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[1].value, "b b");
  EXPECT_EQ(list[1].place, (Place{"a.toml", 8, 14}));
  EXPECT_EQ(root.names("kinds").size(), 2U);
  EXPECT_EQ(root.table("broker").text("host"), "x");
  std::vector<std::string> rooms;
  for (auto& room : root.tables("room")) rooms.push_back(room.name("name"));
  EXPECT_THAT(rooms, ElementsAre("one", "two"));
  EXPECT_TRUE(document->finish());
}

TEST(TomlReader, FindsNothingWhereAnOptionalKeyIsMissing) {
  EXPECT_EQ(faults("",
                   [](TomlTable& root) {
                     EXPECT_FALSE(root.find_text("a"));
                     EXPECT_FALSE(root.find_name("b"));
                     EXPECT_FALSE(root.find_boolean("c"));
                     EXPECT_FALSE(root.find_integer("d", 0, 9));
                     EXPECT_FALSE(root.find_duration("e", minutes(1), minutes(2)));
                     EXPECT_FALSE(root.find_date("f"));
                     EXPECT_TRUE(root.find_texts("g").empty());
                     EXPECT_TRUE(root.find_names("h").empty());
                     EXPECT_FALSE(root.find_table("i"));
                     EXPECT_TRUE(root.find_tables("j").empty());
                     EXPECT_FALSE(root.has("k"));
                   }),
            "");
}

TEST(TomlReader, NamesTheNearestKnownKeyForAnUnknownOne) {
  EXPECT_EQ(faults("site = \"a\"\nndoe = \"b\"\n",
                   [](TomlTable& root) {
                     root.text("site");
                     root.find_text("node");
                   }),
            "a.toml:2:1: unknown key \"ndoe\" in the file (did you mean \"node\"?)");
}

TEST(TomlReader, FindsUnknownKeysInTablesAndListsOfTables) {
  const std::string said = faults(
      "[broker]\nhots = 1\n[[room]]\nname = \"a\"\n[[room]]\nnaem = \"b\"\n", [](TomlTable& root) {
        root.table("broker").find_text("host");
        for (auto& room : root.tables("room")) room.find_text("name");
      });
  EXPECT_THAT(said,
              HasSubstr("a.toml:2:1: unknown key \"hots\" in [broker] (did you mean \"host\"?)"));
  EXPECT_THAT(said,
              HasSubstr("a.toml:6:1: unknown key \"naem\" in [room[2]] (did you mean \"name\"?)"));
}

TEST(TomlReader, ReportsAWholeUnknownTableOnce) {
  EXPECT_EQ(faults("[brokers]\na = 1\nb = 2\n", [](TomlTable& root) { root.find_table("broker"); }),
            "a.toml:1:2: unknown key \"brokers\" in the file (did you mean \"broker\"?)");
}

struct WrongType {
  const char* value;
  const char* found;
};
constexpr WrongType kWrongTypes[] = {
    {"\"x\"", "a string"},     {"1", "an integer"},      {"1.5", "a fraction"},
    {"true", "true or false"}, {"2020-10-01", "a date"}, {"08:00:00", "a time"},
    {"[1]", "a list"},         {"{b = 1}", "a table"},
};

TEST(TomlReader, SaysWhatWasFoundAndWhatIsWanted) {
  struct Reader {
    const char* fits;
    const char* wanted;
    std::function<void(TomlTable&)> read;
  };
  const Reader readers[] = {
      {"a string", "a string", [](TomlTable& t) { t.text("a"); }},
      {"an integer", "an integer", [](TomlTable& t) { t.integer("a", 0, 9); }},
      {"true or false", "true or false", [](TomlTable& t) { t.boolean("a"); }},
      {"a date", "a date", [](TomlTable& t) { t.date("a"); }},
      {"a string", "a duration", [](TomlTable& t) { t.duration("a", minutes(0), minutes(1)); }},
      {"a list", "a list", [](TomlTable& t) { t.texts("a"); }},
      {"a table", "a table", [](TomlTable& t) { t.table("a").find_integer("b", 0, 9); }},
      {"a list", "tables", [](TomlTable& t) { t.tables("a"); }},
  };
  for (const auto& reader : readers) {
    for (const auto& wrong : kWrongTypes) {
      if (std::string_view(wrong.found) == reader.fits) continue;
      const std::string said = faults("a = " + std::string(wrong.value), reader.read);
      EXPECT_THAT(said, HasSubstr("a.toml:1:5: ")) << reader.wanted << " from " << wrong.value;
      EXPECT_THAT(said, HasSubstr(wrong.found)) << reader.wanted << " from " << wrong.value;
      EXPECT_THAT(said, HasSubstr(reader.wanted)) << reader.wanted << " from " << wrong.value;
    }
  }
}

TEST(TomlReader, RefusesValuesOutOfBounds) {
  EXPECT_THAT(faults("a = 0", [](TomlTable& t) { t.integer("a", 1, 9); }),
              HasSubstr("a.toml:1:5: \"a\" is 0 (it may be 1 to 9)"));
  EXPECT_THAT(faults("a = \"7h\"", [](TomlTable& t) { t.duration("a", minutes(10), hours(6)); }),
              HasSubstr("a.toml:1:5: \"a\" is 7h (it may be 10m to 6h)"));
  EXPECT_THAT(faults("a = \"Gw 1\"", [](TomlTable& t) { t.name("a"); }),
              HasSubstr("is not a name"));
  EXPECT_THAT(faults("a = \"\"", [](TomlTable& t) { t.text("a"); }), HasSubstr("is empty"));
  EXPECT_THAT(faults("a = [\"x\", 1]", [](TomlTable& t) { t.texts("a"); }),
              HasSubstr("a.toml:1:11: \"a\" holds an integer"));
  EXPECT_THAT(faults("a = [\"x\", \"x\"]", [](TomlTable& t) { t.names("a"); }),
              HasSubstr("a.toml:1:11: \"x\" stands twice"));
}

TEST(TomlReader, SaysWhichTableLacksAKeyAndHowToAddIt) {
  EXPECT_EQ(faults("[broker]\nport = 1\n",
                   [](TomlTable& root) {
                     TomlTable broker = root.table("broker");
                     broker.integer("port", 1, 9);
                     broker.text("host");
                   }),
            "a.toml:1:1: [broker] has no \"host\" (add host = \"...\")");
}

TEST(TomlReader, IsSilentAboutKeysOfATableThatIsMissing) {
  EXPECT_EQ(faults("",
                   [](TomlTable& root) {
                     TomlTable broker = root.table("broker");
                     broker.text("host");
                     broker.integer("port", 1, 9);
                     broker.table("deeper").boolean("on");
                   }),
            "a.toml:1:1: the file has no \"broker\" (add a table [broker])");
}

TEST(TomlReader, CollectsFaultsInTheOrderOfTheFile) {
  const std::string said = faults("b = 1\na = 2\nc = 3\n", [](TomlTable& root) {
    root.text("a");
    root.text("b");
  });
  EXPECT_EQ(said,
            "a.toml:1:5: \"b\" is an integer, wanted is a string (write b = \"...\")\n"
            "a.toml:2:5: \"a\" is an integer, wanted is a string (write a = \"...\")\n"
            "a.toml:3:1: unknown key \"c\" in the file (did you mean \"a\"?)");
}

TEST(TomlReader, CountsWhatItDoesNotSayInFull) {
  std::string text;
  for (int i = 0; i < 50; ++i) text += "key" + std::to_string(i) + " = 1\n";
  const std::string said = faults(text, [](TomlTable& root) { root.find_text("site"); });
  EXPECT_THAT(said, HasSubstr("\nand 30 more"));
}

TEST(TomlReader, GivesThePlaceOfASyntaxError) {
  for (const char* bad : {"a = \n", "a\n", "a = \"x\nb = 1\n", "[a\n", "a = 1\na = 2\n", "a = 01",
                          "[[a]]\n[a]\n", "a = \"\\q\"", "= 1", "a = 2025-02-30", "\xff = 1"}) {
    const auto document = TomlDocument::parse(bad, "a.toml");
    ASSERT_FALSE(document) << bad;
    ASSERT_TRUE(document.error().place) << bad;
    EXPECT_EQ(document.error().place->file, "a.toml");
    EXPECT_GE(document.error().place->line, 1U) << bad;
  }
}

TEST(TomlReader, IsBoundedInSize) {
  EXPECT_FALSE(TomlDocument::parse(std::string(101, '#'), "a.toml", {.bytes = 100}));
  EXPECT_TRUE(TomlDocument::parse(std::string(100, '#'), "a.toml", {.bytes = 100}));
  EXPECT_FALSE(TomlDocument::parse("a = [1,2,3,4]", "a.toml", {.values = 4}));
  EXPECT_TRUE(TomlDocument::parse("a = [1,2,3]", "a.toml", {.values = 4}));
}

std::string repeated(std::string_view what, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += what;
  return out;
}

TEST(TomlReader, IsBoundedInDepthHoweverItIsReached) {
  const std::string deep[] = {
      "a = " + repeated("[", 100'000),
      "a = " + repeated("[", 100'000) + repeated("]", 100'000),
      "a = " + repeated("{a=", 100'000),
      "[" + repeated("a.", 100'000) + "a]",
      repeated("a.", 100'000) + "a = 1",
      repeated("a . ", 100'000) + "a = 1",
      "[[" + repeated("\"a\".", 100'000) + "a]]",
      "x = \"\"\"\\\"\"\"\"\"\n[" + repeated("a.", 100'000) + "a]",
      "x = ''''''\n[" + repeated("a.", 100'000) + "a]",
      "a = {" + repeated("b.b.b.b.b.b.b.b={", 12) + "c=1" + repeated("}", 13),
  };
  for (const auto& text : deep) {
    const auto document = TomlDocument::parse(text, "a.toml");
    ASSERT_FALSE(document) << text.substr(0, 60);
    EXPECT_TRUE(document.error().place) << text.substr(0, 60);
  }
}

TEST(TomlReader, DoesNotMistakeTextForDepth) {
  const std::string dots = repeated("..........", 10) + repeated("[", 50);
  for (const std::string& text : {"a = \"" + dots + "\"", "a = '" + dots + "'",
                                  "a = \"\"\"" + dots + "\n\"\" \\\" " + dots + "\"\"\"",
                                  "a = '''" + dots + "''" + dots + "'''", "a = \"x\" # " + dots,
                                  "# don't\na = \"" + dots + "\""})
    EXPECT_EQ(faults(text, [](TomlTable& root) { root.text("a"); }), "") << text.substr(0, 30);
}

TEST(TomlReader, KeepsTheKeysThatTheWriterChoosesInOrder) {
  EXPECT_EQ(faults("[offices]\nz = 1\na = 2\n",
                   [](TomlTable& root) {
                     const auto keys = root.table("offices").keys();
                     ASSERT_EQ(keys.size(), 2U);
                     EXPECT_EQ(keys[0].value, "z");
                     EXPECT_EQ(keys[1].place, (Place{"a.toml", 3, 1}));
                   }),
            "");
}

TEST(TomlReader, TakesTheReadersOwnRefusals) {
  EXPECT_EQ(faults("[a]\nb = \"x\"\n",
                   [](TomlTable& root) {
                     TomlTable a = root.table("a");
                     a.text("b");
                     a.refuse("b", "no such room", "name one");
                   }),
            "a.toml:2:5: no such room (name one)");
}

TEST(TomlReader, SurvivesBeingMoved) {
  auto document = TomlDocument::parse("a = \"x\"", "a.toml");
  ASSERT_TRUE(document);
  TomlTable root = document->root();
  TomlDocument moved = std::move(*document);
  EXPECT_EQ(root.text("a"), "x");
  EXPECT_TRUE(moved.finish());
}

}  // namespace
}  // namespace lokaal
