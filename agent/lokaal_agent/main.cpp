#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdio>
#include <cstdlib>
#include <exception>

#include "agent/lokaal_agent/agent.hpp"
#include "agent/lokaal_agent/options.hpp"

namespace {

// Under systemd the journal stamps time itself.
void set_up_log(const std::string& level) {
  spdlog::set_default_logger(spdlog::stderr_color_mt("lokaal-agent"));
  spdlog::set_level(spdlog::level::from_str(level));
  spdlog::set_pattern(std::getenv("JOURNAL_STREAM") ? "%^%l%$ %v" : "%H:%M:%S.%e %^%l%$ %v");
}

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
  set_up_log(options->log_level);
  auto settings = lokaal::load_agent_settings(options->configuration);
  if (!settings) return complain(settings.error(), 2);
  if (!options->check_config) return watch(std::move(*settings));
  fmt::print("{}: good\n", options->configuration);
  return 0;
} catch (const std::exception& error) {
  fmt::print(stderr, "lokaal-agent: {}\n", error.what());
  return 1;
}
