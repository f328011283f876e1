#include "daemon/dns_server/rate_bound.hpp"

#include <algorithm>

namespace lokaal {
namespace {

// The finisher of SplitMix64 (Steele, Lea, Flood 2014).
std::uint64_t mix(std::uint64_t value) {
  value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9U;
  value = (value ^ (value >> 27U)) * 0x94D049BB133111EBU;
  return value ^ (value >> 31U);
}

}  // namespace

RateBound::RateBound(double per_second, double burst, std::uint64_t seed, std::size_t buckets)
    : per_second_(per_second),
      burst_(burst),
      seed_(seed),
      buckets_(buckets, Bucket{burst, SteadyTime()}) {}

bool RateBound::admit(std::uint64_t key, SteadyTime now) {
  // Mixed twice: a seed that is only added could be seen through.
  Bucket& bucket = buckets_[mix(mix(key + seed_) ^ seed_) % buckets_.size()];
  const std::chrono::duration<double> passed = now - bucket.filled;
  bucket.tokens = std::min(burst_, bucket.tokens + passed.count() * per_second_);
  bucket.filled = now;
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}

}  // namespace lokaal
