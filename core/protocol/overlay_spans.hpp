// The hours of a protocol's overlays in absolute time.
#pragma once

#include <chrono>
#include <functional>

#include "core/base/time.hpp"
#include "core/policy/state.hpp"
#include "core/protocol/protocol.hpp"

namespace lokaal {

// What is on at `now` or begins within the nine days after it: whatever the weekday, that is a week
// and more. `to_moment` says which moment a clock on the wall of the protocol's zone shows
// (adapters/clock/civil_time.hpp), and never gives an earlier moment for a later civil time. Hours
// that touch or overlap are one span; hours that lie wholly where clocks leap are none.
OverlayHours coming_hours(const Overlays& overlays, WallTime now,
                          const std::function<WallTime(std::chrono::local_seconds)>& to_moment);

}  // namespace lokaal
