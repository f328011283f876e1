#include "core/configuration/configuration.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace lokaal::test {
namespace {

std::string shipped(const std::string& name) {
  std::ifstream file(std::string(LOKAAL_SOURCE_DIR) + "/config/" + name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string with(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

Result<Configuration> changed(const std::string& from, const std::string& to) {
  return parse_configuration(with(shipped("lokaald.toml"), from, to), "lokaald.toml");
}

// The error's text, or "good".
std::string complaint(const std::string& from, const std::string& to) {
  const auto read = changed(from, to);
  return read ? "good" : read.error().text();
}

TEST(Configuration, TheShippedExampleIsGood) {
  const auto read = parse_configuration(shipped("lokaald.toml"), "lokaald.toml");
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->rooms.size(), 2U);
  EXPECT_EQ(read->dns_port, 5354);
  EXPECT_TRUE(read->require_synced_clock);
  const auto devices = parse_devices(shipped("devices.toml"), "devices.toml", *read);
  ASSERT_TRUE(devices) << devices.error().text();
  EXPECT_EQ(devices->size(), 1U);
}

std::string complaint_of_machine(const std::string& from, const std::string& to) {
  const auto read =
      parse_configuration(with(shipped("lokaald-machine.toml"), from, to), "lokaald.toml");
  return read ? "good" : read.error().text();
}

TEST(Configuration, AMachineKeepsOneRoomWithoutPorts) {
  const auto read = parse_configuration(shipped("lokaald-machine.toml"), "lokaald.toml");
  ASSERT_TRUE(read) << read.error().text();
  ASSERT_TRUE(read->machine);
  EXPECT_EQ(read->machine->device, DeviceId("lab-pc-01"));
  ASSERT_EQ(read->rooms.size(), 1U);
  EXPECT_EQ(read->rooms[0].name, RoomId("lokaal-112"));
  EXPECT_TRUE(read->rooms[0].interfaces.empty());
  EXPECT_EQ(read->broker.addresses.size(), 2U);
}

TEST(Configuration, AMachineMustKnowWhereItsBrokerIs) {
  const std::string said = complaint_of_machine("addresses = [\"192.0.2.8\", \"2001:db8::8\"]", "");
  EXPECT_NE(said.find("could not ask where its broker is"), std::string::npos) << said;
  EXPECT_EQ(complaint_of_machine("host = \"broker.voorbeeld.example\"", "host = \"192.0.2.8\""),
            "good");
  const std::string bad = complaint_of_machine("\"192.0.2.8\"", "\"192.0.2\"");
  EXPECT_NE(bad.find("lokaald.toml:10:14"), std::string::npos) << bad;
}

TEST(Configuration, AMachineIsNoGateway) {
  const std::string said = complaint_of_machine("[machine]", "[[room]]\nname = \"a\"\n\n[machine]");
  EXPECT_NE(said.find("keeps its own traffic and no room's"), std::string::npos) << said;
}

TEST(Configuration, PlanDocumentsAreKeptBesideTheJournalUnlessSaidOtherwise) {
  EXPECT_EQ(changed("", "")->plan_store, "/var/lib/lokaal/plan");
  EXPECT_EQ(changed("/var/lib/lokaal/journal", "journal/")->plan_store, "plan");
  const auto read = changed("# store = \"/var/lib/lokaal/plan\"", "store = \"/srv/plan\"");
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->plan_store, "/srv/plan");
  EXPECT_FALSE(read->require_timestamp);
  EXPECT_TRUE(
      changed("# require_timestamp = false", "require_timestamp = true")->require_timestamp);
}

TEST(Configuration, TheInventorysKeyMayBeLeftOut) {
  EXPECT_EQ(changed("", "")->inventory_key_file, "");
  EXPECT_EQ(changed("# inventory =", "inventory =")->inventory_key_file,
            "/etc/lokaal/inventory.jwk");
}

TEST(Configuration, AnUnknownKeyIsNamedWithItsPlaceAndTheNearestKnownOne) {
  const std::string said = complaint("password_file", "pasword_file");
  EXPECT_NE(said.find("lokaald.toml:15:1"), std::string::npos) << said;
  EXPECT_NE(said.find("password_file"), std::string::npos) << said;
}

TEST(Configuration, TheControlSocketStandsWhereItIsPut) {
  EXPECT_EQ(parse_configuration(shipped("lokaald.toml"), "f")->control_socket,
            "/run/lokaald/control.sock");
  EXPECT_EQ(changed("# socket = \"/run/lokaald", "socket = \"/run/other")->control_socket,
            "/run/other/control.sock");
  EXPECT_NE(complaint("# socket =", "sockets ="), "good");
}

TEST(Configuration, ARoomWithoutPrefixesCouldNotBeClosedAndIsRefused) {
  EXPECT_NE(complaint("prefixes = [\"10.112.0.0/24\", \"fd00:112::/64\"]", "prefixes = []"),
            "good");
}

TEST(Configuration, AnInterfaceInTwoRoomsIsRefused) {
  EXPECT_NE(complaint("[\"lan113\"]", "[\"lan112\"]").find("lan112"), std::string::npos);
}

TEST(Configuration, TwoRoomsOfOneNameAreRefused) {
  EXPECT_NE(complaint("\"lokaal-113\"", "\"lokaal-112\"").find("two rooms"), std::string::npos);
}

TEST(Configuration, AnInterfaceNameThatCouldEndAStringInTheRuleSetIsRefused) {
  EXPECT_NE(complaint("[\"lan112\"]", "['lan\"112']"), "good");
  EXPECT_NE(complaint("[\"lan112\"]", "[\"a-name-that-is-far-too-long\"]"), "good");
}

TEST(Configuration, ExamIsNoDefaultMode) {
  EXPECT_NE(complaint("# default_mode = \"open\"", "default_mode = \"exam\""), "good");
  EXPECT_EQ(complaint("# default_mode = \"open\"", "default_mode = \"lesson\""), "good");
}

TEST(Configuration, TheEvidenceLiesBesideTheJournalUnlessSaidOtherwise) {
  const auto by_default = changed("# ", "# ");
  ASSERT_TRUE(by_default);
  EXPECT_EQ(by_default->evidence_directory, "/var/lib/lokaal/evidence");
  const auto trailing = changed("/var/lib/lokaal/journal", "/srv/journal/");
  ASSERT_TRUE(trailing);
  EXPECT_EQ(trailing->evidence_directory, "/srv/evidence");
  const auto said = changed("# directory = \"/var/lib", "directory = \"/srv");
  ASSERT_TRUE(said);
  EXPECT_EQ(said->evidence_directory, "/srv/lokaal/evidence");
}

struct UpstreamCase {
  std::string text;
  bool good;
  std::uint16_t port;
};

TEST(Configuration, ReadsResolversWithAndWithoutPorts) {
  for (const UpstreamCase& each :
       {UpstreamCase{"192.0.2.53", true, 53}, UpstreamCase{"192.0.2.53:5300", true, 5300},
        UpstreamCase{"2001:db8::53", true, 53}, UpstreamCase{"[2001:db8::53]:5300", true, 5300},
        UpstreamCase{"192.0.2.53:0", false, 0}, UpstreamCase{"192.0.2.53:99999", false, 0},
        UpstreamCase{"192.0.2.53:", false, 0}, UpstreamCase{"resolver.example", false, 0},
        UpstreamCase{"[2001:db8::53]5300", false, 0}}) {
    const auto read = changed("[\"192.0.2.53\"]", "[\"" + each.text + "\"]");
    EXPECT_EQ(read.has_value(), each.good) << each.text;
    if (read) {
      EXPECT_EQ(read->dns_upstream.at(0).port, each.port) << each.text;
    }
  }
}

Result<std::map<DeviceId, Device>> devices(const std::string& from, const std::string& to) {
  const auto configuration = parse_configuration(shipped("lokaald.toml"), "lokaald.toml");
  return parse_devices(with(shipped("devices.toml"), from, to), "devices.toml", *configuration);
}

TEST(Devices, ANameOfAKindIsNoId) {
  EXPECT_FALSE(devices("\"lab-pc-01\"", "\"laptop\""));
}

TEST(Devices, ARoomThatIsNotHereIsRefused) {
  EXPECT_FALSE(devices("\"lokaal-112\"", "\"lokaal-999\""));
}

TEST(Devices, OneAddressNamesOneDevice) {
  const std::string second =
      "tags = []\n[[device]]\nid = \"other-one\"\nmac = [\"02:00:00:00:00:01\"]\n"
      "kind = \"phone\"\nowner = \"pupil\"\n";
  EXPECT_FALSE(devices("tags = []", second));
}

TEST(Devices, ANumberFollowsFromTheIdAndStaysWhenOthersAreAdded) {
  const auto before = devices("tags = []", "tags = []\n");
  const auto after =
      devices("tags = []",
              "tags = []\n[[device]]\nid = \"a-new-one\"\n"
              "mac = [\"02:00:00:00:00:02\"]\nkind = \"phone\"\nowner = \"pupil\"\n");
  ASSERT_TRUE(before);
  ASSERT_TRUE(after) << after.error().text();
  EXPECT_EQ(before->at(DeviceId("lab-pc-01")).number, after->at(DeviceId("lab-pc-01")).number);
  EXPECT_NE(after->at(DeviceId("a-new-one")).number, 0);
}

}  // namespace
}  // namespace lokaal::test
