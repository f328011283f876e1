#include "adapters/links/neighbour_watch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <sstream>

#include "adapters/links/neighbour_query.hpp"
#include "tests/unit/adapters/links/datagrams.hpp"
#include "tests/unit/adapters/links/namespaces.hpp"

namespace lokaal {
namespace {

using lab::Namespace;

IpAddress address(const char* text) {
  return IpAddress::parse(text).value();
}
Mac mac(const char* text) {
  return Mac::parse(text).value();
}

class NeighbourWatchTest : public testing::Test {
 protected:
  void SetUp() override {
    gateway.run("ip link add lan112 type veth peer name eth0 netns " + room.path());
    gateway.run(
        "ip addr add 10.112.0.1/24 dev lan112; ip addr add fd00:112::1/64 dev lan112 nodad;"
        "ip link set lan112 up");
    room.run(
        "ip link set eth0 address 02:00:00:00:01:12;"
        "ip addr add 10.112.0.10/24 dev eth0; ip addr add fd00:112::10/64 dev eth0 nodad;"
        "ip link set eth0 up");
  }

  void start(int receive_buffer = 4 * 1024 * 1024) {
    Result<std::unique_ptr<NeighbourWatch>> made;
    gateway.in([&] { made = watch_neighbours(reactor.get_executor(), receive_buffer); });
    ASSERT_TRUE(made) << made.error().text();
    watch = std::move(*made);
    watch->on_change([this](const NeighbourChange& change) { seen.push_back(change); });
    watch->on_error([](const Error& error) { ADD_FAILURE() << error.text(); });
  }

  template <class Done>
  bool until(Done done) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!done() && std::chrono::steady_clock::now() < deadline) {
      reactor.restart();
      reactor.run_one_for(std::chrono::milliseconds(100));
    }
    return done();
  }

  Namespace gateway, room;
  boost::asio::io_context reactor;
  std::unique_ptr<NeighbourWatch> watch;
  std::vector<NeighbourChange> seen;
};

TEST_F(NeighbourWatchTest, AQueryFindsWhoIsThereAtThisMoment) {
  Result<std::unique_ptr<NeighbourQuery>> query;
  Result<std::unique_ptr<LinkWatch>> links;
  gateway.in([&] {
    query = open_neighbour_query();
    links = watch_links(reactor.get_executor());
  });
  ASSERT_TRUE(query) << query.error().text();
  ASSERT_TRUE(links) << links.error().text();
  const std::uint32_t link = (*links)->find("lan112")->index;
  for (const auto& [theirs, ours] :
       {std::pair{"10.112.0.10", "10.112.0.1"}, std::pair{"fd00:112::10", "fd00:112::1"}}) {
    EXPECT_EQ((*query)->find(link, address(theirs)), std::nullopt) << theirs;
    lab::Port device(room, theirs);
    lab::Port service(gateway, ours);
    ASSERT_EQ(device.send_to(service), lab::Fate::arrived);
    EXPECT_EQ((*query)->find(link, address(theirs)), mac("02:00:00:00:01:12")) << theirs;
    EXPECT_EQ((*query)->find(link + 1000, address(theirs)), std::nullopt) << theirs;
  }
}

TEST_F(NeighbourWatchTest, LearnsADeviceThatSpeaksInBothFamilies) {
  start();
  for (const auto& [theirs, ours] :
       {std::pair{"10.112.0.10", "10.112.0.1"}, std::pair{"fd00:112::10", "fd00:112::1"}}) {
    lab::Port device(room, theirs);
    lab::Port service(gateway, ours);
    ASSERT_EQ(device.send_to(service), lab::Fate::arrived);
    ASSERT_EQ(service.send_to(device), lab::Fate::arrived);
    EXPECT_TRUE(until([&] { return !watch->at(address(theirs)).empty(); }));
    const Neighbour neighbour = watch->at(address(theirs)).front();
    EXPECT_EQ(neighbour.mac, mac("02:00:00:00:01:12"));
  }
  // The interface's name is asked in the namespace of the reactor's thread.
  EXPECT_GE(watch->of(mac("02:00:00:00:01:12")).size(), 2U);
}

