// Whether a name is answered: what decide() and the packet filter say, asked of a snapshot.
#pragma once

#include <optional>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/policy/mode.hpp"
#include "daemon/dns_server/snapshot.hpp"

namespace lokaal {

struct DnsDecision {
  bool allowed = true;
  Layer layer = Layer::none;  // the strictest that refused
  Citation citation;          // of that layer

  bool operator==(const DnsDecision&) const = default;
};

// Judges one device, in one room, asking for one name. A device that is not known is
// KnownDevice{}; a name that is not in the catalogue has no class. A room that the snapshot does
// not have is refused whole (fail closed). Pure.
DnsDecision dns_decision(const DnsSnapshot& snapshot, const RoomId& room, KnownDevice device,
                         std::optional<NameClass> name, WallTime now);

}  // namespace lokaal
