// What a node says of itself when it comes, goes, or dies.
#pragma once

#include <string>

#include "adapters/bus/message_bus.hpp"
#include "adapters/clock/clock.hpp"
#include "core/base/ids.hpp"

namespace lokaal {

struct NodeNames {
  SiteId site;
  NodeId node;
};

// The payload of nodes/<node>/status for a stage of a connection.
std::string status_payload(const NodeNames& names, Clock& clock, PresenceStage stage,
                           std::uint64_t session);

}  // namespace lokaal
