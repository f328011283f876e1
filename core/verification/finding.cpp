#include "core/verification/finding.hpp"

#include <algorithm>
#include <utility>

namespace lokaal {

std::string_view name_of(FindingKind kind) {
  switch (kind) {
    case FindingKind::checkpoint_missing:
      return "checkpoint-missing";
    case FindingKind::checkpoint_malformed:
      return "checkpoint-malformed";
    case FindingKind::log_unknown:
      return "log-unknown";
    case FindingKind::signature_wrong:
      return "signature-wrong";
    case FindingKind::quorum_missing:
      return "quorum-missing";
    case FindingKind::cosignature_wrong:
      return "cosignature-wrong";
    case FindingKind::checkpoint_behind:
      return "checkpoint-behind";
    case FindingKind::bundle_missing:
      return "bundle-missing";
    case FindingKind::bundle_malformed:
      return "bundle-malformed";
    case FindingKind::tile_missing:
      return "tile-missing";
    case FindingKind::tile_malformed:
      return "tile-malformed";
    case FindingKind::entry_altered:
      return "entry-altered";
    case FindingKind::tile_altered:
      return "tile-altered";
    case FindingKind::root_mismatch:
      return "root-mismatch";
    case FindingKind::entry_malformed:
      return "entry-malformed";
    case FindingKind::genesis_wrong:
      return "genesis-wrong";
    case FindingKind::order_wrong:
      return "order-wrong";
    case FindingKind::entry_after_seal:
      return "entry-after-seal";
    case FindingKind::private_malformed:
      return "private-malformed";
    case FindingKind::private_altered:
      return "private-altered";
    case FindingKind::command_wrong:
      return "command-wrong";
    case FindingKind::observation_wrong:
      return "observation-wrong";
    case FindingKind::gap_recorded:
      return "gap-recorded";
    case FindingKind::boot_unexplained:
      return "boot-unexplained";
    case FindingKind::heartbeat_late:
      return "heartbeat-late";
    case FindingKind::heartbeat_lost:
      return "heartbeat-lost";
    case FindingKind::observer_absent:
      return "observer-absent";
    case FindingKind::not_covered:
      return "not-covered";
  }
  return "?";
}

bool is_gap(FindingKind kind) {
  return kind >= FindingKind::gap_recorded;
}

void Findings::add(Finding finding) {
  ++(is_gap(finding.kind) ? gaps_ : faults_);
  const auto same = std::count_if(all_.begin(), all_.end(),
                                  [&](const Finding& other) { return other.kind == finding.kind; });
  if (static_cast<std::size_t>(same) < kMaxOfAKind) {
    all_.push_back(std::move(finding));
  } else {
    ++untold_;
  }
}

}  // namespace lokaal
