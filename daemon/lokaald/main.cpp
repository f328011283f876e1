#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdio>
#include <cstdlib>
#include <exception>

#include "adapters/files/files.hpp"
#include "core/site/site.hpp"
#include "daemon/lokaald/guard.hpp"
#include "daemon/lokaald/node.hpp"
#include "daemon/lokaald/options.hpp"

namespace {

// Under systemd the journal stamps time itself.
void set_up_log(const std::string& level) {
  spdlog::set_default_logger(spdlog::stderr_color_mt("lokaald"));
  spdlog::set_level(spdlog::level::from_str(level));
  spdlog::set_pattern(std::getenv("JOURNAL_STREAM") ? "%^%l%$ %v" : "%H:%M:%S.%e %^%l%$ %v");
}

int complain(const lokaal::Error& error, int exit_code) {
  fmt::print(stderr, "lokaald: {}\n", error.text());
  return exit_code;
}

int serve(lokaal::Site site) {
  auto node = lokaal::Node::start(std::move(site));
  if (!node) return complain(node.error(), 1);
  (*node)->run();
  return 0;
}

}  // namespace

int main(int argc, char** argv) try {
  int exit_code = 0;
  const auto options = lokaal::read_options(argc, argv, exit_code);
  if (!options) return exit_code;
  set_up_log(options->log_level);
  if (options->task != lokaal::Task::serve && options->task != lokaal::Task::check_config)
    return lokaal::run_guard(options->task, options->configuration);
  auto site = lokaal::load_site(options->configuration,
                                {lokaal::read_file, lokaal::read_private_file, lokaal::toml_files});
  if (!site) return complain(site.error(), 2);
  if (options->task == lokaal::Task::serve) return serve(std::move(*site));
  fmt::print("{}: good\n", options->configuration);
  return 0;
} catch (const std::exception& error) {
  fmt::print(stderr, "lokaald: {}\n", error.what());
  return 1;
}
