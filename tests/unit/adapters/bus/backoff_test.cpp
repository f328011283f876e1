#include "adapters/bus/backoff.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <random>

namespace lokaal {
namespace {

using std::chrono::milliseconds;

// Always the longest wait: limit is 1000 << n, and the remainder by limit + 1 of this is limit.
std::function<std::uint64_t()> longest(const unsigned& n) {
  return [&n] { return (std::uint64_t{1000} << std::min(n, 5U)); };
}

TEST(Backoff, DoublesItsLimitUpTo32Seconds) {
  unsigned n = 0;
  Backoff backoff(longest(n));
  for (const int limit : {1000, 2000, 4000, 8000, 16000, 32000, 32000, 32000}) {
    EXPECT_EQ(backoff.after_failure(), milliseconds(limit));
    ++n;
  }
}

TEST(Backoff, StartsAnewAfterASuccess) {
  unsigned n = 0;
  Backoff backoff(longest(n));
  backoff.after_failure();
  backoff.after_failure();
  backoff.succeeded();
  EXPECT_EQ(backoff.failures(), 0U);
  EXPECT_EQ(backoff.after_failure(), milliseconds(1000));
}

TEST(Backoff, SpreadsOverTheWholeRange) {
  std::mt19937_64 random(1);
  Backoff backoff([&] { return random(); });
  for (int i = 0; i < 10; ++i) backoff.after_failure();  // at 32 s now
  int early = 0, late = 0;
  for (int i = 0; i < 1000; ++i) {
    const auto wait = backoff.after_failure();
    ASSERT_GE(wait, milliseconds(0));
    ASSERT_LE(wait, milliseconds(32000));
    early += wait < milliseconds(8000);
    late += wait > milliseconds(24000);
  }
  EXPECT_GT(early, 150);
  EXPECT_GT(late, 150);
}

}  // namespace
}  // namespace lokaal
