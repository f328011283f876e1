// The `command` entry of the log, with what concerns persons replaced by commitments.
#pragma once

#include <optional>
#include <string>

#include "core/command/command_gate.hpp"
#include "core/evidence/event_entry.hpp"

namespace lokaal {

struct CommandOutcome {
  bool accepted = false;
  std::optional<Reason> reason;
  std::optional<RuleId> rule;
  Role role = Role::supervisor;  // in which the signer acted, or tried to
  SignedBy signed_by = SignedBy::person;
};

// `compact` is the JWS as it came; it is committed to, and kept beside the leaf.
EventEntry command_entry(const SignedCommand& message, std::string_view compact,
                         const CommandOutcome& outcome, const SaltSource& salt);

}  // namespace lokaal
