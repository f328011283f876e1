// A TCP segment that never reached its receiver, and the reset that tells the receiver so.
#pragma once

#include <cstdint>
#include <optional>

#include "core/base/bytes.hpp"
#include "core/base/ip.hpp"

namespace lokaal {

// What a reset needs to know of a segment (RFC 9293 section 3.1).
struct TcpSegment {
  IpAddress source;
  IpAddress destination;
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  std::uint32_t sequence = 0;
  std::uint32_t acknowledged = 0;
  bool reset = false;

  bool operator==(const TcpSegment&) const = default;
};

// From an IP packet's first bytes: its headers are enough. Nothing: not TCP, a later fragment, cut
// too short, or malformed.
std::optional<TcpSegment> parse_tcp_segment(ByteView packet);

// The IP packet that resets the receiver of `lost` in its sender's name. It has the sequence number
// of the segment in whose place it comes: the receiver expects just that (RFC 5961 section 3.2), or
// answers with a challenge, which is cut and answered as anything it sends. It acknowledges what
// the segment did, for a receiver that is still waiting for its connection to open.
Bytes reset_in_place_of(const TcpSegment& lost);

}  // namespace lokaal
