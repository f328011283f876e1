// The verification of one log, from its files to a verdict. Pure: it reads through a function.
//
// What a verdict covers is said with it: a log proves what its gateway recorded, not what a gateway
// whose administrator lied while it happened should have recorded.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/evidence/entry_types.hpp"
#include "core/verification/continuity.hpp"
#include "core/verification/entry_proofs.hpp"
#include "core/verification/finding.hpp"
#include "core/verification/key_set.hpp"
#include "core/verification/log_integrity.hpp"

namespace lokaal {

enum class LogVerdict : std::uint8_t { proven, proven_with_gaps, not_proven };
std::string_view name_of(LogVerdict verdict);  // "proven with gaps"

// What this verification did not look at, or could not. Nothing of it is claimed.
enum class Unchecked : std::uint8_t {
  replay,           // whether every entry follows lawfully from those before it
  no_witness,       // the policy asks for none: rewriting by the key's owner would not show
  earlier_witness,  // cosignatures on checkpoints before the last
  own_policy,       // the policy came with the log: who forged one forged both
  own_keys,         // so did the keys
  no_keys,          // signatures of commands and reports were not checked
  log_open,         // no seal yet: entries behind the checkpoint are not covered
};
std::string_view name_of(Unchecked unchecked);

struct VerificationRequest {
  ReadLogFile read;
  TrustPolicy policy;
  bool policy_from_log = true;
  std::optional<KeySet> keys;
  bool keys_from_log = true;
  std::optional<RoomId> room;  // absent: all
  AskedTime time;
};

struct Verification {
  LogVerdict verdict = LogVerdict::not_proven;
  Findings findings;
  std::vector<Unchecked> unchecked;

  std::optional<Checkpoint> checkpoint;
  std::string signed_by;  // a vkey; empty: no signature holds
  std::vector<Cosigner> cosigners;
  std::optional<TimeSpan> time;  // of what was looked at
  std::vector<TimeSpan> exams;   // those of the time asked for
  // Of the room and time that were asked for:
  std::map<std::string, std::uint64_t> entries;  // by type
  std::uint64_t sightings = 0;
  std::optional<entry::Machines> machines;  // as last counted
  // Of the whole log:
  ProofCounts proofs;
};

// An Error: a file is there and cannot be read. That is no verdict.
Result<Verification> verify_log(const VerificationRequest& request);

}  // namespace lokaal
