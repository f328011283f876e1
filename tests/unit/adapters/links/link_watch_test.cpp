#include "adapters/links/link_watch.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include "tests/unit/adapters/links/namespaces.hpp"

namespace lokaal {
namespace {

using lab::Namespace;

class LinkWatchTest : public testing::Test {
 protected:
  void SetUp() override {
    Result<std::unique_ptr<LinkWatch>> made;
    gateway.run("ip link add lan112 type veth peer name port0");
    gateway.in([&] { made = watch_links(reactor.get_executor()); });
    ASSERT_TRUE(made) << made.error().text();
    watch = std::move(*made);
    watch->on_change([this](const LinkChange& change) { seen.push_back(change); });
    watch->on_error([](const Error& error) { ADD_FAILURE() << error.text(); });
  }

  // Until `done`, or for as long as a slow machine may take.
  template <class Done>
  bool until(Done done) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!done() && std::chrono::steady_clock::now() < deadline) {
      reactor.restart();
      reactor.run_one_for(std::chrono::milliseconds(100));
    }
    return done();
  }
  bool saw(Appearance presence, const std::string& name) const {
    for (const LinkChange& change : seen) {
      if (change.presence == presence && change.link.name == name) return true;
    }
    return false;
  }

  Namespace gateway;
  boost::asio::io_context reactor;
  std::unique_ptr<LinkWatch> watch;
  std::vector<LinkChange> seen;
};

TEST_F(LinkWatchTest, KnowsWhatWasThereBefore) {
  const auto link = watch->find("lan112");
  ASSERT_TRUE(link);
  EXPECT_FALSE(link->up);
  EXPECT_TRUE(link->mac);
  EXPECT_EQ(watch->find(link->index), link);
  EXPECT_TRUE(watch->find("lo"));
  EXPECT_FALSE(watch->find("lan113"));
  EXPECT_TRUE(seen.empty());
}

TEST_F(LinkWatchTest, FollowsUpAndDownAndCarrier) {
  gateway.run("ip link set lan112 up");
  EXPECT_TRUE(until([&] { return watch->find("lan112")->up; }));
  EXPECT_FALSE(watch->find("lan112")->carrier);
  gateway.run("ip link set port0 up");
  EXPECT_TRUE(until([&] { return watch->find("lan112")->carrier; }));
  gateway.run("ip link set lan112 down");
  EXPECT_TRUE(until([&] { return !watch->find("lan112")->up; }));
  EXPECT_TRUE(saw(Appearance::changed, "lan112"));
}

TEST_F(LinkWatchTest, SeesAppearingPortsOfABridgeAndTheirGoing) {
  gateway.run("ip link add br0 type bridge; ip link set port0 master br0");
  EXPECT_TRUE(until([&] {
    const auto port = watch->find("port0");
    const auto bridge = watch->find("br0");
    return port && bridge && port->master == bridge->index;
  }));
  EXPECT_TRUE(saw(Appearance::appeared, "br0"));
  gateway.run("ip link del br0");
  EXPECT_TRUE(until([&] { return saw(Appearance::gone, "br0"); }));
  EXPECT_FALSE(watch->find("br0"));
  EXPECT_TRUE(until([&] { return watch->find("port0")->master == 0; }));
}

TEST_F(LinkWatchTest, TakesARenameForGoingAndAppearing) {
  gateway.run("ip link set lan112 name lan114");
  EXPECT_TRUE(until([&] { return saw(Appearance::appeared, "lan114"); }));
  EXPECT_TRUE(saw(Appearance::gone, "lan112"));
  EXPECT_FALSE(watch->find("lan112"));
}

TEST_F(LinkWatchTest, MayBeDestroyedFromItsOwnHandler) {
  watch->on_change([this](const LinkChange&) { watch.reset(); });
  gateway.run("ip link set lan112 up; ip link set port0 up; ip link del lan112");
  EXPECT_TRUE(until([&] { return watch == nullptr; }));
  reactor.restart();
  reactor.run_for(std::chrono::seconds(20));  // returns at once: nothing is waited for any more
  EXPECT_TRUE(reactor.stopped());
}

}  // namespace
}  // namespace lokaal
