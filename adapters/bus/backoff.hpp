// How long to wait before connecting again: full jitter, random(0, min(32 s, 1 s * 2^n)) after n
// failures in a row, so that a school's nodes do not return in step after a broker's restart.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

namespace lokaal {

class Backoff {
 public:
  // `random`: 64 uniformly random bits a call.
  explicit Backoff(std::function<std::uint64_t()> random) : random_(std::move(random)) {}

  std::chrono::milliseconds after_failure();
  void succeeded() { failures_ = 0; }
  unsigned failures() const { return failures_; }

 private:
  std::function<std::uint64_t()> random_;
  unsigned failures_ = 0;
};

}  // namespace lokaal
