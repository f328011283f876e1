// How often a key may command: a token bucket per kid, as a value (SCHEMAS `rate-limited`).
#pragma once

#include <map>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"

namespace lokaal {

class RateLimit {
 public:
  struct Limits {
    int per_second = 10;
    int burst = 50;
  };

  RateLimit() = default;
  explicit RateLimit(Limits limits) : limits_(limits) {}

  // Takes one token, or says that there is none. A clock that steps back adds nothing, and does
  // not stop the bucket either.
  bool admit(const KeyId& kid, WallTime now);

 private:
  struct Bucket {
    std::chrono::microseconds spent{0};  // what is owed; 0: full
    WallTime seen;
  };

  Limits limits_;
  std::map<KeyId, Bucket> buckets_;  // as many as the roster has keys
};

}  // namespace lokaal
