// config/broker as a school would use it, in the real broker: who may publish and read what.
#include <gtest/gtest.h>

#include "core/wire/topics.hpp"
#include "tests/unit/adapters/bus/broker.hpp"

namespace lokaal::test {
namespace {

const std::filesystem::path kFolder = std::filesystem::path(LOKAAL_SOURCE_DIR) / "config/broker";
const std::vector<std::string> kUsers = {"gw-1",      "gw-1-agent", "pc-112-01", "panel-1",
                                         "teacher-1", "it-1",       "witness-1"};

class ReferenceBroker : public testing::Test {
 protected:
  void SetUp() override {
    broker =
        Broker::from_configuration(kUsers, kFolder / "mosquitto.conf", kFolder / "acl.example");
    broker->start();
  }

  // The broker says so in the PUBACK, which mosquitto_pub reports.
  bool may_publish(const std::string& user, const std::string& topic) {
    auto client = broker->spawn("mosquitto_pub", user, {"-q", "1", "-t", topic, "-m", "x", "-d"});
    client->wait(std::chrono::seconds(10));
    const auto output = client->output();
    EXPECT_NE(output.find("received PUBACK"), std::string::npos) << user << " " << output;
    return output.find("Not authorized") == std::string::npos &&
           output.find("RC:135") == std::string::npos;
  }

  // A subscription is never refused (mosquitto 2.0); what may not be read is not delivered.
  // `writer` may publish there, and then on a topic that shows that delivery has come so far.
  bool may_read(const std::string& user, const std::string& topic, const std::string& writer) {
    const std::string result = topics.client_result(user);
    auto listener = broker->spawn(
        "mosquitto_sub", user,
        {"-d", "-i", "reader-" + user, "-q", "1", "-t", topic, "-t", result, "-F", "%t=%p"});
    EXPECT_TRUE(eventually([&] {
      return listener->output().find("Subscribed") != std::string::npos;
    })) << listener->output();
    run(broker->client("mosquitto_pub", writer, {"-q", "1", "-t", topic, "-m", "secret"}));
    run(broker->client("mosquitto_pub", "gw-1", {"-q", "1", "-t", result, "-m", "after"}));
    EXPECT_TRUE(eventually([&] {
      return listener->output().find(result + "=after") != std::string::npos;
    })) << user
        << listener->output();
    return listener->output().find(topic + "=secret") != std::string::npos;
  }

