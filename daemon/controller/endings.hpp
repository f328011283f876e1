// What ends by itself, for the record: decide() and the kernel follow the clock without it. Pure.
#pragma once

#include <vector>

#include "core/base/time.hpp"
#include "core/policy/event.hpp"
#include "core/policy/state.hpp"

namespace lokaal {

// The events of all that has ended by `now`, in order. An end can bring about another: an emergency
// that is over resumes an exam, which may itself be over by now.
std::vector<Event> ended_by(const State& state, WallTime now);

}  // namespace lokaal
