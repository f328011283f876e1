#include "daemon/lokaald/options.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <map>

namespace lokaal {

std::optional<Options> read_options(int argc, char** argv, int& exit_code) {
  Options options;
  bool check = false;
  std::string guard;
  CLI::App app{"lokaald keeps a school's device rules on a classroom gateway.", "lokaald"};
  app.set_version_flag("--version", "lokaald " LOKAAL_VERSION);
  app.add_option("--config", options.configuration, "Configuration file")
      ->type_name("FILE")
      ->capture_default_str();
  app.add_option("--last-good", options.last_good,
                 "Keep a copy of the configuration's files here, and start by it where they are "
                 "broken since (default: site.good in the service's state directory)")
      ->type_name("FILE");
  auto* check_flag = app.add_flag(
      "--check-config", check,
      "Read the configuration and all that it names, and say what is wrong: exit 0 or 2");
  app.add_option(
         "--guard", guard,
         "The routing guard, which keeps rooms closed while the rule set is missing: put it "
         "up before the network, take it away, or see whether it stands (exit 0 or 1)")
      ->type_name("install|remove|check")
      ->check(CLI::IsMember({"install", "remove", "check"}))
      ->excludes(check_flag);
  app.add_option("--log-level", options.log_level, "How much is said on stderr or in the journal")
      ->check(CLI::IsMember({"debug", "info", "warn", "error"}))
      ->capture_default_str();
  app.footer(
      "Without --check-config or --guard it serves in the foreground until SIGTERM. On SIGHUP it "
      "reads\n"
      "its files anew, and takes them up if they are good.\n"
      "Documentation: /usr/share/doc/lokaal, lokaald(8)");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    exit_code = app.exit(error) == 0 ? 0 : 2;
    return std::nullopt;
  }
  // Set by systemd (systemd.exec(5)).
  if (const char* state = std::getenv("STATE_DIRECTORY"); state && options.last_good.empty())
    options.last_good = std::string(state) + "/site.good";
  if (check) options.task = Task::check_config;
  if (guard == "install") options.task = Task::guard_install;
  if (guard == "remove") options.task = Task::guard_remove;
  if (guard == "check") options.task = Task::guard_check;
  return options;
}

}  // namespace lokaal
