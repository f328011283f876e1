// What every subcommand is: it adds itself to the command line, and returns what it will do.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "ctl/output.hpp"

namespace lokaal::ctl {

// Runs the subcommand that was asked for; gives an exit code.
using Action = std::function<int(Output&)>;

struct Subcommand {
  CLI::App* app = nullptr;
  Action action;
};

Subcommand add_status(CLI::App& app);
Subcommand add_why(CLI::App& app);
Subcommand add_config(CLI::App& app);
// What --check-config does: as `config check` of that file.
int check_configuration(const std::string& file, Output& output);
Subcommand add_keygen(CLI::App& app);
Subcommand add_thumbprint(CLI::App& app);
Subcommand add_sign(CLI::App& app);
Subcommand add_send(CLI::App& app);
Subcommand add_encrypt_inventory(CLI::App& app);
Subcommand add_verify(CLI::App& app);
Subcommand add_completion(CLI::App& app);

}  // namespace lokaal::ctl
