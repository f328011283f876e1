#include "core/policy/overlay_hours.hpp"

#include <algorithm>

namespace lokaal {
namespace {

bool ends_before(const BuildingOverlay& overlay, WallTime moment) {
  return overlay.until && *overlay.until < moment;
}

// Drops what is over, and lets the hours say what they have to say.
void settle(OverlayMembers members, WallTime now) {
  auto& [overlay, lifted, hours] = members;
  if (overlay && !holds(overlay->until, now)) overlay.reset();
  if (lifted && !holds(*lifted, now)) lifted.reset();
  const OverlaySpan* span = span_at(hours, now);
  if (span == nullptr || lifted) return;
  if (!overlay || ends_before(*overlay, span->to)) overlay = BuildingOverlay{span->to};
}

}  // namespace

const OverlaySpan* span_at(const std::vector<OverlaySpan>& hours, WallTime now) {
  const auto found = std::find_if(hours.begin(), hours.end(), [now](const OverlaySpan& span) {
    return span.from <= now && now < span.to;
  });
  return found == hours.end() ? nullptr : &*found;
}

OverlaysSet overlays_at(const State& state, WallTime now) {
  OverlaysSet event{{}, state.phone_free, state.social_free, {}};
  event.phone_free_lifted = state.phone_free_lifted;
  event.social_free_lifted = state.social_free_lifted;
  settle({event.phone_free, event.phone_free_lifted, state.hours.phone_free}, now);
  settle({event.social_free, event.social_free_lifted, state.hours.social_free}, now);
  return event;
}

void switch_on(OverlayMembers members, std::optional<WallTime> asked, WallTime now) {
  auto& [overlay, lifted, hours] = members;
  const bool lasts = overlay && (!asked || !ends_before(*overlay, *asked));
  if (!lasts) overlay = BuildingOverlay{asked};
  lifted.reset();
  settle(members, now);
}

void switch_off(OverlayMembers members, std::optional<WallTime> asked, WallTime now) {
  auto& [overlay, lifted, hours] = members;
  overlay.reset();
  lifted.reset();
  if (hours.empty()) return;
  const OverlaySpan* span = span_at(hours, now);
  if (asked || span != nullptr) lifted = asked ? *asked : span->to;
}

}  // namespace lokaal
