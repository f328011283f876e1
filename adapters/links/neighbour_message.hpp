// What the kernel says of one neighbour. For this folder only.
#pragma once

#include <netlink/msg.h>

#include <cstdint>
#include <optional>
#include <utility>

#include "adapters/links/neighbour_watch.hpp"
#include "core/base/ip.hpp"

namespace lokaal::links {

using NeighbourKey = std::pair<std::uint32_t, IpAddress>;  // interface index, address

struct NeighbourNotice {
  NeighbourKey key;
  std::optional<Neighbour> neighbour;  // none: gone
};

// Of RTM_NEWNEIGH and RTM_DELNEIGH; nothing for others, and for what is no IP neighbour.
std::optional<NeighbourNotice> decode_neighbour(const nlmsghdr& message);

}  // namespace lokaal::links
