// Whose signatures make a checkpoint valid: trust.policy (C2SP tlog-policy).
//
//   log <vkey> [<url>]                     a log that is accepted
//   witness <name> <vkey> [<url>]          who may cosign it
//   group <name> <k|any|all> <member>...   k of these, witnesses or groups named above
//   quorum <name>|none                     what must have cosigned; exactly one such line
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/evidence/signed_note.hpp"

namespace lokaal {

inline constexpr std::string_view kNoQuorum = "none";

struct TrustPolicy {
  struct Witness {
    std::string name;  // within the policy
    NoteVerifier key;  // of type 0x04
    bool operator==(const Witness&) const = default;
  };
  struct Group {
    std::string name;
    std::size_t threshold = 1;
    std::vector<std::string> members;
    bool operator==(const Group&) const = default;
  };

  std::vector<NoteVerifier> logs;
  std::vector<Witness> witnesses;
  std::vector<Group> groups;
  std::string quorum{kNoQuorum};

  // Strict, and bounded to 256 lines. An error has the line as its place, in a file called `file`.
  static Result<TrustPolicy> parse(std::string_view text, const std::string& file);
  std::string to_text() const;  // without comments and URLs

  bool needs_witnesses() const { return quorum != kNoQuorum; }
  // Whether these witnesses, by their names in the policy, make the quorum.
  bool met_by(const std::set<std::string>& cosigned) const;

  bool operator==(const TrustPolicy&) const = default;
};

}  // namespace lokaal
