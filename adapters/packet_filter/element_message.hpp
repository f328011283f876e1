// Elements as the kernel tells them (NFT_MSG_GETSETELEM, linux/netfilter/nf_tables.h). No socket.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "adapters/packet_filter/elements.hpp"

struct nlmsghdr;

namespace lokaal::packet_filter {

struct FoundElement {
  Key key;  // empty: the element that stands for every key ("*")
  Datum datum;
  std::optional<std::chrono::milliseconds> left;  // until it ends by itself
};

// Those of one message of a dump; what is malformed is left out. A verdict that we would never
// write (anything but a jump) is told as a text that is no chain's name.
std::vector<FoundElement> decode_elements(nlmsghdr& message);

}  // namespace lokaal::packet_filter
