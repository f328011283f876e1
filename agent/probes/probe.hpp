// What a probe tries.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/ip.hpp"

namespace lokaal {

// A name is asked of the name server; an address (given, or the first that the name server said) is
// connected to by TCP, where there is a port.
struct ProbeTarget {
  std::string name;                  // empty: the address is given
  std::optional<IpAddress> address;  // of a target without a name
  std::optional<std::uint16_t> port;
  IpFamily family = IpFamily::v4;  // of a target with a name

  bool operator==(const ProbeTarget&) const = default;
};

}  // namespace lokaal
