#include "ctl/ctl.hpp"

#include <CLI/CLI.hpp>

#include "ctl/subcommand.hpp"

namespace lokaal::ctl {

int run(std::vector<std::string> arguments, std::ostream& out, std::ostream& err) {
  CLI::App app("Keys, signatures and commands for lokaal, device rules for classrooms.",
               "lokaalctl");
  app.set_version_flag("--version", "lokaalctl " LOKAAL_VERSION);
  app.set_help_all_flag("--help-all", "Help for every subcommand");
  Output output(out, err);
  app.add_flag("--json", output.json, "Print one JSON object instead of text");
  // Options of the program may stand after the subcommand too.
  app.fallthrough();
  app.require_subcommand(1);
  const std::vector<Subcommand> subcommands = {add_keygen(app), add_thumbprint(app), add_sign(app),
                                               add_send(app), add_encrypt_inventory(app),
                                               add_verify(app)};
  try {
    std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
    app.parse(std::move(arguments));
  } catch (const CLI::ParseError& stop) {
    return app.exit(stop, out, err) == 0 ? kDone : kUnusable;
  }
  for (const Subcommand& one : subcommands) {
    if (one.app->parsed()) return one.action(output);
  }
  return kUnusable;
}

}  // namespace lokaal::ctl
