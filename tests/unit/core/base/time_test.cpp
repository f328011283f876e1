#include "core/base/time.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <random>

namespace lokaal {
namespace {

using std::chrono::microseconds;

WallTime at(std::int64_t unix_seconds, std::int64_t micros = 0) {
  return from_unix_seconds(unix_seconds) + microseconds(micros);
}

TEST(Time, IsWrittenInUtcWithSixDigits) {
  EXPECT_EQ(format_time(at(0)), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(format_time(at(1'000'000'000, 7)), "2001-09-09T01:46:40.000007Z");
  EXPECT_EQ(format_time(at(-1, 1)), "1969-12-31T23:59:59.000001Z");
}

TEST(Time, IsRoundedDownToSecondsForPeople) {
  EXPECT_EQ(format_time_seconds(at(59, 999'999)), "1970-01-01T00:00:59Z");
  EXPECT_EQ(format_time_seconds(at(-1, 500'000)), "1969-12-31T23:59:59Z");
  EXPECT_EQ(to_unix_seconds(at(-1, 500'000)), -1);
}

struct Case {
  const char* text;
  std::int64_t unix_seconds;
  std::int64_t micros;
};

// The examples of RFC 3339 section 5.8, and the forms around them.
constexpr Case kGood[] = {
    {"1985-04-12T23:20:50.52Z", 482'196'050, 520'000},
    {"1996-12-19T16:39:57-08:00", 851'042'397, 0},
    {"1996-12-20T00:39:57Z", 851'042'397, 0},
    {"1990-12-31T23:59:60Z", 662'688'000, 0},
    {"1990-12-31T15:59:60-08:00", 662'688'000, 0},
    {"1937-01-01T12:00:27.87+00:20", -1'041'337'173, 870'000},
    {"1970-01-01t00:00:00z", 0, 0},
    {"1970-01-01T00:00:00.123456789Z", 0, 123'456},
    {"2024-02-29T00:00:00+00:00", 1'709'164'800, 0},
    {"1970-01-01T00:00:00-00:00", 0, 0},
};

TEST(Time, ReadsTheExamplesOfRfc3339) {
  for (const auto& one : kGood) {
    const auto time = parse_time(one.text);
    ASSERT_TRUE(time) << one.text;
    EXPECT_EQ(*time, at(one.unix_seconds, one.micros)) << one.text << " " << format_time(*time);
  }
}

TEST(Time, RefusesWhatIsNotADateTimeOfRfc3339) {
  for (const char* bad : {"",
                          "now",
                          "2026-11-22",
                          "2026-11-22T10:20:00",
                          "2026-11-22 10:20:00Z",
                          "2026-11-22T10:20Z",
                          "2026-13-01T00:00:00Z",
                          "2026-02-30T00:00:00Z",
                          "2025-02-29T00:00:00Z",
                          "2026-11-22T24:00:00Z",
                          "2026-11-22T10:60:00Z",
                          "2026-11-22T10:20:61Z",
                          "2026-11-22T10:20:00.Z",
                          "2026-11-22T10:20:00.1234567890Z",
                          "2026-11-22T10:20:00+1:00",
                          "2026-11-22T10:20:00+24:00",
                          "2026-11-22T10:20:00+01:60",
                          "2026-11-22T10:20:00+0100",
                          "2026-11-22T10:20:00Zx",
                          " 2026-11-22T10:20:00Z",
                          "+026-11-22T10:20:00Z",
                          "2026-1-22T10:20:00Z",
                          "2026-11-22T10:20:00,5Z"})
    EXPECT_FALSE(parse_time(bad)) << bad;
}

TEST(Time, ReadsBackWhateverItWrites) {
  std::mt19937_64 random(1);
  std::uniform_int_distribution<std::int64_t> any(-62'135'596'800'000'000, 253'402'300'799'999'999);
  for (int i = 0; i < 2000; ++i) {
    const WallTime time{microseconds(any(random))};
    const auto read = parse_time(format_time(time));
    ASSERT_TRUE(read) << format_time(time);
    EXPECT_EQ(*read, time);
  }
}

TEST(Time, SaysHowToWriteIt) {
  const auto time = parse_time("tomorrow");
  ASSERT_FALSE(time);
  EXPECT_NE(time.error().message.find("tomorrow"), std::string::npos);
  EXPECT_NE(time.error().mend.find("2026-11-22T10:20:00+01:00"), std::string::npos);
}

}  // namespace
}  // namespace lokaal
