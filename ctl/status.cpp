#include <memory>

#include "core/wire/control_status.hpp"
#include "ctl/ask.hpp"
#include "ctl/ctl.hpp"
#include "ctl/status_text.hpp"
#include "ctl/subcommand.hpp"

namespace lokaal::ctl {
namespace {

int status(const AskOptions& options, Output& output) {
  const auto document = ask(options, wire::StatusQuestion{});
  if (!document) return output.unusable(document.error());
  const auto read = wire::read_control_status(*document);
  if (!read) return output.unusable(with_context("lokaald's answer", read.error()).value());
  output.say(status_text(*read, output), *document);
  return kDone;
}

}  // namespace

Subcommand add_status(CLI::App& app) {
  CLI::App* sub = app.add_subcommand("status", "How this gateway and its rooms are now");
  sub->footer(
      "Asks lokaald on this machine. Exit 0: it answered; 2: it did not.\n"
      "Example: lokaalctl status --lang nl\n"
      "For programs: lokaalctl --json status | jq .good");
  const auto options = std::make_shared<AskOptions>();
  options->add_to(*sub);
  return {sub, [options](Output& output) { return status(*options, output); }};
}

}  // namespace lokaal::ctl
