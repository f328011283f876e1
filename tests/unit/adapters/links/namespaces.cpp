#include "tests/unit/adapters/links/namespaces.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <thread>

namespace lokaal::lab {
namespace {

struct Outcome {
  bool good = false;
  std::string output;
};

// posix_spawn, not fork: copying the page tables of a sanitized program takes longer than most
// commands. It has no namespace attribute, so the thread that calls it enters first.
Outcome run_in(int fd, const std::string& command) {
  std::array<int, 2> pipe_ends{};
  if (::pipe2(pipe_ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe");
  pid_t child = -1;
  std::thread([&] {
    if (::setns(fd, CLONE_NEWNET) != 0) return;
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDERR_FILENO);
    std::string shell = "sh";
    std::string flags = "-ec";
    std::string script = command;
    std::array<char*, 4> arguments{shell.data(), flags.data(), script.data(), nullptr};
    if (::posix_spawn(&child, "/bin/sh", &actions, nullptr, arguments.data(), environ) != 0) {
      child = -1;
    }
    ::posix_spawn_file_actions_destroy(&actions);
  }).join();
  ::close(pipe_ends[1]);
  Outcome outcome;
  std::array<char, 4096> buffer{};
  ssize_t got = 0;
  while ((got = ::read(pipe_ends[0], buffer.data(), buffer.size())) > 0) {
    outcome.output.append(buffer.data(), static_cast<std::size_t>(got));
  }
  ::close(pipe_ends[0]);
  int status = 0;
  if (child > 0 && ::waitpid(child, &status, 0) == child) {
    outcome.good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }
  return outcome;
}

}  // namespace

Namespace::Namespace() {
  int error = 0;
  std::thread([&] {
    if (::unshare(CLONE_NEWNET) != 0) {
      error = errno;
      return;
    }
    fd_ = ::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    if (fd_ < 0) error = errno;
  }).join();
  if (fd_ < 0) {
    throw std::runtime_error(std::string("a network namespace cannot be made (root is needed): ") +
                             std::strerror(error));
  }
  // Addresses can be used at once: nobody here has the same.
  run("echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad; ip link set lo up");
}

Namespace::~Namespace() {
  ::close(fd_);
}

void Namespace::in(const std::function<void()>& work) const {
  std::thread([&] {
    if (::setns(fd_, CLONE_NEWNET) != 0) throw std::runtime_error("setns");
    work();
  }).join();
}

std::string Namespace::run(const std::string& command) const {
  const Outcome outcome = run_in(fd_, command);
  EXPECT_TRUE(outcome.good) << command << "\n" << outcome.output;
  return outcome.output;
}

bool Namespace::try_run(const std::string& command) const {
  return run_in(fd_, command).good;
}

std::string Namespace::path() const {
  return "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(fd_);
}

}  // namespace lokaal::lab
