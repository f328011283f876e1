// Which device, in which room, a question is about.
#pragma once

#include <optional>
#include <string>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "core/policy/decide.hpp"
#include "core/policy/state.hpp"
#include "core/site/site.hpp"
#include "daemon/dns_server/snapshot.hpp"

namespace lokaal {

// Everything that a question is answered from, as it is at this moment.
struct ControlView {
  const Site& site;
  const State& state;
  const DnsSnapshot* dns = nullptr;  // null: nothing has been enforced yet
  WallTime now;
};

// `text` is a device's id, or a MAC or IP address. The room is the one that is named; else the one
// where the device belongs; else the one where it is attached at this moment. Nothing is kept of
// that, and no device is named that the question did not name (docs/decisions/0015).
Result<Endpoint> find_endpoint(const ControlView& view, const std::string& text,
                               const std::optional<RoomId>& room);

}  // namespace lokaal
