#include "daemon/controller/presence.hpp"

#include "core/wire/node_status.hpp"

namespace lokaal {

std::string status_payload(const NodeNames& names, Clock& clock, PresenceStage stage,
                           std::uint64_t session) {
  wire::NodeStatus status;
  status.site = names.site;
  status.node = names.node;
  switch (stage) {
    case PresenceStage::birth:
      status.state = wire::NodeState::ready;
      break;
    case PresenceStage::goodbye:
      status.state = wire::NodeState::disconnected;
      break;
    case PresenceStage::will:
      status.state = wire::NodeState::lost;
      break;
  }
  status.boot_id = clock.boot_id();
  status.session = session;
  status.at = clock.now();
  status.software = "lokaald " LOKAAL_VERSION;
  return wire::to_text(status);
}

}  // namespace lokaal
