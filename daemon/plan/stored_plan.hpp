// The plan that a start begins with: what the configuration names, and over it what came by topic
// since.
#pragma once

#include "core/plan/trusted_plan.hpp"
#include "daemon/plan/plan_store.hpp"

namespace lokaal {

// Under which name a document is kept. Of roots every version is: each is vouched for by the one
// before it.
std::string stored_name(const PlanPart& part);

// Everything that is stored is verified again; what does not hold any more, or is older than what
// the configuration names, is left out with a word in the log.
TrustedPlan with_stored(TrustedPlan configured, const PlanStore& store);

}  // namespace lokaal
