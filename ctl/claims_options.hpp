// Who signs what for whom: the claims around a command, and the key.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "core/command/envelope.hpp"
#include "ctl/command_options.hpp"

namespace lokaal::ctl {

struct ClaimsOptions {
  std::string key;  // a file
  std::string sub;
  std::string aud;
  std::optional<std::string> act;
  std::optional<std::string> jti;
  std::string alg = "EdDSA";
  std::int64_t lifetime = 60;  // seconds

  // Key, sub and aud are not `required()` here: they are wanted only where something is signed.
  void add_to(CLI::App& app);
};

// A command in compact serialisation, of the form that a gateway reads.
Result<std::string> sign_command(const ClaimsOptions& options, const CommandOptions& command,
                                 WallTime now);

}  // namespace lokaal::ctl
