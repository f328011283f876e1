// What a DesiredState means, said as plainly as can be: the kernel's verdicts are held against it.
#pragma once

#include <optional>

#include "adapters/packet_filter/packet_filter.hpp"
#include "core/policy/desired_state.hpp"

namespace lokaal::test {

// An end of a flow that is in a governed room.
struct End {
  RoomId room;
  DeviceNumber device = 0;  // 0: not known
};

struct Packet {
  std::optional<End> originator;
  std::optional<End> responder;
  ServiceNumber service = kUnclassified;
};

// Whether a packet of such a flow passes, in either direction.
bool judge(const DesiredState& desired, const FilterLayout& layout, const Packet& packet,
           WallTime now);

}  // namespace lokaal::test
