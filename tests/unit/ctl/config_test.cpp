// `config check` on the files that the packages install, and on edits of them.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tests/unit/ctl/workbench.hpp"

namespace lokaal::test {
namespace {

const std::string kConfig = LOKAAL_SOURCE_DIR "/config/";

class ConfigCheck : public testing::Test {
 protected:
  Said check(std::vector<std::string> words) const {
    words.insert(words.begin(), {"config", "check"});
    return ctl.call(std::move(words));
  }
  // A file with a fault in it.
  std::string broken(const std::string& name, const std::string& from,
                     const std::string& to) const {
    std::string text = read_file(kConfig + name);
    const std::size_t found = text.find(from);
    EXPECT_NE(found, std::string::npos) << from;
    ctl.put("broken.toml", text.replace(found, from.size(), to));
    return ctl.path("broken.toml");
  }

  Workbench ctl;
};

TEST_F(ConfigCheck, FindsTheShippedFilesGood) {
  const Said said = check({kConfig + "services", kConfig + "protocols", kConfig + "devices.toml"});
  EXPECT_EQ(said.code, 0) << said.out << said.err;
  const auto files = check({"--json", kConfig + "services", kConfig + "protocols"}).json();
  EXPECT_EQ(files.at("good"), true);
  EXPECT_EQ(files.at("files").as_array().size(), 8U);
  for (const auto& file : files.at("files").as_array())
    EXPECT_TRUE(file.at("kind") == "services" || file.at("kind") == "protocol");
}

TEST_F(ConfigCheck, SaysFileLineColumnFaultAndMend) {
  const std::string file = broken("devices.toml", "kind = \"lab-pc\"", "kind = \"lab-pcs\"");
  const Said said = check({file});
  EXPECT_EQ(said.code, 2);
  EXPECT_EQ(said.out.rfind(file + ":7:", 0), 0U) << said.out;
  EXPECT_NE(said.out.find("did you mean \"lab-pc\"?"), std::string::npos) << said.out;
  const auto first = check({"--json", file}).json().at("files").at(0).at("first");
  EXPECT_EQ(first.at("line"), 7);
  EXPECT_TRUE(first.at("mend").is_string());
}

TEST_F(ConfigCheck, SaysEveryFaultOfEveryFile) {
  ctl.put("a.toml", "[[device]]\nid = \"A\"\nkind = \"phone\"\nowner = \"nobody\"\nmac = []\n");
  ctl.put("b.toml", "[[service]]\nname = 7\n");
  const auto said = check({"--json", ctl.path("a.toml"), ctl.path("b.toml")}).json();
  EXPECT_EQ(said.at("good"), false);
  EXPECT_GE(said.at("files").at(0).at("faults").as_array().size(), 2U);
  EXPECT_EQ(said.at("files").at(1).at("good"), false);
}

TEST_F(ConfigCheck, HoldsAProtocolAgainstTheCatalogueThatIsGiven) {
  const std::string file = broken("protocols/mondia-2020.toml", "\"instagram\"", "\"instagran\"");
  EXPECT_EQ(check({file}).code, 0) << "there is nothing to hold it against";
  const Said said = check({file, kConfig + "services"});
  EXPECT_EQ(said.code, 2);
  EXPECT_NE(said.out.find("instagran"), std::string::npos) << said.out;
}

TEST_F(ConfigCheck, LintsACatalogue) {
  const Said said =
      check({broken("services/games.toml", "suffixes = [\"", "suffixes = [\"com\", \"")});
  EXPECT_EQ(said.code, 2) << said.out;
}

TEST_F(ConfigCheck, ReadsAConfigurationWithAllThatItNames) {
  const Said said = check({kConfig + "lokaald.toml"});
  EXPECT_EQ(said.code, 2) << "what the example names is not installed here";
  EXPECT_NE(said.out.find("/usr/share/lokaal/"), std::string::npos) << said.out;
}

TEST_F(ConfigCheck, IsAlsoAnOptionAsOfTheOtherPrograms) {
  const Said bad = ctl.call({"--config", kConfig + "lokaald.toml", "--check-config"});
  EXPECT_EQ(bad.code, 2);
  EXPECT_NE(bad.out.find("/usr/share/lokaal/"), std::string::npos) << bad.out;
  EXPECT_EQ(ctl.call({"--json"}).code, 2) << "nothing was asked for";
}

TEST_F(ConfigCheck, SaysThatATimeZoneIsNone) {
  const std::string file =
      broken("protocols/mondia-2020.toml", R"("Europe/Amsterdam")", R"("Europe/Amsterdm")");
  const Said said = check({file});
  EXPECT_EQ(said.code, 2);
  EXPECT_NE(said.out.find("broken.toml:"), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("Europe/Amsterdm"), std::string::npos) << said.out;
}

TEST_F(ConfigCheck, HoldsDevicesAgainstTheRoomsOfAConfiguration) {
  EXPECT_EQ(check({kConfig + "devices.toml"}).code, 0);
  const std::string file = broken("devices.toml", "lokaal-112", "lokaal-999");
  const auto said = check({"--json", kConfig + "lokaald.toml", file}).json();
  EXPECT_EQ(said.at("files").at(1).at("good"), false);
}

TEST_F(ConfigCheck, SaysThatItCannotTellWhatAFileIs) {
  ctl.put("x.toml", "colour = \"blue\"\n");
  const Said said = check({ctl.path("x.toml")});
  EXPECT_EQ(said.code, 2);
  EXPECT_NE(said.out.find("--as"), std::string::npos) << said.out;
  ctl.put("empty.toml", "# no device yet\n");
  EXPECT_EQ(check({"--as", "devices", ctl.path("empty.toml")}).code, 0);
}

TEST_F(ConfigCheck, SaysWhatCannotBeRead) {
  ctl.put("syntax.toml", "a = \n");
  for (const std::string& path : {ctl.path("missing.toml"), ctl.path("syntax.toml")}) {
    const Said said = check({path});
    EXPECT_EQ(said.code, 2);
    EXPECT_EQ(said.out.rfind(path, 0), 0U) << said.out;
  }
  EXPECT_EQ(check({}).code, 2);
}

}  // namespace
}  // namespace lokaal::test
