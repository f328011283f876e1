#include "ctl/wall_time.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

namespace lokaal::ctl {
namespace {

class WallTimeTyped : public testing::Test {
 protected:
  void SetUp() override {
    ::setenv("TZ", "Europe/Amsterdam", 1);
    ::tzset();
  }
  void TearDown() override {
    ::unsetenv("TZ");
    ::tzset();
  }
  static std::string read(const char* text, const char* now) {
    const auto time = read_time(text, *parse_time(now));
    return time ? format_time_seconds(*time) : "refused";
  }
};

TEST_F(WallTimeTyped, IsShownAsItIsTyped) {
  const auto show = [](const char* time, const char* now) {
    return show_time(*parse_time(time), *parse_time(now));
  };
  EXPECT_EQ(show("2026-11-22T09:20:00Z", "2026-11-22T08:00:00Z"), "10:20");
  EXPECT_EQ(show("2026-11-22T23:20:00Z", "2026-11-22T08:00:00Z"), "2026-11-23 00:20");
}

TEST_F(WallTimeTyped, IsShownInAReportWithItsZone) {
  EXPECT_EQ(show_moment(*parse_time("2026-10-25T00:30:00Z")), "2026-10-25 02:30:00 CEST");
  EXPECT_EQ(show_moment(*parse_time("2026-10-25T01:30:00Z")), "2026-10-25 02:30:00 CET");
}

TEST_F(WallTimeTyped, IsThatTimeToday) {
  EXPECT_EQ(read("10:20", "2026-11-22T08:00:00Z"), "2026-11-22T09:20:00Z");
  EXPECT_EQ(read("10:20", "2026-07-01T07:00:00Z"), "2026-07-01T08:20:00Z");
  EXPECT_EQ(read("9:05", "2026-11-22T07:00:00Z"), "2026-11-22T08:05:00Z");
}

TEST_F(WallTimeTyped, ToldBeforeAClockChangeHoldsAfterIt) {
  EXPECT_EQ(read("10:20", "2026-03-29T00:30:00Z"), "2026-03-29T08:20:00Z");
}

TEST_F(WallTimeTyped, ThatHasPassedIsRefused) {
  EXPECT_EQ(read("08:59", "2026-11-22T08:00:00Z"), "refused");
  EXPECT_EQ(read("09:00", "2026-11-22T08:00:00Z"), "refused");
}

TEST_F(WallTimeTyped, MayBeRfc3339) {
  EXPECT_EQ(read("2026-11-22T10:20:00+01:00", "2026-11-22T08:00:00Z"), "2026-11-22T09:20:00Z");
}

TEST_F(WallTimeTyped, OfNoFormIsRefused) {
  for (const char* text :
       {"", ":", "10", "10:", ":20", "24:00", "10:60", "10:20:00", "-1:20", "tien uur", "10.20"})
    EXPECT_EQ(read(text, "2026-11-22T08:00:00Z"), "refused") << text;
}

}  // namespace
}  // namespace lokaal::ctl
