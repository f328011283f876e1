// Changes of elements as one nfnetlink batch (linux/netfilter/nf_tables.h, nfnetlink.h). No socket.
#pragma once

#include <cstdint>
#include <optional>

#include "adapters/packet_filter/elements.hpp"

namespace lokaal::packet_filter {

struct Batch {
  Bytes bytes;
  std::uint32_t first = 0;  // sequence number of the batch's begin
  std::uint32_t last = 0;   // of the message whose acknowledgement says that all is done
};

// `sequence` is the first number to use. With `ruleset`, the kernel refuses the batch (ERESTART) if
// its rule set is no longer of that generation. Deadlines are counted from `now`.
Batch encode_batch(const Changes& changes, std::uint32_t sequence,
                   std::optional<std::uint32_t> ruleset, WallTime now);

}  // namespace lokaal::packet_filter