TEST_F(NeighbourWatchTest, KnowsWhatWasThereBefore) {
  gateway.run("ip neigh add 10.112.0.30 lladdr 02:00:00:00:00:30 dev lan112 nud reachable");
  start();
  const auto found = watch->at(address("10.112.0.30"));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].interface, "lan112");
  EXPECT_TRUE(found[0].confirmed);
  EXPECT_TRUE(seen.empty());
}

TEST_F(NeighbourWatchTest, KeepsASilentDeviceAndDropsOneThatDoesNotAnswer) {
  start();
  const auto at = [&] { return watch->at(address("fd00:112::30")); };
  gateway.run("ip neigh add fd00:112::30 lladdr 02:00:00:00:00:30 dev lan112 nud reachable");
  EXPECT_TRUE(until([&] { return at().size() == 1 && at()[0].confirmed; }));
  gateway.run("ip neigh change fd00:112::30 lladdr 02:00:00:00:00:30 dev lan112 nud stale");
  EXPECT_TRUE(until([&] { return at().size() == 1 && !at()[0].confirmed; }));
  gateway.run("ip neigh change fd00:112::30 dev lan112 nud failed");
  EXPECT_TRUE(until([&] { return at().empty(); }));
  EXPECT_EQ(seen.back().presence, Appearance::gone);
  EXPECT_EQ(seen.back().neighbour.mac, mac("02:00:00:00:00:30"));
}

TEST_F(NeighbourWatchTest, DoesNotTakeAnUnansweredQuestionForADevice) {
  start();
  gateway.run("ip neigh add 10.112.0.40 dev lan112 nud incomplete || true");
  gateway.run("ip neigh add 10.112.0.41 lladdr 02:00:00:00:00:41 dev lan112 nud reachable");
  EXPECT_TRUE(until([&] { return !watch->at(address("10.112.0.41")).empty(); }));
  EXPECT_TRUE(watch->at(address("10.112.0.40")).empty());
}

TEST_F(NeighbourWatchTest, ReportsAnAddressThatMovesToAnotherDevice) {
  gateway.run("ip neigh add 10.112.0.30 lladdr 02:00:00:00:00:30 dev lan112 nud reachable");
  start();
  gateway.run("ip neigh change 10.112.0.30 lladdr 02:00:00:00:00:31 dev lan112 nud reachable");
  EXPECT_TRUE(until([&] { return !seen.empty(); }));
  EXPECT_EQ(seen.front().presence, Appearance::changed);
  EXPECT_EQ(seen.front().neighbour.mac, mac("02:00:00:00:00:31"));
  EXPECT_TRUE(watch->of(mac("02:00:00:00:00:30")).empty());
}

TEST_F(NeighbourWatchTest, MakesGoodABurstThatTheReceiveBufferCouldNotHold) {
  gateway.run("ip neigh add 10.112.0.9 lladdr 02:00:00:00:00:09 dev lan112 nud reachable");
  start(4096);
  std::ostringstream batch;
  for (int i = 0; i < 600; ++i) {
    batch << "neigh add 10.112." << 1 + i / 200 << "." << 1 + i % 200
          << " lladdr 02:00:00:00:01:00 dev lan112 nud permanent\n";
  }
  batch << "neigh del 10.112.0.9 dev lan112\n";
  gateway.run("ip -batch - <<'E'\n" + batch.str() + "E\n");
  EXPECT_TRUE(until([&] { return watch->of(mac("02:00:00:00:01:00")).size() == 600; }));
  EXPECT_TRUE(until([&] { return watch->at(address("10.112.0.9")).empty(); }));
  // And it goes on hearing.
  gateway.run("ip neigh add 10.112.0.8 lladdr 02:00:00:00:00:08 dev lan112 nud reachable");
  EXPECT_TRUE(until([&] { return !watch->at(address("10.112.0.8")).empty(); }));
}

TEST_F(NeighbourWatchTest, DropsWhatWasOnAnInterfaceThatIsGone) {
  gateway.run("ip neigh add 10.112.0.30 lladdr 02:00:00:00:00:30 dev lan112 nud permanent");
  start();
  gateway.run("ip link del lan112");
  EXPECT_TRUE(until([&] { return watch->all().empty(); }));
}

}  // namespace
}  // namespace lokaal
