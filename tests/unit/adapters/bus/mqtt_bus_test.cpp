#include <gtest/gtest.h>
#include <signal.h>

#include "core/wire/node_status.hpp"
#include "tests/unit/adapters/bus/node.hpp"

namespace lokaal::test {
namespace {

const std::string kEverything = "user gw-1\ntopic readwrite #\nuser other\ntopic readwrite #\n";

class MqttBus : public testing::Test {
 protected:
  void SetUp() override { broker.start(); }

  // A foreigner publishes; returns when the broker has it.
  void foreign_publish(const std::string& topic, const std::string& payload,
                       std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {"-q", "1", "-t", topic, "-m", payload};
    arguments.insert(arguments.end(), more.begin(), more.end());
    run(broker.client("mosquitto_pub", "other", arguments));
  }

  Broker broker{{"gw-1", "other"}, kEverything};
};

wire::NodeStatus status(PresenceStage stage, std::uint64_t session) {
  wire::NodeStatus status;
  status.site = SiteId("voorbeeld");
  status.node = NodeId("gw-1");
  status.state = stage == PresenceStage::birth  ? wire::NodeState::ready
                 : stage == PresenceStage::will ? wire::NodeState::lost
                                                : wire::NodeState::disconnected;
  status.boot_id = "b";
  status.session = session;
  status.software = "test";
  return status;
}

MqttOptions with_presence(MqttOptions options) {
  options.presence.topic = "nodes/gw-1/status";
  options.presence.payload = [](PresenceStage stage, std::uint64_t session) {
    return to_text(status(stage, session));
  };
  options.sign = [](std::string_view topic, std::string_view payload) {
    return "signed:" + std::string(topic) + ":" + std::to_string(payload.size());
  };
  return options;
}

TEST_F(MqttBus, ConnectsAndIsBornRetainedAndSigned) {
  auto options = with_presence(options_for(broker, "gw-1"));
  options.first_session = 41;
  Node node(options);
  node.start_connected();
  ASSERT_TRUE(node.run_until_published(1));
  EXPECT_EQ(node.bus->session(), 41U);
  const auto seen =
      run(broker.client("mosquitto_sub", "other",
                        {"-t", "nodes/gw-1/status", "-C", "1", "-W", "10", "-F", "%r|%P|%p"}));
  const auto expected = to_text(status(PresenceStage::birth, 41));
  EXPECT_EQ(seen, "1|jws:signed:nodes/gw-1/status:" + std::to_string(expected.size()) + "|" +
                      expected + "\n");
}

// At whichever of its addresses it listens.
TEST_F(MqttBus, FindsItsBrokerByName) {
  auto options = with_presence(options_for(broker, "gw-1"));
  options.addresses.clear();
  Node node(options);
  node.start_connected();
  EXPECT_TRUE(node.run_until_published(1));
}

TEST_F(MqttBus, AnnouncesAnewOnDemand) {
  auto options = options_for(broker, "gw-1");
  std::string state = "init";
  options.presence = {"status", [&](PresenceStage, std::uint64_t) { return state; }};
  Node node(options);
  node.bus->announce();  // without a connection: nothing
  node.start_connected();
  ASSERT_TRUE(node.run_until_published(1));
  state = "ready";
  node.bus->announce();
  ASSERT_TRUE(node.run_until_published(2));
  EXPECT_EQ(run(broker.client("mosquitto_sub", "other", {"-t", "status", "-C", "1", "-W", "10"})),
            "ready\n");
}

TEST_F(MqttBus, SeesTheRetainFlagOfACommandWhileSubscribed) {
  Node node(options_for(broker, "gw-1"));
  node.bus->subscribe("command");
  node.start_connected();
  foreign_publish("command", "retained", {"-r"});
  ASSERT_TRUE(node.run_until([&] { return node.messages.size() == 1; }));
  EXPECT_TRUE(node.messages[0].retain);
  foreign_publish("command", "fleeting");
  ASSERT_TRUE(node.run_until([&] { return node.messages.size() == 2; }));
  EXPECT_FALSE(node.messages[1].retain);
  EXPECT_EQ(node.messages[1].payload, "fleeting");
}

TEST_F(MqttBus, AnswersOnTheResponseTopicWithItsCorrelationData) {
  Node node(options_for(broker, "gw-1"));
  node.bus->subscribe("command");
  node.start_connected();
  // mosquitto_rr publishes with a Response Topic and waits for one answer there.
  auto request =
      broker.spawn("mosquitto_rr", "other",
                   {"-q", "1", "-t", "command", "-e", "clients/other/result", "-m", "do", "-D",
                    "publish", "correlation-data", "c-17", "-F", "%D|%P|%p", "-W", "10"});
  ASSERT_TRUE(node.run_until([&] { return node.messages.size() == 1; })) << request->output();
  EXPECT_EQ(node.messages[0].response_topic, "clients/other/result");
  EXPECT_EQ(node.messages[0].correlation_data, "c-17");
  auto answer = message(node.messages[0].response_topic, "done");
  answer.correlation_data = node.messages[0].correlation_data;
  answer.user_properties = {{"jws", "s"}};
  answer.expiry = std::chrono::seconds(60);
  ASSERT_TRUE(node.bus->publish(answer));
  ASSERT_TRUE(node.run_until([&] { return !request->running(); }));
  EXPECT_EQ(request->output(), "c-17|jws:s|done\n");
}

TEST_F(MqttBus, ShowsEverySignatureOfAMessageUpToTwo) {
  Node node(options_for(broker, "gw-1"));
  node.bus->subscribe("t");
  node.start_connected();
  const std::vector<std::string> one = {"-D", "publish", "user-property", "jws", "a"};
  foreign_publish("t", "none", {"-D", "publish", "user-property", "other", "a"});
  foreign_publish("t", "one", one);
  auto three = one;
  three.insert(three.end(), one.begin(), one.end());
  three.insert(three.end(), one.begin(), one.end());
  foreign_publish("t", "three", three);
  ASSERT_TRUE(node.run_until([&] { return node.messages.size() == 3; }));
  EXPECT_EQ(node.messages[0].jws.size(), 0U);
  EXPECT_EQ(node.messages[1].jws, std::vector<std::string>{"a"});
  EXPECT_EQ(node.messages[2].jws.size(), 2U);
}

TEST_F(MqttBus, ReceivesWhatWasSentWhileItWasAwayAndNotExpired) {
  {
    Node node(options_for(broker, "gw-1"));
    node.bus->subscribe("command");
    node.start_connected();
    node.bus->publish(message("other", "x"));
    ASSERT_TRUE(node.run_until_published(1));  // so the SUBACK has come, too
  }
  foreign_publish("command", "expires", {"-D", "publish", "message-expiry-interval", "1"});
  foreign_publish("command", "lasts", {"-D", "publish", "message-expiry-interval", "600"});
  const auto sent = std::chrono::steady_clock::now();
  eventually([&] { return std::chrono::steady_clock::now() - sent > std::chrono::seconds(2); });
  Node node(options_for(broker, "gw-1"));
  node.bus->subscribe("command");
  node.start_connected();
  EXPECT_TRUE(node.events.front().session_kept);
  ASSERT_TRUE(node.run_until([&] { return !node.messages.empty(); }));
  EXPECT_EQ(node.messages[0].payload, "lasts");
}

TEST_F(MqttBus, ReturnsAndSubscribesAgainWhenTheBrokerWasKilled) {
  Node node(with_presence(options_for(broker, "gw-1")));
  node.bus->subscribe("command");
  node.start_connected();
  const auto first = node.bus->session();
  broker.kill();
  ASSERT_TRUE(node.run_until([&] { return !node.bus->connected(); }));
  EXPECT_TRUE(node.has_event(BusEvent::Kind::disconnected));
  for (const auto* payload : {"old", "new"}) node.bus->publish(message("state", payload, true));
  for (const auto* payload : {"r1", "r2"}) node.bus->publish(message("result", payload));

  broker.start();
  auto results = broker.listen("other", "result", "%t=%p");
  ASSERT_TRUE(node.run_until([&] { return node.bus->connected(); })) << node.told();
  EXPECT_GT(node.bus->session(), first);
  ASSERT_TRUE(node.run_until([&] {
    return results->output().find("result=r2") != std::string::npos;
  })) << results->output();
  EXPECT_LT(results->output().find("result=r1"), results->output().find("result=r2"));
  EXPECT_EQ(run(broker.client("mosquitto_sub", "other", {"-t", "state", "-C", "1", "-W", "10"})),
            "new\n");
  foreign_publish("command", "again");
  ASSERT_TRUE(node.run_until([&] { return !node.messages.empty(); }));
  EXPECT_EQ(node.messages[0].payload, "again");
  EXPECT_GE(node.bus->counters().failed_attempts, 1U);
}

TEST_F(MqttBus, ABrokerThatStartsLaterIsFound) {
  broker.stop();
  Node node(options_for(broker, "gw-1"));
  node.start();
  ASSERT_TRUE(node.run_until([&] { return node.bus->counters().failed_attempts >= 3; }));
  EXPECT_TRUE(node.has_event(BusEvent::Kind::disconnected, "cannot connect")) << node.told();
  broker.start();
  EXPECT_TRUE(node.run_until([&] { return node.bus->connected(); }));
}

TEST_F(MqttBus, AKilledNodeIsReportedLostWithTheSessionOfItsBirth) {
  auto watcher = broker.listen("other", "nodes/gw-1/status", "%r|%P|%p");
  const auto output = broker.folder() / "child";
  Process child(
      {BUS_CHILD, std::to_string(broker.port()), broker.authority().certificate.string(), "gw-1"},
      output);
  const auto shows = [&](const std::string& line) {
    return eventually([&] { return watcher->output().find(line) != std::string::npos; });
  };
  ASSERT_TRUE(shows("0|jws:signed:ready 77|ready 77\n")) << watcher->output() << child.output();
  child.send_signal(SIGKILL);
  EXPECT_EQ(child.wait(std::chrono::seconds(10)), 128 + SIGKILL);
  EXPECT_TRUE(shows("0|jws:signed:lost 77|lost 77\n")) << watcher->output();
  EXPECT_EQ(run(broker.client("mosquitto_sub", "other",
                              {"-t", "nodes/gw-1/status", "-C", "1", "-W", "10", "-F", "%r|%p"})),
            "1|lost 77\n");
}

TEST_F(MqttBus, SaysGoodbyeAfterWhatStillWaitedAndLeavesNoWill) {
  auto watcher = broker.listen("other", "#", "%t|%p");
  {
    Node node(with_presence(options_for(broker, "gw-1")));
    node.start_connected();
    for (int i = 0; i < 50; ++i) node.bus->publish(message("result", std::to_string(i)));
    ASSERT_TRUE(node.stop());
    EXPECT_FALSE(node.bus->connected());
    EXPECT_FALSE(node.bus->publish(message("result", "late")));
  }
  // The broker has seen the end of the connection: what it had to say of it is said.
  ASSERT_TRUE(eventually([&] {
    return broker.log().find("Received DISCONNECT from gw-1-id") != std::string::npos;
  })) << broker.log();
  foreign_publish("end", "end");
  ASSERT_TRUE(eventually([&] { return watcher->output().find("end|end") != std::string::npos; }));
  const auto seen = watcher->output();
  EXPECT_LT(seen.find("result|49"), seen.find("\"disconnected\"")) << seen;
  EXPECT_NE(seen.find("\"disconnected\""), std::string::npos);
  EXPECT_EQ(seen.find("\"lost\""), std::string::npos);
}

TEST_F(MqttBus, ANodeThatIsDestroyedWithoutAGoodbyeIsLost) {
  auto watcher = broker.listen("other", "nodes/gw-1/status", "%p");
  {
    Node node(with_presence(options_for(broker, "gw-1")));
    node.start_connected();
    ASSERT_TRUE(node.run_until_published(1));
  }
  EXPECT_TRUE(eventually([&] { return watcher->output().find("\"lost\"") != std::string::npos; }));
}

TEST_F(MqttBus, ManyMessagesArriveInOrderBothWays) {
  Node node(options_for(broker, "gw-1"));
  node.bus->subscribe("echo");
  node.start_connected();
  for (int i = 0; i < 500; ++i) ASSERT_TRUE(node.bus->publish(message("echo", std::to_string(i))));
  ASSERT_TRUE(node.run_until([&] { return node.messages.size() == 500; }))
      << node.messages.size() << node.told();
  for (std::size_t i = 0; i < 500; ++i) EXPECT_EQ(node.messages[i].payload, std::to_string(i));
  EXPECT_TRUE(node.run_until_published(500));
}

TEST_F(MqttBus, ProvesItselfWithAClientCertificate) {
  broker.authority().issue_client("gw-1");
  Broker strict({"gw-1"}, kEverything, "require_certificate true\nuse_identity_as_username true");
  strict.authority().issue_client("gw-1");
  strict.start();
  auto options = options_for(strict, "gw-1");
  options.user.clear();
  options.password.clear();
  options.tls.certificate = (strict.folder() / "gw-1.pem").string();
  options.tls.key = (strict.folder() / "gw-1.key").string();
  Node node(options);
  node.start_connected();
  node.bus->publish(message("x", "y"));
  EXPECT_TRUE(node.run_until_published(1));

  // One that another CA vouches for.
  options.tls.certificate = (broker.folder() / "gw-1.pem").string();
  options.tls.key = (broker.folder() / "gw-1.key").string();
  Node stranger(options);
  stranger.start();
  EXPECT_TRUE(stranger.run_until([&] { return stranger.bus->counters().failed_attempts > 0; }));
  EXPECT_EQ(stranger.bus->counters().connections, 0U);
}

}  // namespace
}  // namespace lokaal::test
