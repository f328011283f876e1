// A node's answer to a command, and whether the node really gave it.
#pragma once

#include <optional>
#include <string>

#include "core/command/roster.hpp"
#include "ctl/mqtt_exchange.hpp"

namespace lokaal::ctl {

struct Answer {
  std::string jti;
  std::string room;
  std::string node;
  std::string status;
  std::string reason;
  std::string detail;
  std::string text;  // the document as it came

  bool good() const { return status == "enforced" || status == "accepted"; }
};

// A `result` document (SCHEMAS), as far as a sender needs it.
Result<Answer> read_answer(const Received& received);

// Whose signatures count: the roster, believed by the root.
Result<Roster> read_trusted_roster(const std::string& root_file, const std::string& roster_file,
                                   const std::string& root_thumbprint);

// The error says why the answer cannot be counted as the node's.
Result<void> verify_answer(const Answer& answer, const Received& received, const Roster& roster,
                           WallTime now);

}  // namespace lokaal::ctl