  Topics topics = *Topics::of(SiteId("voorbeeld"));
  const RoomId room{"lokaal-112"};
  const RoomId other_room{"lokaal-201"};
  const NodeId gateway{"gw-1"};
  const NodeId lab_machine{"pc-112-01"};
  std::unique_ptr<Broker> broker;
};

TEST_F(ReferenceBroker, TakesNobodyWithoutAPasswordOrWithoutTls) {
  const auto port = std::to_string(broker->port());
  const auto ca = broker->authority().certificate.string();
  auto refused = [&](const std::vector<std::string>& command) {
    Process client(command, broker->folder() / "refused");
    return client.wait(std::chrono::seconds(10)).value_or(0) != 0;
  };
  EXPECT_TRUE(refused({"mosquitto_pub", "-V", "5", "-h", "localhost", "-p", port, "--cafile", ca,
                       "-t", "x", "-m", "x"}));
  EXPECT_TRUE(refused({"mosquitto_pub", "-V", "5", "-h", "localhost", "-p", port, "--cafile", ca,
                       "-u", "gw-1", "-P", "guess", "-t", "x", "-m", "x"}));
  EXPECT_TRUE(refused({"mosquitto_pub", "-V", "5", "-h", "localhost", "-p", port, "-u", "gw-1",
                       "-P", "gw-1-password", "-t", "x", "-m", "x"}));
  // Security level 0: openssl itself would not speak TLS 1.1 otherwise.
  const std::vector<std::string> hello = {"openssl", "s_client", "-connect", "localhost:" + port,
                                          "-CAfile", ca,         "-cipher",  "DEFAULT:@SECLEVEL=0"};
  auto old = hello, current = hello;
  old.push_back("-tls1_1");
  current.push_back("-tls1_2");
  EXPECT_TRUE(refused(old));
  EXPECT_FALSE(refused(current));
}

TEST_F(ReferenceBroker, AGatewayWritesItsOwnAndCommandsNobody) {
  for (const auto& topic :
       {topics.room_result(room), topics.room_state(room), topics.room_events(room),
        topics.node_status(gateway), topics.client_result("teacher-1"),
        topics.log_checkpoint(gateway, "2026-11-22"),
        topics.log_cosignature(NodeId("gw-2"), "2026-11-22", "gw-1")})
    EXPECT_TRUE(may_publish("gw-1", topic)) << topic;
  for (const auto& topic :
       {topics.room_command(room), topics.building_command(), topics.room_state(other_room),
        topics.room_result(other_room), topics.node_status(NodeId("gw-2")),
        topics.node_applied(lab_machine), topics.agent_report(gateway),
        topics.plan(PlanName::roster), topics.log_checkpoint(NodeId("gw-2"), "2026-11-22"),
        topics.log_cosignature(gateway, "2026-11-22", "witness-1")})
    EXPECT_FALSE(may_publish("gw-1", topic)) << topic;
}

TEST_F(ReferenceBroker, PersonsAndThePanelCommandAndWriteNoState) {
  for (const auto* user : {"teacher-1", "panel-1"}) {
    EXPECT_TRUE(may_publish(user, topics.room_command(room))) << user;
    EXPECT_TRUE(may_publish(user, topics.building_command())) << user;
    for (const auto& topic :
         {topics.room_state(room), topics.room_result(room), topics.room_events(room),
          topics.node_status(gateway), topics.client_result(user),
          topics.log_checkpoint(gateway, "2026-11-22")})
      EXPECT_FALSE(may_publish(user, topic)) << user << topic;
  }
  EXPECT_FALSE(may_publish("teacher-1", topics.plan(PlanName::roster)));
  EXPECT_TRUE(may_publish("panel-1", topics.plan(PlanName::timetable)));
}

TEST_F(ReferenceBroker, MachinesAgentsItAndWitnessesWriteTheirOwnOnly) {
  EXPECT_TRUE(may_publish("pc-112-01", topics.node_applied(lab_machine)));
  EXPECT_FALSE(may_publish("pc-112-01", topics.room_state(room)));
  EXPECT_FALSE(may_publish("pc-112-01", topics.room_command(room)));
  EXPECT_TRUE(may_publish("gw-1-agent", topics.agent_report(gateway)));
  EXPECT_FALSE(may_publish("gw-1-agent", topics.node_status(gateway)));
  EXPECT_TRUE(may_publish("it-1", topics.plan(PlanName::policy)));
  EXPECT_TRUE(may_publish("it-1", topics.node_inventory(gateway)));
  EXPECT_FALSE(may_publish("it-1", topics.room_command(room)));
  EXPECT_TRUE(may_publish("witness-1", topics.log_cosignature(gateway, "2026-11-22", "witness-1")));
  EXPECT_FALSE(may_publish("witness-1", topics.log_checkpoint(gateway, "2026-11-22")));
}

TEST_F(ReferenceBroker, CommandsReachTheGatewayAndResultsWhoAskedForThem) {
  EXPECT_TRUE(may_read("gw-1", topics.room_command(room), "teacher-1"));
  EXPECT_TRUE(may_read("gw-1", topics.building_command(), "teacher-1"));
  EXPECT_FALSE(may_read("gw-1", topics.room_command(other_room), "teacher-1"));
  EXPECT_TRUE(may_read("teacher-1", topics.room_state(room), "gw-1"));
  EXPECT_TRUE(may_read("teacher-1", topics.room_result(room), "gw-1"));
  EXPECT_FALSE(may_read("teacher-1", topics.client_result("panel-1"), "gw-1"));
  EXPECT_FALSE(may_read("teacher-1", topics.node_inventory(gateway), "it-1"));
  EXPECT_FALSE(may_read("pc-112-01", topics.room_result(room), "gw-1"));
}

TEST_F(ReferenceBroker, KeepsRetainedStateWhenItIsKilled) {
  run(broker->client("mosquitto_pub", "gw-1",
                     {"-q", "1", "-r", "-t", topics.room_state(room), "-m", "kept"}));
  ASSERT_TRUE(eventually([&] {
    return read_file(broker->folder() / "mosquitto.db").find("kept") != std::string::npos;
  }));
  broker->kill();
  broker->start();
  EXPECT_EQ(run(broker->client("mosquitto_sub", "teacher-1",
                               {"-t", topics.room_state(room), "-C", "1", "-W", "10"})),
            "kept\n");
}

}  // namespace
}  // namespace lokaal::test
