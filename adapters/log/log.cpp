#include "adapters/log/log.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/sinks/systemd_sink.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

namespace lokaal {

bool is_journal(const char* journal_stream) {
  struct stat error_stream {};
  if (journal_stream == nullptr || ::fstat(STDERR_FILENO, &error_stream) != 0) return false;
  return fmt::format("{}:{}", error_stream.st_dev, error_stream.st_ino) == journal_stream;
}

void set_up_log(const std::string& program, const std::string& level) {
  if (is_journal(std::getenv("JOURNAL_STREAM"))) {
    spdlog::set_default_logger(spdlog::systemd_logger_mt(program, program));
  } else {
    spdlog::set_default_logger(spdlog::stderr_color_mt(program));
    spdlog::set_pattern("%H:%M:%S.%e %^%l%$ %v");
  }
  spdlog::set_level(spdlog::level::from_str(level));
}

}  // namespace lokaal
