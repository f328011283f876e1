// Network namespaces that live as long as the test holds them: a killed test leaves none behind.
#pragma once

#include <functional>
#include <string>

namespace lokaal::lab {

class Namespace {
 public:
  Namespace();  // a new one; its loopback is up
  ~Namespace();
  Namespace(const Namespace&) = delete;
  Namespace& operator=(const Namespace&) = delete;

  // Runs `work` on a thread inside; sockets made there stay there.
  void in(const std::function<void()>& work) const;
  // Runs a shell command inside; its output. A failure fails the test.
  std::string run(const std::string& command) const;
  // The same, and whether it went well, with no opinion on that.
  bool try_run(const std::string& command) const;
  // A name that ip-link(8) takes after `netns`.
  std::string path() const;

 private:
  int fd_ = -1;
};

}  // namespace lokaal::lab
