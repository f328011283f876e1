#include "core/protocol/overlay_spans.hpp"

#include <algorithm>

namespace lokaal {
namespace {

using ToMoment = std::function<WallTime(std::chrono::local_seconds)>;

constexpr std::chrono::days kBehind{1};  // the local date may be another than that of UTC
constexpr std::chrono::days kAhead{9};

void add(std::vector<OverlaySpan>& spans, const OverlaySpan& span) {
  if (!spans.empty() && span.from <= spans.back().to) {
    spans.back().to = std::max(spans.back().to, span.to);
  } else {
    spans.push_back(span);
  }
}

std::vector<OverlaySpan> spans_of(const std::vector<Hours>& hours, WallTime now,
                                  const ToMoment& to_moment) {
  const auto date = std::chrono::floor<std::chrono::days>(now).time_since_epoch();
  std::vector<OverlaySpan> found;
  for (auto day = date - kBehind; day <= date + kAhead; day += std::chrono::days(1)) {
    const std::chrono::local_days midnight(day);
    const unsigned weekday = std::chrono::weekday(midnight).iso_encoding();
    for (const Hours& each : hours) {
      if (each.days.count(weekday) == 0) continue;
      const OverlaySpan span{to_moment(midnight + each.from), to_moment(midnight + each.to)};
      if (span.from < span.to && span.to > now) found.push_back(span);
    }
  }
  std::sort(found.begin(), found.end(),
            [](const OverlaySpan& a, const OverlaySpan& b) { return a.from < b.from; });
  std::vector<OverlaySpan> merged;
  for (const OverlaySpan& span : found) add(merged, span);
  return merged;
}

}  // namespace

OverlayHours coming_hours(const Overlays& overlays, WallTime now, const ToMoment& to_moment) {
  return {spans_of(overlays.phone_free_hours, now, to_moment),
          spans_of(overlays.social_free_hours, now, to_moment)};
}

}  // namespace lokaal
