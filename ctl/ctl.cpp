#include "ctl/ctl.hpp"

#include <CLI/CLI.hpp>

#include "ctl/subcommand.hpp"

namespace lokaal::ctl {

int run(std::vector<std::string> arguments, std::ostream& out, std::ostream& err,
        Terminal terminal) {
  CLI::App app("lokaal, device rules for classrooms: keys, commands, and why something is closed.",
               "lokaalctl");
  app.set_version_flag("--version", "lokaalctl " LOKAAL_VERSION);
  app.set_help_all_flag("--help-all", "Help for every subcommand");
  Output output(out, err, terminal);
  output.language = language_of_environment();
  app.add_flag("--json", output.json, "Print one JSON object instead of text");
  app.add_option_function<std::string>(
         "--lang", [&output](const std::string& name) { output.language = *language_from(name); },
         "Of what status and why say (default: of LC_MESSAGES)")
      ->check(CLI::IsMember({"nl", "en"}));
  std::string configuration = "/etc/lokaal/lokaald.toml";
  bool check = false;
  app.add_option("--config", configuration,
                 "lokaald's configuration: by it status and why find lokaald")
      ->type_name("FILE")
      ->capture_default_str();
  app.add_flag("--check-config", check,
               "Say what is wrong with it and with what it names, as `config check` does: exit 0 "
               "or 2");
  // Options of the program may stand after the subcommand too.
  app.fallthrough();
  app.require_subcommand(0, 1);
  const std::vector<Subcommand> subcommands = {
      add_status(app),     add_why(app),        add_config(app), add_keygen(app),
      add_thumbprint(app), add_sign(app),       add_send(app),   add_encrypt_inventory(app),
      add_verify(app),     add_completion(app),
  };
  try {
    std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
    app.parse(std::move(arguments));
    if (!check && app.get_subcommands().empty()) throw CLI::RequiredError::Subcommand(1);
  } catch (const CLI::ParseError& stop) {
    return app.exit(stop, out, err) == 0 ? kDone : kUnusable;
  }
  if (check) return check_configuration(configuration, output);
  for (const Subcommand& one : subcommands) {
    if (one.app->parsed()) return one.action(output);
  }
  return kUnusable;
}

}  // namespace lokaal::ctl
