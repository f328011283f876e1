#include "agent/config/configuration.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <sstream>

namespace lokaal {
namespace {

using namespace std::chrono_literals;  // NOLINT: durations read as durations

std::string shipped() {
  std::ifstream file(std::string(LOKAAL_SOURCE_DIR) + "/config/lokaal-agent.toml");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// The shipped file with one passage replaced.
Result<AgentConfiguration> with(const std::string& old, const std::string& now) {
  std::string text = shipped();
  const auto at = text.find(old);
  EXPECT_NE(at, std::string::npos) << old;
  text.replace(at, old.size(), now);
  return parse_agent_configuration(text, "lokaal-agent.toml");
}

TEST(AgentConfiguration, TheShippedFileIsGood) {
  const auto read = parse_agent_configuration(shipped(), "lokaal-agent.toml");
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->node, NodeId("gw-1"));
  EXPECT_EQ(read->broker.user, "gw-1-agent");
  EXPECT_EQ(read->probe_period, 10s);
  EXPECT_EQ(read->probe_timeout, 2s);
  ASSERT_EQ(read->rooms.size(), 1U);
  const WatchedRoom& room = read->rooms.front();
  EXPECT_EQ(room.number, 1);
  EXPECT_EQ(room.namespace_file, "/run/netns/probe-112");
  EXPECT_EQ(room.resolver.text(), "10.112.0.1");
  ASSERT_EQ(room.probes.size(), 3U);
  const ProbeConfiguration& social = room.probes.front();
  EXPECT_EQ(social.target.name, "www.instagram.com");
  EXPECT_EQ(social.target.port, 443);
  EXPECT_EQ(social.expect.at(Mode::open), wire::Expectation::reachable);
  EXPECT_EQ(social.expect.at(Mode::exam), wire::Expectation::blocked);
  EXPECT_EQ(room.probes.back().via, wire::ProbeVia::peer);
  EXPECT_EQ(room.probes.back().target.address->text(), "10.112.0.15");
}

TEST(AgentConfiguration, EveryKeyThatIsCommentedOutIsTheDefault) {
  std::string text = shipped();
  for (const std::string key : {"# period", "# timeout", "# via", "# family"}) {
    const auto at = text.find(key);
    ASSERT_NE(at, std::string::npos) << key;
    text.erase(at, 2);
  }
  const auto uncommented = parse_agent_configuration(text, "lokaal-agent.toml");
  ASSERT_TRUE(uncommented) << uncommented.error().text();
  const auto plain = parse_agent_configuration(shipped(), "lokaal-agent.toml");
  EXPECT_EQ(uncommented->probe_period, plain->probe_period);
  EXPECT_EQ(uncommented->probe_timeout, plain->probe_timeout);
  EXPECT_EQ(uncommented->rooms.front().probes.front().target,
            plain->rooms.front().probes.front().target);
  EXPECT_EQ(uncommented->rooms.front().probes.front().via, wire::ProbeVia::forward);
}

TEST(AgentConfiguration, FaultsAreNamedWithTheirPlace) {
  struct Fault {
    const char* old;
    const char* now;
    const char* said;
  };
  const Fault faults[] = {
      {"number = 1", "number = 0", "number"},
      {"namespace = \"probe-112\"", "namespace = \"../probe\"", "/run/netns"},
      {"namespace = \"probe-112\"", "", "no namespace"},
      {"resolver = \"10.112.0.1\"", "", "no resolver"},
      {"resolver = \"10.112.0.1\"", "resolver = \"somewhere\"", "somewhere"},
      {"id = \"neutral\"", "id = \"social\"", "two probes"},
      {"reachable = [\"open\"]", "reachable = [\"lesson\"]", "lesson"},
      {"reachable = [\"open\"]", "reachable = [\"ajar\"]", "ajar"},
      {"address = \"10.112.0.15\"", "", "a name or an address"},
      {"www.example.org", "www..org", "no name that can be asked for"},
      {"port = 80\n", "\n", "needs a port"},
      {"via = \"peer\"", "via = \"sideways\"", "sideways"},
      {"blocked = [\"open\", \"lesson\", \"devices-away\", \"exam\"]", "", "nothing is expected"},
      {"[probes]", "[probes]\ninterval = \"3s\"", "interval"},
      {"[probes]", "[probes]\nperiod = \"1s\"", "period"},
  };
  for (const Fault& fault : faults) {
    const auto read = with(fault.old, fault.now);
    ASSERT_FALSE(read) << fault.said;
    const std::string text = read.error().text();
    EXPECT_NE(text.find(fault.said), std::string::npos) << text;
    EXPECT_EQ(text.find("lokaal-agent.toml:"), 0U) << text;
  }
}

TEST(AgentConfiguration, TwoRoomsShareNeitherNameNorNumber) {
  const std::string room = "\n[[room]]\nname = \"lokaal-112\"\nnumber = 1\n";
  const auto read = parse_agent_configuration(shipped() + room, "lokaal-agent.toml");
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().text().find("two rooms are called"), std::string::npos);
  EXPECT_NE(read.error().text().find("two rooms have the number 1"), std::string::npos);
}

TEST(AgentSettings, AKeyThatOthersMayReadIsRefused) {
  const std::string folder = testing::TempDir() + "agent-settings";
  ::mkdir(folder.c_str(), 0700);
  const std::string key = folder + "/agent.jwk";
  std::string text = shipped();
  text.replace(text.find("/etc/lokaal-agent/agent.jwk"), 27, key);
  std::ofstream(folder + "/lokaal-agent.toml") << text;
  std::ofstream(key) << "{}";
  ::chmod(key.c_str(), 0644);
  const auto settings = load_agent_settings(folder + "/lokaal-agent.toml");
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().place->file, key);
}

}  // namespace
}  // namespace lokaal
