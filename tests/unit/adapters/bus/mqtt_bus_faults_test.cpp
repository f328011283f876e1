// What goes wrong on the way to a broker, and with it.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "tests/unit/adapters/bus/node.hpp"

namespace lokaal::test {
namespace {

using std::chrono::milliseconds;
using tcp = boost::asio::ip::tcp;

const std::string kEverything = "user gw-1\ntopic readwrite #\nuser other\ntopic readwrite #\n";

class MqttBusFaults : public testing::Test {
 protected:
  void SetUp() override { broker.start(); }

  // Why it does not connect.
  std::string fails(MqttOptions options) {
    Node node(std::move(options));
    node.bus->subscribe("t");
    node.start();
    EXPECT_TRUE(node.run_until([&] { return node.bus->counters().failed_attempts >= 2; }));
    EXPECT_EQ(node.bus->counters().connections, 0U);
    return node.told();
  }

  Broker broker{{"gw-1", "other"}, kEverything};
};

TEST_F(MqttBusFaults, RefusesABrokerThatAnotherAuthorityVouchesFor) {
  const TemporaryFolder folder;
  const Authority stranger(folder.path());
  auto options = options_for(broker, "gw-1");
  options.tls.ca = stranger.certificate.string();
  EXPECT_NE(fails(options).find("certificate"), std::string::npos);
}

TEST_F(MqttBusFaults, RefusesABrokerWithAnotherName) {
  auto options = options_for(broker, "gw-1");
  options.host = "127.0.0.1";  // the certificate names localhost
  const auto why = fails(options);
  EXPECT_NE(why.find("the broker's certificate: IP address mismatch"), std::string::npos) << why;
}

TEST_F(MqttBusFaults, IsToldWhenItsPasswordIsWrong) {
  auto options = options_for(broker, "gw-1");
  options.password = "wrong";
  EXPECT_NE(fails(options).find("Not authorized"), std::string::npos);
}

TEST_F(MqttBusFaults, ANameThatCannotBeResolvedIsTriedAgain) {
  auto options = options_for(broker, "gw-1");
  options.host = "no-such-broker.invalid";  // RFC 6761
  options.addresses.clear();
  EXPECT_NE(fails(options).find("no-such-broker.invalid"), std::string::npos);
}

TEST_F(MqttBusFaults, OptionsThatCannotWorkAreRefusedAtOnce) {
  boost::asio::io_context io;
  const auto refused = [&](const std::function<void(MqttOptions&)>& change) {
    auto options = options_for(broker, "gw-1");
    change(options);
    return !make_mqtt_bus(io, options);
  };
  EXPECT_FALSE(refused([](MqttOptions&) {}));
  EXPECT_TRUE(refused([](MqttOptions& o) { o.tls.ca = "/nowhere"; }));
  EXPECT_TRUE(refused([](MqttOptions& o) { o.tls.ca.clear(); }));
  EXPECT_TRUE(refused([](MqttOptions& o) { o.tls.certificate = "/nowhere"; }));
  EXPECT_TRUE(refused([](MqttOptions& o) { o.host.clear(); }));
  EXPECT_TRUE(refused([](MqttOptions& o) { o.client_id.clear(); }));
  EXPECT_TRUE(refused([](MqttOptions& o) { o.keepalive = std::chrono::seconds(4); }));
  EXPECT_TRUE(refused([](MqttOptions& o) { o.random = nullptr; }));
}

TEST_F(MqttBusFaults, AMessageThatIsTooLargeIsRefusedAndDisturbsNothing) {
  auto options = options_for(broker, "gw-1");
  options.max_packet = 4096;
  Node node(options);
  node.bus->subscribe("t");
  node.start_connected();
  EXPECT_FALSE(node.bus->publish(message("t", std::string(5000, 'x'))));
  EXPECT_EQ(node.bus->counters().dropped, 1U);
  // The broker knows our limit and keeps a larger one from us.
  for (const auto& payload : {std::string(5000, 'x'), std::string("small")})
    run(broker.client("mosquitto_pub", "other", {"-q", "1", "-t", "t", "-m", payload}));
  ASSERT_TRUE(node.run_until([&] { return !node.messages.empty(); }));
  EXPECT_EQ(node.messages[0].payload, "small");
  EXPECT_EQ(node.bus->counters().failed_attempts, 0U);
}

TEST_F(MqttBusFaults, AMessageOverTheBrokersLimitIsDroppedAndDisturbsNothing) {
  Broker small({"gw-1"}, kEverything, "max_packet_size 2000");
  small.start();
  Node node(options_for(small, "gw-1"));
  node.start_connected();
  EXPECT_TRUE(node.bus->publish(message("t", std::string(5000, 'x'))));
  EXPECT_TRUE(node.has_event(BusEvent::Kind::publish_refused, "t:"));
  EXPECT_TRUE(node.bus->publish(message("t", "small")));
  EXPECT_TRUE(node.run_until_published(1));
  EXPECT_EQ(node.bus->counters().failed_attempts, 0U);
}

TEST_F(MqttBusFaults, WhatTheBrokerForbidsIsReported) {
  Broker strict({"gw-1"}, "user gw-1\ntopic write mine\n");
  strict.start();
  Node node(options_for(strict, "gw-1"));
  node.start_connected();
  node.bus->publish(message("theirs", "x"));
  node.bus->publish(message("mine", "x"));
  ASSERT_TRUE(node.run_until_published(1));
  EXPECT_TRUE(node.has_event(BusEvent::Kind::publish_refused, "theirs: Not authorized"))
      << node.told();
  EXPECT_EQ(node.bus->counters().refused, 1U);
}

TEST_F(MqttBusFaults, StopsAtOnceBeforeItWasStartedAndWhileItWaitsToTryAgain) {
  Node idle(options_for(broker, "gw-1"));
  EXPECT_TRUE(idle.stop());
  broker.stop();
  auto options = options_for(broker, "gw-1");
  options.random = [] { return std::uint64_t{1000}; };  // a second
  Node waiting(options);
  waiting.start();
  ASSERT_TRUE(waiting.run_until([&] { return waiting.bus->counters().failed_attempts == 1; }));
  const auto began = std::chrono::steady_clock::now();
  EXPECT_TRUE(waiting.stop());
  EXPECT_LT(std::chrono::steady_clock::now() - began, milliseconds(900));
}

TEST_F(MqttBusFaults, AHandlerMayStopIt) {
  Node node(options_for(broker, "gw-1"));
  bool stopped = false;
  node.bus->start({{}, [&](const BusEvent&) { node.bus->stop([&] { stopped = true; }); }});
  EXPECT_TRUE(node.run_until([&] { return stopped; }));
  broker.stop();
  Node failing(options_for(broker, "gw-1"));
  stopped = false;
  failing.bus->start({{}, [&](const BusEvent&) { failing.bus->stop([&] { stopped = true; }); }});
  EXPECT_TRUE(failing.run_until([&] { return stopped; }));
}

// A listener that does with a connection what a test says.
class MuteServer {
 public:
  explicit MuteServer(int backlog = 16)
      : acceptor_(io_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0), false) {
    acceptor_.listen(backlog);
  }
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  tcp::socket accept() { return acceptor_.accept(); }
  boost::asio::io_context& io() { return io_; }

