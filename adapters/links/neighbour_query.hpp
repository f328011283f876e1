// Who has an address right now, asked of the kernel at this moment.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "core/base/ip.hpp"
#include "core/base/result.hpp"
#include "core/devices/device.hpp"

namespace lokaal {

// For a device that was seen a moment ago, before a NeighbourWatch has been told. One netlink
// request and its answer, some 10 us. One thread at a time; the namespace of the thread that opened
// it.
class NeighbourQuery {
 public:
  virtual ~NeighbourQuery() = default;

  // Nothing: the kernel knows nobody there.
  virtual std::optional<Mac> find(std::uint32_t link, const IpAddress& address) = 0;
};

Result<std::unique_ptr<NeighbourQuery>> open_neighbour_query();

}  // namespace lokaal
