// What lokaald is asked to do.
#pragma once

#include <optional>
#include <string>

namespace lokaal {

enum class Task { serve, check_config, guard_install, guard_remove, guard_check };

struct Options {
  std::string configuration = "/etc/lokaal/lokaald.toml";
  // Where the files of the last good start are kept; empty: nowhere.
  std::string last_good;
  Task task = Task::serve;
  std::string log_level = "info";
};

// Prints help or version itself. Nothing: leave with `exit_code`.
std::optional<Options> read_options(int argc, char** argv, int& exit_code);

}  // namespace lokaal
