#include "core/traffic/tcp_reset.hpp"

#include <gtest/gtest.h>

#include "tests/unit/adapters/packet_filter/frames.hpp"

namespace lokaal::test {
namespace {

constexpr std::size_t kEthernet = 14;

Tuple tuple(IpFamily family) {
  const bool v4 = family == IpFamily::v4;
  return {IpAddress::parse(v4 ? "192.0.2.80" : "2001:db8::80").value(),
          IpAddress::parse(v4 ? "10.112.0.11" : "fd00:112::11").value(), 443, 50123};
}

// What the server sent, as an IP packet.
Bytes sent(IpFamily family, std::uint8_t flags) {
  const Bytes frame = tcp_frame({}, tuple(family), flags, 0xfffffff0, 77);
  return {frame.begin() + kEthernet, frame.end()};
}

class Families : public testing::TestWithParam<IpFamily> {};
INSTANTIATE_TEST_SUITE_P(Ip, Families, testing::Values(IpFamily::v4, IpFamily::v6));

TEST_P(Families, SegmentIsRead) {
  const auto segment = parse_tcp_segment(sent(GetParam(), kAck));
  ASSERT_TRUE(segment);
  const Tuple wanted = tuple(GetParam());
  EXPECT_EQ(*segment,
            (TcpSegment{wanted.source, wanted.destination, 443, 50123, 0xfffffff0, 77, false}));
  EXPECT_TRUE(parse_tcp_segment(sent(GetParam(), kRst | kAck))->reset);
}

TEST_P(Families, ResetComesInTheSegmentsPlaceAndInItsSendersName) {
  const auto segment = parse_tcp_segment(sent(GetParam(), kAck));
  const Bytes packet = reset_in_place_of(*segment);
  TcpSegment wanted = *segment;
  wanted.reset = true;
  EXPECT_EQ(parse_tcp_segment(packet), wanted);
  // The same as the frame builder of the kernel tests makes, whose checksums hosts accept.
  Bytes frame = tcp_frame({}, tuple(GetParam()), kRst | kAck, 0xfffffff0, 77);
  frame.erase(frame.begin(), frame.begin() + kEthernet);
  ASSERT_EQ(packet.size(), frame.size());
  const std::size_t tcp = packet.size() - 20;
  EXPECT_TRUE(std::equal(packet.begin() + static_cast<std::ptrdiff_t>(tcp),
                         packet.begin() + static_cast<std::ptrdiff_t>(tcp) + 14,
                         frame.begin() + static_cast<std::ptrdiff_t>(tcp)));
}

TEST_P(Families, HeadersAreEnoughAndNothingLessIs) {
  const Bytes packet = sent(GetParam(), kAck);
  EXPECT_TRUE(parse_tcp_segment(packet));
  for (std::size_t size = 0; size < packet.size(); ++size)
    EXPECT_FALSE(parse_tcp_segment(ByteView(packet).first(size))) << size;
}

TEST(TcpSegment, LaterFragmentsAndOtherProtocolsAreNotRead) {
  Bytes packet = sent(IpFamily::v4, kAck);
  packet[7] = 1;
  EXPECT_FALSE(parse_tcp_segment(packet));
  packet[7] = 0;
  packet[9] = 17;
  EXPECT_FALSE(parse_tcp_segment(packet));
  packet[9] = 6;
  packet[0] = 0x44;
  EXPECT_FALSE(parse_tcp_segment(packet)) << "a header of 16 bytes";
  packet[0] = 0x55;
  EXPECT_FALSE(parse_tcp_segment(packet));
}

TEST(TcpSegment, Ipv6ExtensionHeadersArePassedOver) {
  const Bytes plain = sent(IpFamily::v6, kAck);
  const auto with = [&](std::uint8_t next, const Bytes& header) {
    Bytes packet = plain;
    packet[6] = next;
    packet.insert(packet.begin() + 40, header.begin(), header.end());
    return parse_tcp_segment(packet);
  };
  EXPECT_EQ(with(0, {6, 0, 1, 4, 0, 0, 0, 0}), parse_tcp_segment(plain));
  EXPECT_EQ(with(60, {6, 1, 1, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}), parse_tcp_segment(plain));
  EXPECT_EQ(with(44, {6, 0, 0, 1, 0, 0, 0, 9}), parse_tcp_segment(plain)) << "the first fragment";
  EXPECT_FALSE(with(44, {6, 0, 0, 9, 0, 0, 0, 9})) << "a later one";
  EXPECT_FALSE(with(59, {6, 0, 0, 0, 0, 0, 0, 0})) << "no next header";
}

}  // namespace
}  // namespace lokaal::test
