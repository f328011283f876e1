// The one place that says what may pass, and why.
#pragma once

#include <optional>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/devices/device.hpp"
#include "core/policy/mode.hpp"
#include "core/policy/rulebook.hpp"
#include "core/policy/state.hpp"
#include "core/traffic/service.hpp"

namespace lokaal {

// A device where it is attached. `device` null: one that the inventory does not know (kind other).
struct Endpoint {
  const Device* device = nullptr;
  RoomId room;

  Cohort cohort() const { return device ? device->cohort() : Cohort{}; }
};

// A flow as policy sees it. An end that is not attached to a governed room is absent.
struct Flow {
  std::optional<Endpoint> originator;
  const Service* service = nullptr;  // null: not classified
  std::optional<Endpoint> responder;
  // The host name that it is for, where a running exam lists that name by itself. `service` is then
  // the service of the catalogue that the name is part of, or null.
  std::optional<ServiceId> host = std::nullopt;
};

struct Decision {
  bool allowed = true;
  Layer layer = Layer::none;      // the strictest that refused
  RuleId rule;                    // the rule that is cited
  std::optional<WallTime> until;  // when that ends, as far as it is known

  bool operator==(const Decision&) const = default;
};

// The verdict is the intersection over both ends and all layers: what any layer refuses is refused,
// and the strictest refusal is cited. Only grants, exemptions and an exam's allow-list loosen.
Decision decide(const State& state, const Rulebook& rules, const Flow& flow, WallTime now);

}  // namespace lokaal
