// `lokaald --guard`: the routing guard, from the configuration alone.
#pragma once

#include <string>

#include "adapters/links/routing_guard.hpp"
#include "core/configuration/configuration.hpp"
#include "daemon/lokaald/options.hpp"

namespace lokaal {

// What shall stand for the rooms of a configuration.
GuardPlan guard_plan(const Configuration& configuration);

// The exit code: 0 done or intact, 1 not intact, 2 it could not be done.
int run_guard(Task task, const std::string& configuration_file);

}  // namespace lokaal
