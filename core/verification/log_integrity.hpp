// Whether a log's files are what its owner signed: checkpoint, bundles and tiles against each
// other.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/evidence/checkpoint.hpp"
#include "core/evidence/trust_policy.hpp"
#include "core/verification/finding.hpp"

namespace lokaal {

// A file of a log directory by its path within; nullopt: there is none. An Error: it is there and
// cannot be read, which ends the verification.
using ReadLogFile = std::function<Result<std::optional<std::string>>(const std::string& path)>;

struct Cosigner {
  std::string witness;  // its name in the policy
  WallTime at{};

  bool operator==(const Cosigner&) const = default;
};

// What could be read.
struct LogContent {
  std::optional<Checkpoint> checkpoint;
  std::string signed_by;  // the vkey that the checkpoint's signature holds under; empty: none
  std::vector<Cosigner> cosigners;
  std::vector<std::string> entries;  // in the order of their indices
  bool whole = false;                // they give exactly the root that was signed
  // Entries that are not what was signed: nothing more is read out of them.
  std::set<std::uint64_t> altered;

  std::string file_of(std::uint64_t index) const;  // the bundle that holds an entry
};

// Recomputes every hash from the entries. Faults go to `findings`.
Result<LogContent> read_log(const ReadLogFile& read, const TrustPolicy& policy, Findings& findings);

}  // namespace lokaal
