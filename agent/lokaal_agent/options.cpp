#include "agent/lokaal_agent/options.hpp"

#include <CLI/CLI.hpp>

namespace lokaal {

std::optional<AgentOptions> read_agent_options(int argc, char** argv, int& exit_code) {
  AgentOptions options;
  CLI::App app{"lokaal-agent sees for itself whether a gateway's rooms are kept.", "lokaal-agent"};
  app.set_version_flag("--version", "lokaal-agent " LOKAAL_VERSION);
  app.add_option("--config", options.configuration, "Configuration file")
      ->type_name("FILE")
      ->capture_default_str();
  app.add_flag("--check-config", options.check_config,
               "Read the configuration and all that it names, and say what is wrong: exit 0 or 2");
  app.add_option("--log-level", options.log_level, "How much is said on stderr or in the journal")
      ->check(CLI::IsMember({"debug", "info", "warn", "error"}))
      ->capture_default_str();
  app.footer(
      "Without --check-config it watches in the foreground until SIGTERM.\n"
      "Documentation: /usr/share/doc/lokaal, lokaal-agent(8)");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    exit_code = app.exit(error) == 0 ? 0 : 2;
    return std::nullopt;
  }
  return options;
}

}  // namespace lokaal
