// A program that a test started, and ends by its id.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace lokaal::test {

class Process {
 public:
  // `output` takes standard output and error.
  Process(const std::vector<std::string>& command, std::filesystem::path output);
  ~Process();  // kills what still runs
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void send_signal(int number) const;
  // Its exit status, 128 + signal if it was killed; nullopt: it still runs after that time.
  std::optional<int> wait(std::chrono::milliseconds at_most);
  bool running() { return !wait(std::chrono::milliseconds(0)); }
  std::string output() const;

 private:
  pid_t pid_ = -1;
  std::optional<int> status_;
  std::filesystem::path output_;
};

// Runs to its end within 20 s; its output. Fails the test unless the status is `expected`.
std::string run(const std::vector<std::string>& command, int expected = 0);

// Asks every few milliseconds; false after that time.
bool eventually(const std::function<bool()>& condition,
                std::chrono::milliseconds at_most = std::chrono::seconds(10));

std::string read_file(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, const std::string& text);

// A folder that goes with the object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace lokaal::test
