#include "daemon/dns_server/answer_cache.hpp"

#include <gtest/gtest.h>

#include "tests/unit/core/traffic/dns/dns_build.hpp"

namespace lokaal {
namespace {

using namespace test;
using std::chrono::seconds;

const SteadyTime kStart = SteadyTime(seconds(1000));

DnsQuestion asks(const std::string& name) {
  return {labels(name), 1, kClassIn, false, false};
}

DnsAnswer says(const std::string& name, std::uint32_t ttl) {
  const Bytes message =
      answer({.name = name, .answer = {record(kQuestionPointer, 1, ttl, {192, 0, 2, 1})}});
  return parse_dns_answer(message, asks(name), 7).value();
}

TEST(AnswerCache, KeepsAnAnswerForItsTtlAndSaysHowOldItIs) {
  AnswerCache cache(10);
  cache.store(asks("a.example"), says("a.example", 30), kStart);
  const auto found = cache.find(asks("a.example"), kStart + seconds(29));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->elapsed, seconds(29));
  EXPECT_FALSE(cache.find(asks("a.example"), kStart + seconds(30)));
  EXPECT_EQ(cache.size(), 0U);
}

TEST(AnswerCache, KeepsQuestionsApartThatDifferInTypeOrFlags) {
  AnswerCache cache(10);
  cache.store(asks("a.example"), says("a.example", 30), kStart);
  DnsQuestion other = asks("a.example");
  other.type = 28;
  EXPECT_FALSE(cache.find(other, kStart));
  other = asks("a.example");
  other.dnssec_ok = true;
  EXPECT_FALSE(cache.find(other, kStart));
  other = asks("a.example");
  other.checking_disabled = true;
  EXPECT_FALSE(cache.find(other, kStart));
}

TEST(AnswerCache, ForgetsWhatWasLongestUnused) {
  AnswerCache cache(2);
  cache.store(asks("a.example"), says("a.example", 30), kStart);
  cache.store(asks("b.example"), says("b.example", 30), kStart);
  EXPECT_TRUE(cache.find(asks("a.example"), kStart));
  cache.store(asks("c.example"), says("c.example", 30), kStart);
  EXPECT_TRUE(cache.find(asks("a.example"), kStart));
  EXPECT_FALSE(cache.find(asks("b.example"), kStart));
  EXPECT_TRUE(cache.find(asks("c.example"), kStart));
  EXPECT_EQ(cache.size(), 2U);
}

TEST(AnswerCache, ReplacesAnAnswerByANewerOne) {
  AnswerCache cache(2);
  cache.store(asks("a.example"), says("a.example", 30), kStart);
  cache.store(asks("a.example"), says("a.example", 30), kStart + seconds(20));
  EXPECT_TRUE(cache.find(asks("a.example"), kStart + seconds(40)));
  EXPECT_EQ(cache.size(), 1U);
}

TEST(AnswerCache, KeepsNothingWithoutTtlAndNothingHuge) {
  AnswerCache cache(2);
  cache.store(asks("a.example"), says("a.example", 0), kStart);
  const Bytes huge =
      answer({.name = "b.example",
              .answer = {record(kQuestionPointer, 16, 60, Bytes(AnswerCache::kMaxMessage))}});
  cache.store(asks("b.example"), parse_dns_answer(huge, asks("b.example"), 7).value(), kStart);
  EXPECT_EQ(cache.size(), 0U);
}

}  // namespace
}  // namespace lokaal
