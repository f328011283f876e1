#include "core/traffic/tcp_reset.hpp"

#include <initializer_list>

namespace lokaal {
namespace {

constexpr std::uint8_t kTcp = 6;
constexpr std::size_t kIpv4Header = 20;
constexpr std::size_t kIpv6Header = 40;
constexpr std::size_t kTcpHeader = 20;
constexpr std::uint8_t kRst = 0x04;
constexpr std::uint8_t kAck = 0x10;
constexpr std::uint8_t kHops = 64;

std::uint16_t get16(ByteView in, std::size_t at) {
  return static_cast<std::uint16_t>(in[at] << 8 | in[at + 1]);
}
std::uint32_t get32(ByteView in, std::size_t at) {
  return static_cast<std::uint32_t>(get16(in, at)) << 16 | get16(in, at + 2);
}

void put16(Bytes& out, std::size_t value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8));
  out.push_back(static_cast<std::uint8_t>(value));
}
void put32(Bytes& out, std::uint32_t value) {
  put16(out, value >> 16);
  put16(out, value & 0xffff);
}
void put(Bytes& out, ByteView bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

// The internet checksum (RFC 1071); every part but the last has an even length.
std::uint16_t checksum(std::initializer_list<ByteView> parts, std::uint32_t total = 0) {
  for (const ByteView part : parts)
    for (std::size_t i = 0; i < part.size(); ++i)
      total += static_cast<std::uint32_t>(part[i]) << (i % 2 == 0 ? 8 : 0);
  while (total >> 16 != 0) total = (total & 0xffff) + (total >> 16);
  return static_cast<std::uint16_t>(~total);
}
void set16(Bytes& in, std::size_t at, std::uint16_t value) {
  in[at] = static_cast<std::uint8_t>(value >> 8);
  in[at + 1] = static_cast<std::uint8_t>(value);
}

// Where the TCP header begins.
std::optional<std::size_t> tcp_in_ipv4(ByteView packet) {
  if (packet.size() < kIpv4Header || packet[9] != kTcp) return std::nullopt;
  if ((get16(packet, 6) & 0x1fff) != 0) return std::nullopt;  // a later fragment
  const std::size_t length = static_cast<std::size_t>(packet[0] & 0x0f) * 4;
  if (length < kIpv4Header) return std::nullopt;
  return length;
}

// Past extension headers (RFC 8200 section 4), as many as fit.
std::optional<std::size_t> tcp_in_ipv6(ByteView packet) {
  if (packet.size() < kIpv6Header) return std::nullopt;
  std::uint8_t next = packet[6];
  std::size_t at = kIpv6Header;
  while (next != kTcp) {
    if (at + 8 > packet.size()) return std::nullopt;
    const bool fragment = next == 44;
    if (fragment && (get16(packet, at + 2) & 0xfff8) != 0) return std::nullopt;
    if (!fragment && next != 0 && next != 43 && next != 60) return std::nullopt;
    next = packet[at];
    at += fragment ? 8 : (static_cast<std::size_t>(packet[at + 1]) + 1) * 8;
  }
  return at;
}

}  // namespace

std::optional<TcpSegment> parse_tcp_segment(ByteView packet) {
  if (packet.empty()) return std::nullopt;
  const unsigned version = packet[0] >> 4;
  if (version != 4 && version != 6) return std::nullopt;
  const auto at = version == 4 ? tcp_in_ipv4(packet) : tcp_in_ipv6(packet);
  if (!at || *at + kTcpHeader > packet.size()) return std::nullopt;
  const std::size_t size = version == 4 ? 4 : 16;
  const std::size_t addresses = version == 4 ? 12 : 8;
  TcpSegment segment;
  segment.source = IpAddress::from(packet.subspan(addresses, size)).value();
  segment.destination = IpAddress::from(packet.subspan(addresses + size, size)).value();
  segment.source_port = get16(packet, *at);
  segment.destination_port = get16(packet, *at + 2);
  segment.sequence = get32(packet, *at + 4);
  segment.acknowledged = get32(packet, *at + 8);
  segment.reset = (packet[*at + 13] & kRst) != 0;
  return segment;
}

Bytes reset_in_place_of(const TcpSegment& lost) {
  Bytes tcp;
  put16(tcp, lost.source_port);
  put16(tcp, lost.destination_port);
  put32(tcp, lost.sequence);
  put32(tcp, lost.acknowledged);
  tcp.push_back(kTcpHeader / 4 << 4);
  tcp.push_back(kRst | kAck);
  put16(tcp, 0);  // window
  put16(tcp, 0);  // checksum
  put16(tcp, 0);  // urgent
  set16(tcp, 16, checksum({lost.source.raw(), lost.destination.raw(), tcp}, kTcp + kTcpHeader));

  Bytes packet;
  if (lost.source.family == IpFamily::v4) {
    put16(packet, 0x4500);
    put16(packet, kIpv4Header + kTcpHeader);
    put32(packet, 0x00004000);  // do not fragment
    packet.push_back(kHops);
    packet.push_back(kTcp);
    put16(packet, 0);
    put(packet, lost.source.raw());
    put(packet, lost.destination.raw());
    set16(packet, 10, checksum({packet}));
  } else {
    put32(packet, 0x60000000);
    put16(packet, kTcpHeader);
    packet.push_back(kTcp);
    packet.push_back(kHops);
    put(packet, lost.source.raw());
    put(packet, lost.destination.raw());
  }
  put(packet, tcp);
  return packet;
}

}  // namespace lokaal
