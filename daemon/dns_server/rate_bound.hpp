// How often something may happen for each of many: a token bucket each (queries of a device, resets
// to one). What is over it is dropped.
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/time.hpp"

namespace lokaal {

// A fixed number of buckets: who invents source addresses shares buckets, and costs no memory.
class RateBound {
 public:
  // `seed` keeps outsiders from choosing whom they share a bucket with.
  RateBound(double per_second, double burst, std::uint64_t seed, std::size_t buckets = 4096);

  // Whether one more of `key` passes at `now`, which never goes back.
  bool admit(std::uint64_t key, SteadyTime now);

 private:
  struct Bucket {
    double tokens = 0;
    SteadyTime filled;
  };

  double per_second_;
  double burst_;
  std::uint64_t seed_;
  std::vector<Bucket> buckets_;
};

}  // namespace lokaal
