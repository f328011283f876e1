// What single entries claim to stand for: private values that were committed to, and the signed
// commands and reports of others.
#pragma once

#include <cstdint>

#include "core/verification/finding.hpp"
#include "core/verification/key_set.hpp"
#include "core/verification/log_integrity.hpp"
#include "core/verification/read_entry.hpp"

namespace lokaal {

struct ProofCounts {
  std::uint64_t opened = 0;           // committed values that are here and match
  std::uint64_t erased = 0;           // committed values that are not here
  std::uint64_t erased_recorded = 0;  // of those, what an erasure entry accounts for
  std::uint64_t commands_signed = 0;  // the command as signed is here, and says what the entry says
  std::uint64_t commands_unread = 0;  // erased, or by a key that is not in the set
  std::uint64_t commands_unsigned = 0;  // a physical button
  std::uint64_t observations_signed = 0;
  std::uint64_t observations_unread = 0;

  bool operator==(const ProofCounts&) const = default;
};

// `keys` may be null: then signatures of commands and observations are not checked, only counted.
Result<ProofCounts> check_proofs(const ReadEntries& entries, const LogContent& content,
                                 const ReadLogFile& read, const KeySet* keys, Findings& findings);

}  // namespace lokaal
