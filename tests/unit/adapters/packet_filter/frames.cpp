#include "tests/unit/adapters/packet_filter/frames.hpp"

#include <algorithm>

namespace lokaal::test {
namespace {

constexpr std::uint8_t kTcp = 6;
constexpr std::uint8_t kUdp = 17;

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

std::uint16_t get16(ByteView in, std::size_t at) {
  return static_cast<std::uint16_t>(in[at] << 8 | in[at + 1]);
}
std::uint32_t get32(ByteView in, std::size_t at) {
  return static_cast<std::uint32_t>(get16(in, at)) << 16 | get16(in, at + 2);
}

// RFC 1071.
std::uint32_t sum(ByteView bytes) {
  std::uint32_t total = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    total += static_cast<std::uint32_t>(bytes[i]) << (i % 2 == 0 ? 8 : 0);
  return total;
}
std::uint16_t fold(std::uint32_t total) {
  while (total >> 16 != 0) total = (total & 0xffff) + (total >> 16);
  return static_cast<std::uint16_t>(~total);
}

Bytes frame(const Hop& hop, const Tuple& tuple, std::uint8_t protocol, Bytes segment,
            std::size_t checksum_at) {
  const std::uint16_t checksum =
      fold(sum(tuple.source.raw()) + sum(tuple.destination.raw()) + protocol +
           static_cast<std::uint32_t>(segment.size()) + sum(segment));
  segment[checksum_at] = static_cast<std::uint8_t>(checksum >> 8);
  segment[checksum_at + 1] = static_cast<std::uint8_t>(checksum);

  Bytes out;
  put(out, hop.to.bytes);
  put(out, hop.from.bytes);
  if (tuple.source.family == IpFamily::v4) {
    put16(out, 0x0800);
    Bytes header{0x45, 0};
    put16(header, 20 + segment.size());
    put32(header, 0);
    header.push_back(64);
    header.push_back(protocol);
    put16(header, 0);
    put(header, tuple.source.raw());
    put(header, tuple.destination.raw());
    const std::uint16_t own = fold(sum(header));
    header[10] = static_cast<std::uint8_t>(own >> 8);
    header[11] = static_cast<std::uint8_t>(own);
    put(out, header);
  } else {
    put16(out, 0x86dd);
    put32(out, 0x60000000);
    put16(out, segment.size());
    out.push_back(protocol);
    out.push_back(64);
    put(out, tuple.source.raw());
    put(out, tuple.destination.raw());
  }
  put(out, segment);
  return out;
}

}  // namespace

Bytes udp_frame(const Hop& hop, const Tuple& tuple, std::uint32_t id) {
  Bytes datagram;
  put16(datagram, tuple.source_port);
  put16(datagram, tuple.destination_port);
  put16(datagram, 12);
  put16(datagram, 0);
  put32(datagram, id);
  return frame(hop, tuple, kUdp, std::move(datagram), 6);
}

Bytes tcp_frame(const Hop& hop, const Tuple& tuple, std::uint8_t flags, std::uint32_t sequence,
                std::uint32_t acknowledged) {
  Bytes segment;
  put16(segment, tuple.source_port);
  put16(segment, tuple.destination_port);
  put32(segment, sequence);
  put32(segment, acknowledged);
  segment.push_back(5 << 4);
  segment.push_back(flags);
  put16(segment, 64000);
  put32(segment, 0);
  return frame(hop, tuple, kTcp, std::move(segment), 16);
}

std::optional<Seen> parse_frame(ByteView frame) {
  if (frame.size() < 14) return std::nullopt;
  Seen seen;
  std::size_t at = 0;
  if (get16(frame, 12) == 0x0800 && frame.size() >= 34) {
    seen.protocol = frame[23];
    seen.tuple.source = IpAddress::from(frame.subspan(26, 4)).value();
    seen.tuple.destination = IpAddress::from(frame.subspan(30, 4)).value();
    at = 14 + static_cast<std::size_t>(frame[14] & 0x0f) * 4;
  } else if (get16(frame, 12) == 0x86dd && frame.size() >= 54) {
    seen.protocol = frame[20];
    seen.tuple.source = IpAddress::from(frame.subspan(22, 16)).value();
    seen.tuple.destination = IpAddress::from(frame.subspan(38, 16)).value();
    at = 54;
  } else {
    return std::nullopt;
  }
  if ((seen.protocol != kUdp && seen.protocol != kTcp) || frame.size() < at + 12) return seen;
  seen.tuple.source_port = get16(frame, at);
  seen.tuple.destination_port = get16(frame, at + 2);
  if (seen.protocol == kUdp) seen.id = get32(frame, at + 8);
  if (seen.protocol == kTcp && frame.size() >= at + 14) seen.tcp_flags = frame[at + 13];
  return seen;
}

}  // namespace lokaal::test
