// What a verification found: named by its kind, the file and the entry, for programs and people.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.hpp"

namespace lokaal {

enum class FindingKind : std::uint8_t {
  // --- faults: the files are not what the log's owner signed, or say what cannot be ---
  checkpoint_missing,
  checkpoint_malformed,
  log_unknown,        // the policy does not know the checkpoint's log
  signature_wrong,    // of the checkpoint
  quorum_missing,     // the policy wants cosignatures that are not there
  cosignature_wrong,  // by a witness of the policy
  checkpoint_behind,  // the files go further than it does
  bundle_missing,
  bundle_malformed,
  tile_missing,
  tile_malformed,
  entry_altered,  // it is not what was signed; the tiles are
  tile_altered,   // it is not what was signed; the entries are
  root_mismatch,  // neither gives the signed root
  entry_malformed,
  genesis_wrong,
  order_wrong,
  entry_after_seal,
  private_malformed,
  private_altered,  // not what the leaf committed to
  command_wrong,    // the signed command says something else, or is not signed by that key
  observation_wrong,
  // --- gaps: what was signed is whole, and says that something was not watched ---
  gap_recorded,
  boot_unexplained,  // another boot without a gap entry
  heartbeat_late,
  heartbeat_lost,   // a number is missing
  observer_absent,  // nobody but the gateway itself watched an exam
  not_covered,      // the time asked for lies outside the log
};

std::string_view name_of(FindingKind kind);  // "entry-altered"
bool is_gap(FindingKind kind);

struct Finding {
  FindingKind kind = FindingKind::checkpoint_missing;
  std::string file;                    // within the log directory; empty: none in particular
  std::optional<std::uint64_t> index;  // of the entry
  std::optional<WallTime> from, to;    // of a gap
  std::string detail;

  bool operator==(const Finding&) const = default;
};

// At most so many of one kind are told apart; the rest are counted.
inline constexpr std::size_t kMaxOfAKind = 20;

class Findings {
 public:
  void add(Finding finding);
  const std::vector<Finding>& all() const { return all_; }
  // How many more there were than all() holds.
  std::uint64_t untold() const { return untold_; }
  bool any_fault() const { return faults_ > 0; }
  std::uint64_t gaps() const { return gaps_; }

 private:
  std::vector<Finding> all_;
  std::uint64_t untold_ = 0;
  std::uint64_t faults_ = 0;
  std::uint64_t gaps_ = 0;
};

}  // namespace lokaal
