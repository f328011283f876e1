// Bits of the packet mark (skb mark, `meta mark`) that lokaal owns.
#pragma once

#include <cstdint>

namespace lokaal {

// Set by our prerouting chain on every interface, and demanded by the routing guard: a packet from
// or to a room without it is not forwarded, so that a room is closed while our table is missing.
inline constexpr std::uint32_t kGuardMark = 0x02000000;

}  // namespace lokaal
