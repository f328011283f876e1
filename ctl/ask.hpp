// One question to lokaald on this machine.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "core/base/result.hpp"
#include "core/wire/control_question.hpp"

namespace lokaal::ctl {

struct AskOptions {
  std::string socket = "/run/lokaald/control.sock";

  void add_to(CLI::App& app);
};

// The answer's document. What lokaald says is wrong with the question is an error, too. Blocking.
Result<std::string> ask(const AskOptions& options, const wire::ControlQuestion& question);

}  // namespace lokaal::ctl
