// Ethernet frames with one IPv4 or IPv6 packet in them, as bytes.
#pragma once

#include <cstdint>
#include <optional>

#include "core/base/bytes.hpp"
#include "core/base/ip.hpp"
#include "core/devices/device.hpp"

namespace lokaal::test {

struct Hop {
  Mac from;
  Mac to;
};

struct Tuple {
  IpAddress source;
  IpAddress destination;
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;

  Tuple reversed() const { return {destination, source, destination_port, source_port}; }
};

// A UDP datagram (RFC 768) that carries `id`.
Bytes udp_frame(const Hop& hop, const Tuple& tuple, std::uint32_t id);
// A TCP segment (RFC 9293) without data; `flags` as in its header.
inline constexpr std::uint8_t kSyn = 0x02;
inline constexpr std::uint8_t kRst = 0x04;
inline constexpr std::uint8_t kAck = 0x10;
Bytes tcp_frame(const Hop& hop, const Tuple& tuple, std::uint8_t flags, std::uint32_t sequence,
                std::uint32_t acknowledged);

struct Seen {
  Tuple tuple;
  std::uint8_t protocol = 0;
  std::uint8_t tcp_flags = 0;
  std::uint32_t id = 0;  // of a probe
};
std::optional<Seen> parse_frame(ByteView frame);

}  // namespace lokaal::test
