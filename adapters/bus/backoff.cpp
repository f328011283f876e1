#include "adapters/bus/backoff.hpp"

#include <algorithm>

namespace lokaal {

std::chrono::milliseconds Backoff::after_failure() {
  constexpr unsigned kHighestPower = 5;  // 2^5 s = 32 s
  const std::uint64_t limit = std::uint64_t{1000} << std::min(failures_, kHighestPower);
  if (failures_ < kHighestPower) ++failures_;
  // 64 random bits: the remainder's bias is below 2^-48.
  return std::chrono::milliseconds(random_() % (limit + 1));
}

}  // namespace lokaal
