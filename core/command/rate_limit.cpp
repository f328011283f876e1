#include "core/command/rate_limit.hpp"

#include <algorithm>

namespace lokaal {

bool RateLimit::admit(const KeyId& kid, WallTime now) {
  // In units of time: a command costs 1 s / rate, and a full burst may be owed.
  const auto cost = std::chrono::microseconds(std::chrono::seconds(1)) / limits_.per_second;
  const auto most = cost * limits_.burst;
  Bucket& bucket = buckets_.try_emplace(kid, Bucket{{}, now}).first->second;
  const std::chrono::microseconds passed =
      std::clamp<std::chrono::microseconds>(now - bucket.seen, {}, most);
  bucket.spent = std::max<std::chrono::microseconds>(bucket.spent - passed, {});
  bucket.seen = now;
  if (bucket.spent + cost > most) return false;
  bucket.spent += cost;
  return true;
}

}  // namespace lokaal
