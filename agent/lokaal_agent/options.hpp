// What lokaal-agent is asked to do.
#pragma once

#include <optional>
#include <string>

namespace lokaal {

struct AgentOptions {
  std::string configuration = "/etc/lokaal-agent/lokaal-agent.toml";
  bool check_config = false;
  std::string log_level = "info";
};

// Prints help or version itself. Nothing: leave with `exit_code`.
std::optional<AgentOptions> read_agent_options(int argc, char** argv, int& exit_code);

}  // namespace lokaal
