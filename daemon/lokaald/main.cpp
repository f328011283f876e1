#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <optional>

#include "adapters/clock/civil_time.hpp"
#include "adapters/files/files.hpp"
#include "adapters/log/log.hpp"
#include "core/site/site.hpp"
#include "daemon/lokaald/guard.hpp"
#include "daemon/lokaald/node.hpp"
#include "daemon/lokaald/options.hpp"
#include "daemon/lokaald/site_loader.hpp"

namespace {

lokaal::SiteFiles disk() {
  return {lokaal::read_file, lokaal::read_private_file, lokaal::toml_files,
          lokaal::moments_of_zone};
}

int complain(const lokaal::Error& error, int exit_code) {
  fmt::print(stderr, "lokaald: {}\n", error.text());
  return exit_code;
}

// Ends with SIGTERM; on SIGHUP begins anew, by the files as they are then.
int serve(const lokaal::Options& options) {
  lokaal::SiteLoader loader(options, disk());
  auto site = loader.load();
  while (site) {
    // Asked before it listens: it reads the files just now.
    std::signal(SIGHUP, SIG_IGN);
    auto node = lokaal::Node::start(std::move(*site));
    if (!node) {
      site = loader.fall_back(node.error());
      if (site) continue;
      return complain(node.error(), 1);
    }
    loader.keep();
    std::optional<lokaal::Site> next;
    const auto ended = (*node)->run(loader.trouble(), [&] {
      auto fresh = loader.reload();
      if (fresh) {
        next = std::move(*fresh);
      } else {
        spdlog::error("not taken up: {}", fresh.error().text());
      }
      return fresh.has_value();
    });
    if (ended == lokaal::Node::Ended::stopped) return 0;
    site = std::move(*next);
  }
  return complain(site.error(), 2);
}

}  // namespace

int main(int argc, char** argv) try {
  int exit_code = 0;
  const auto options = lokaal::read_options(argc, argv, exit_code);
  if (!options) return exit_code;
  lokaal::set_up_log("lokaald", options->log_level);
  if (options->task != lokaal::Task::serve && options->task != lokaal::Task::check_config)
    return lokaal::run_guard(options->task, options->configuration);
  if (options->task == lokaal::Task::serve) return serve(*options);
  const auto site = lokaal::SiteLoader(*options, disk()).check();
  if (!site) return complain(site.error(), 2);
  fmt::print("{}: good\n", options->configuration);
  return 0;
} catch (const std::exception& error) {
  fmt::print(stderr, "lokaald: {}\n", error.what());
  return 1;
}
