#include "daemon/cut_notice/cut_notice.hpp"

#include <gtest/gtest.h>

#include "tests/unit/adapters/packet_filter/frames.hpp"

namespace lokaal::test {
namespace {

using namespace std::chrono_literals;

class FakeTap final : public PacketTap {
 public:
  void on_packet(PacketHandler handler) override { packet = std::move(handler); }
  void on_error(ErrorHandler) override {}
  std::uint64_t lost() const override { return 0; }

  PacketHandler packet;
};

class FakeSender final : public PacketSender {
 public:
  Result<void> send(const IpAddress& destination, ByteView packet) override {
    if (broken) return failure("no");
    sent.emplace_back(destination, Bytes(packet.begin(), packet.end()));
    return {};
  }

  std::vector<std::pair<IpAddress, Bytes>> sent;
  bool broken = false;
};

Bytes segment(std::uint8_t device, std::uint16_t port, std::uint8_t flags = kAck) {
  Tuple tuple{IpAddress::parse("192.0.2.80").value(), IpAddress::parse("10.112.0.0").value(), 443,
              port};
  tuple.destination.bytes[3] = device;
  const Bytes frame = tcp_frame({}, tuple, flags, 1000, 2000);
  return {frame.begin() + 14, frame.end()};
}

class Notice : public testing::Test {
 protected:
  FakeTap tap_;
  FakeSender sender_;
  SteadyTime now_{1h};
  CutNotice notice_{tap_, sender_, [this] { return now_; }, {2, 5, 8, 42}};
};

TEST_F(Notice, ACutSegmentIsAnsweredByAResetToItsReceiver) {
  tap_.packet(segment(11, 50000));
  ASSERT_EQ(sender_.sent.size(), 1U);
  EXPECT_EQ(sender_.sent[0].first, IpAddress::parse("10.112.0.11").value());
  const auto reset = parse_tcp_segment(sender_.sent[0].second);
  ASSERT_TRUE(reset);
  EXPECT_TRUE(reset->reset);
  EXPECT_EQ(reset->sequence, 1000U);
  EXPECT_EQ(reset->destination_port, 50000);
}

TEST_F(Notice, AResetAndWhatIsNotTcpAreNotAnswered) {
  tap_.packet(segment(11, 50000, kRst));
  tap_.packet(Bytes{0x45, 0});
  EXPECT_TRUE(sender_.sent.empty());
  EXPECT_EQ(notice_.counts().unreadable, 2U);
}

TEST_F(Notice, AFlowADeviceAndAllTogetherHaveTheirShare) {
  for (int i = 0; i < 10; ++i) tap_.packet(segment(11, 50000));
  EXPECT_EQ(sender_.sent.size(), 2U) << "one flow";
  for (std::uint16_t port = 50001; port < 50020; ++port) tap_.packet(segment(11, port));
  EXPECT_EQ(sender_.sent.size(), 5U) << "one device";
  for (std::uint8_t device = 12; device < 30; ++device) tap_.packet(segment(device, 50000));
  EXPECT_EQ(sender_.sent.size(), 8U) << "all of them";
  EXPECT_EQ(notice_.counts().told, 8U);
  EXPECT_EQ(notice_.counts().held_back, 39U);
  now_ += 1s;
  tap_.packet(segment(11, 50000));
  EXPECT_EQ(sender_.sent.size(), 9U) << "the shares have grown again";
}

TEST_F(Notice, WhatCannotBeSentIsCounted) {
  sender_.broken = true;
  tap_.packet(segment(11, 50000));
  EXPECT_EQ(notice_.counts().failed, 1U);
  EXPECT_EQ(notice_.counts().told, 0U);
}

}  // namespace
}  // namespace lokaal::test
