#include <fmt/format.h>

#include <cstdio>
#include <exception>

#include "adapters/log/log.hpp"
#include "agent/lokaal_agent/agent.hpp"
#include "agent/lokaal_agent/options.hpp"

namespace {

int complain(const lokaal::Error& error, int exit_code) {
  fmt::print(stderr, "lokaal-agent: {}\n", error.text());
  return exit_code;
}

int watch(lokaal::AgentSettings settings) {
  auto agent = lokaal::Agent::start(std::move(settings));
  if (!agent) return complain(agent.error(), 1);
  (*agent)->run();
  return 0;
}

}  // namespace

int main(int argc, char** argv) try {
  int exit_code = 0;
  const auto options = lokaal::read_agent_options(argc, argv, exit_code);
  if (!options) return exit_code;
  lokaal::set_up_log("lokaal-agent", options->log_level);
  auto settings = lokaal::load_agent_settings(options->configuration);
  if (!settings) return complain(settings.error(), 2);
  if (!options->check_config) return watch(std::move(*settings));
  fmt::print("{}: good\n", options->configuration);
  return 0;
} catch (const std::exception& error) {
  fmt::print(stderr, "lokaal-agent: {}\n", error.what());
  return 1;
}
