// What the clock does, for the record. What ends by itself ends in decide() and the kernel without
// it; an overlay of the building begins with it. Pure.
#pragma once

#include <vector>

#include "core/base/time.hpp"
#include "core/policy/event.hpp"
#include "core/policy/state.hpp"

namespace lokaal {

// The events of all that has ended by `now`, and of overlays whose hours have begun, in order. An
// end can bring about another: an emergency that is over resumes an exam, which may itself be over
// by now.
std::vector<Event> ended_by(const State& state, WallTime now);

}  // namespace lokaal
