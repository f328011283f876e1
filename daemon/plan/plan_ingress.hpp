// Takes in the plan documents that come by topic: verified, stored, handed on.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>

#include "adapters/bus/message_bus.hpp"
#include "core/command/rate_limit.hpp"
#include "core/plan/jwe.hpp"
#include "core/plan/lessons.hpp"
#include "core/plan/trusted_plan.hpp"
#include "core/wire/topics.hpp"
#include "daemon/controller/plan_update.hpp"
#include "daemon/plan/plan_store.hpp"

namespace lokaal {

// The reactor's thread. A document that is new costs it two syncs; one that is kept already, or
// that nobody of the roster signed, none.
class PlanIngress {
 public:
  struct Parts {
    const Topics& topics;  // outlives it
    std::set<RoomId> rooms;
    PlanStore store;
    std::function<WallTime()> now;
    // Of the node's inventory; without it an inventory is refused.
    std::optional<DecryptionJwk> key{};
    bool timestamp_required = false;
  };

  PlanIngress(Parts parts, TrustedPlan plan);

  const TrustedPlan& plan() const { return plan_; }
  // What of it concerns this node's state.
  Result<PlanInForce> in_force() const;

  // Whether that topic is one of a plan document, or of this node's inventory.
  bool concerns(std::string_view topic) const;
  // What the controller has to know of the message. Nothing where it is empty, or is what is kept.
  std::optional<PlanUpdate> on_message(const IncomingMessage& message);

 private:
  Result<void> take_in(std::string_view name, const std::string& text, PlanUpdate& update);
  Result<void> take_in_inventory(const std::string& encrypted, PlanUpdate& update);
  Result<PlanInForce> in_force_of(const TrustedPlan& plan) const;
  void refuse(std::string_view name, const std::string& text, const Error& why, PlanUpdate& update);

  Parts parts_;
  TrustedPlan plan_;
  // Refusals that become entries: a broker that repeats rubbish cannot fill the log.
  RateLimit refusals_{RateLimit::Limits{1, 10}};
};

}  // namespace lokaal
