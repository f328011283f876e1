// One question to lokaald on this machine.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "core/base/result.hpp"
#include "core/wire/control_question.hpp"

namespace lokaal::ctl {

struct AskOptions {
  std::string socket = "/run/lokaald/control.sock";

  // `app`: a subcommand of lokaalctl, whose --config says the socket where --socket does not.
  void add_to(CLI::App& app);
  Result<std::string> socket_to_ask() const;

 private:
  const CLI::Option* socket_given_ = nullptr;
  const CLI::Option* configuration_ = nullptr;
};

// The answer's document. What lokaald says is wrong with the question is an error, too. Blocking.
Result<std::string> ask(const AskOptions& options, const wire::ControlQuestion& question);

}  // namespace lokaal::ctl
