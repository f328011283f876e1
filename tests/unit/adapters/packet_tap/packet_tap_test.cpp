// What a rule logs is handed over, and what is sent comes out as it was made.
#include "adapters/packet_tap/packet_tap.hpp"

#include <boost/asio/io_context.hpp>

#include "adapters/packet_tap/packet_sender.hpp"
#include "tests/unit/adapters/packet_filter/school.hpp"

namespace lokaal::test {
namespace {

constexpr std::uint16_t kGroup = 77;

class Tap : public testing::Test {
 protected:
  Tap() {
    nft_.run(
        "table inet t { chain c { type filter hook forward priority 0; policy accept;\n"
        " udp dport 443 log group 77 snaplen 64 queue-threshold 1\n }\n"
        " chain marked { type filter hook output priority 0; policy accept;\n"
        "  meta mark 0x02000000 counter\n }\n}\n");
  }

  Result<std::unique_ptr<PacketTap>> tap(int receive_buffer = 1 << 20) {
    return tap_packets(io_.get_executor(), {kGroup, 64, receive_buffer});
  }
  void run() {
    io_.restart();
    io_.poll();
  }
  static constexpr Station kFrom{Link::outside, 20};
  static constexpr Station kTo{Link::room_a, 11};

  Network net_;
  Nft nft_;
  boost::asio::io_context io_;
};

TEST_F(Tap, HandsOverWhatIsLoggedFromItsIpHeaderOn) {
  auto tap = this->tap();
  ASSERT_TRUE(tap) << tap.error().text();
  std::vector<Bytes> packets;
  (*tap)->on_packet([&](ByteView packet) { packets.emplace_back(packet.begin(), packet.end()); });
  ASSERT_TRUE(net_.passes(kFrom, kTo, IpFamily::v4));
  ASSERT_TRUE(net_.passes(kFrom, kTo, IpFamily::v6));
  ASSERT_TRUE(net_.passes(kFrom, kTo, IpFamily::v4, 4000, 444)) << "is not logged";
  run();
  ASSERT_EQ(packets.size(), 2U);
  EXPECT_EQ(packets[0][0], 0x45);
  EXPECT_EQ(packets[0].size(), 32U);
  EXPECT_EQ(packets[1][0], 0x60);
  EXPECT_EQ((*tap)->lost(), 0U);
}

TEST_F(Tap, AGroupHasOneListener) {
  const auto first = tap();
  ASSERT_TRUE(first);
  const auto second = tap();
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().text().find("no other program"), std::string::npos)
      << second.error().text();
}

TEST_F(Tap, CountsWhatWasLost) {
  auto tap = this->tap(4096);
  ASSERT_TRUE(tap);
  std::uint64_t came = 0;
  (*tap)->on_packet([&](ByteView) { ++came; });
  for (std::uint16_t port = 5000; port < 5200; ++port)
    net_.probe(kFrom, kTo, IpFamily::v4, port, 443);
  net_.settle();
  run();
  ASSERT_LT(came, 200U);
  ASSERT_TRUE(net_.passes(kFrom, kTo, IpFamily::v4, 5300));
  run();
  EXPECT_EQ(came + (*tap)->lost(), 201U);
}

TEST_F(Tap, MayBeDestroyedByItsHandler) {
  auto tap = this->tap();
  ASSERT_TRUE(tap);
  int came = 0;
  (*tap)->on_packet([&](ByteView) {
    ++came;
    tap->reset();
  });
  ASSERT_TRUE(net_.passes(kFrom, kTo, IpFamily::v4));
  ASSERT_TRUE(net_.passes(kFrom, kTo, IpFamily::v4));
  run();
  EXPECT_EQ(came, 1);
}

TEST_F(Tap, SenderSendsInAnothersNameAndWithItsMark) {
  auto sender = make_packet_sender(0x02000000);
  ASSERT_TRUE(sender) << sender.error().text();
  for (const IpFamily family : {IpFamily::v4, IpFamily::v6}) {
    const Tuple tuple{kFrom.address(family), kTo.address(family), 443, 50000};
    Bytes frame = tcp_frame({}, tuple, kRst, 1, 2);
    frame.erase(frame.begin(), frame.begin() + 14);
    const auto sent = (*sender)->send(tuple.destination, frame);
    ASSERT_TRUE(sent) << sent.error().text();
    net_.settle();
    int seen = 0;
    for (const Seen& one : net_.seen(kTo.link))
      if (one.tcp_flags == kRst && one.tuple.source == tuple.source &&
          one.tuple.destination_port == 50000)
        ++seen;
    EXPECT_EQ(seen, 1);
  }
  EXPECT_NE(nft_.run("list chain inet t marked").find("packets 2 "), std::string::npos);
}

}  // namespace
}  // namespace lokaal::test
