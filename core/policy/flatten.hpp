// From the state of a site to what a packet can be judged by.
#pragma once

#include <map>
#include <set>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/policy/desired_state.hpp"
#include "core/policy/rulebook.hpp"
#include "core/policy/state.hpp"
#include "core/traffic/service.hpp"

namespace lokaal {

// What the policy needs of the catalogue.
struct ServiceTable {
  std::map<ServiceId, ServiceNumber> numbers;
  std::set<ServiceNumber> exam_infrastructure;  // open in every exam
  std::set<ServiceNumber> life_safety;          // open always
};

// What enforcement shall hold at `now`. decide() says the same of every flow.
DesiredState desired_state(const State& state, const Rulebook& rules, const ServiceTable& services,
                           WallTime now);

}  // namespace lokaal
