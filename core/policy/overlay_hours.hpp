// What an overlay of the building is, by what was commanded and by the hours of the school's
// protocol (docs/decisions/0021).
#pragma once

#include <optional>
#include <vector>

#include "core/base/time.hpp"
#include "core/policy/event.hpp"
#include "core/policy/state.hpp"

namespace lokaal {

// The span that is on at `now`, or null. Valid as long as the list.
const OverlaySpan* span_at(const std::vector<OverlaySpan>& hours, WallTime now);

// What the overlays are at `now`: none that is over, and each in its hours until they end at least,
// unless it was switched off against them. `room` and `by` of the event are left empty.
OverlaysSet overlays_at(const State& state, WallTime now);

// Carries out a set-overlay on what overlays_at() said: `event` names the overlay's own members.
// On: until the later of what was asked and what it had. Off: until what was asked, or else until
// its hours end; a school without hours has nothing to switch it on again.
struct OverlayMembers {
  std::optional<BuildingOverlay>& overlay;
  std::optional<WallTime>& lifted;
  const std::vector<OverlaySpan>& hours;
};
void switch_on(OverlayMembers members, std::optional<WallTime> asked, WallTime now);
void switch_off(OverlayMembers members, std::optional<WallTime> asked, WallTime now);

}  // namespace lokaal
