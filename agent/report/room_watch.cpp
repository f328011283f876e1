#include "agent/report/room_watch.hpp"

#include <algorithm>
#include <utility>

namespace lokaal {
namespace {

bool contradicts(const wire::ProbeResult& result) {
  if (result.got == wire::ProbeOutcome::error) return false;
  const bool reachable = result.got == wire::ProbeOutcome::reachable;
  return reachable != (result.expect == wire::Expectation::reachable);
}

bool any_contradicts(const std::vector<wire::ProbeResult>& results) {
  return std::any_of(results.begin(), results.end(), contradicts);
}

}  // namespace

bool RoomWatch::kernel_says(const std::optional<wire::KernelReading>& kernel) {
  if (kernel == kernel_) return false;
  kernel_ = kernel;
  ++changes_;
  results_.clear();
  doubted_ = false;
  return true;
}

RoomWatch::Round RoomWatch::next_round() const {
  Round round{changes_, {}};
  if (!kernel_ || !kernel_->mode) return round;
  for (const ProbeConfiguration& probe : room_.probes)
    if (probe.expect.count(*kernel_->mode) > 0) round.probes.push_back(&probe);
  return round;
}

RoomWatch::Outcome RoomWatch::finished(const Round& round,
                                       const std::vector<wire::ProbeOutcome>& outcomes,
                                       WallTime at) {
  if (round.number != changes_) return Outcome::outdated;
  std::vector<wire::ProbeResult> results;
  for (std::size_t i = 0; i < round.probes.size(); ++i) {
    const ProbeConfiguration& probe = *round.probes[i];
    results.push_back({probe.id, probe.expect.at(*kernel_->mode), outcomes[i], probe.via, at});
  }
  const bool drifts = any_contradicts(results);
  if (drifts && !any_contradicts(results_) && !std::exchange(doubted_, true))
    return Outcome::doubtful;
  doubted_ = false;
  results_ = std::move(results);
  return Outcome::settled;
}

bool RoomWatch::kernel_is_wrong() const {
  return kernel_ && (!kernel_->present || kernel_->foreign_change || !kernel_->mode);
}

wire::Verdict RoomWatch::verdict() const {
  if (kernel_is_wrong() || any_contradicts(results_)) return wire::Verdict::drift;
  if (!kernel_) return wire::Verdict::unknown;
  const bool tried = std::any_of(results_.begin(), results_.end(), [](const auto& result) {
    return result.got != wire::ProbeOutcome::error;
  });
  return tried || next_round().probes.empty() ? wire::Verdict::agrees : wire::Verdict::unknown;
}

}  // namespace lokaal