 private:
  boost::asio::io_context io_;
  tcp::acceptor acceptor_;
};

MqttOptions towards(std::uint16_t port, const Broker& broker) {
  auto options = options_for(broker, "gw-1");
  options.host = "127.0.0.1";
  options.port = port;
  return options;
}

TEST_F(MqttBusFaults, StopsAtOnceWhileTcpIsConnecting) {
  MuteServer server(0);
  // One connection fills a backlog of 0; SYNs after that are dropped.
  std::vector<std::unique_ptr<tcp::socket>> fillers;
  for (int i = 0; i < 3; ++i) {
    fillers.push_back(std::make_unique<tcp::socket>(server.io()));
    fillers.back()->async_connect({boost::asio::ip::address_v4::loopback(), server.port()},
                                  [](const boost::system::error_code&) {});
  }
  Node node(towards(server.port(), broker));
  node.start();
  EXPECT_FALSE(node.run_until([&] { return !node.events.empty(); }, milliseconds(200)));
  const auto began = std::chrono::steady_clock::now();
  EXPECT_TRUE(node.stop());
  EXPECT_LT(std::chrono::steady_clock::now() - began, milliseconds(500));
}

TEST_F(MqttBusFaults, StopsAtOnceInTheMiddleOfTheHandshake) {
  MuteServer server;
  Node node(towards(server.port(), broker));
  node.start();
  auto peer = server.accept();
  std::array<char, 5> hello{};
  node.run_until([&] { return peer.available() >= hello.size(); });
  boost::asio::read(peer, boost::asio::buffer(hello));
  EXPECT_EQ(hello[0], 0x16);  // a TLS handshake record
  EXPECT_TRUE(node.stop());
}

TEST_F(MqttBusFaults, IsDestroyedInTheMiddleOfTheHandshake) {
  MuteServer server;
  auto node = std::make_unique<Node>(towards(server.port(), broker));
  node->start();
  auto peer = server.accept();
  node->run_until([&] { return peer.available() > 0; });
  node.reset();
  boost::system::error_code ended;
  std::array<char, 4096> rest{};
  while (!ended) peer.read_some(boost::asio::buffer(rest), ended);
}

TEST_F(MqttBusFaults, GivesUpOnAPeerThatNeverAnswers) {
  MuteServer server;
  auto options = towards(server.port(), broker);
  options.connect_timeout = milliseconds(150);
  Node node(options);
  node.start();
  auto peer = server.accept();
  ASSERT_TRUE(node.run_until([&] { return node.bus->counters().failed_attempts == 1; }));
  EXPECT_TRUE(node.has_event(BusEvent::Kind::disconnected, "does not answer"));
}

TEST_F(MqttBusFaults, DoesNotSpinOnAPeerThatResetsDuringTheHandshake) {
  MuteServer server;
  auto options = towards(server.port(), broker);
  options.random = [] { return std::uint64_t{900}; };
  Node node(options);
  node.start();
  auto peer = server.accept();
  node.run_until([&] { return peer.available() > 0; });
  peer.set_option(boost::asio::socket_base::linger(true, 0));
  peer.close();  // with unread data and no linger: RST
  ASSERT_TRUE(
      node.run_until([&] { return node.bus->counters().failed_attempts == 1; }, milliseconds(1000)))
      << "nothing noticed";
  EXPECT_FALSE(node.told().empty());
}

TEST_F(MqttBusFaults, APeerThatTalksNonsenseIsAFailedAttempt) {
  MuteServer server;
  Node node(towards(server.port(), broker));
  node.start();
  auto peer = server.accept();
  node.run_until([&] { return peer.available() > 0; });
  boost::asio::write(peer, boost::asio::buffer(std::string("HTTP/1.1 400 Bad Request\r\n\r\n")));
  EXPECT_TRUE(node.run_until([&] { return node.bus->counters().failed_attempts == 1; }));
  EXPECT_TRUE(node.has_event(BusEvent::Kind::disconnected, "TLS")) << node.told();
}

}  // namespace
}  // namespace lokaal::test
