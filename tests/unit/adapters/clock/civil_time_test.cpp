#include "adapters/clock/civil_time.hpp"

#include <gtest/gtest.h>

namespace lokaal {
namespace {

using namespace std::chrono_literals;  // NOLINT: durations read as durations

std::chrono::local_seconds local(int year, unsigned month, unsigned day,
                                 std::chrono::minutes of_day) {
  return std::chrono::local_days(std::chrono::year(year) / static_cast<int>(month) /
                                 static_cast<int>(day)) +
         of_day;
}

std::string amsterdam(std::chrono::local_seconds time) {
  const auto moments = moments_of_zone("Europe/Amsterdam");
  EXPECT_TRUE(moments) << moments.error().text();
  return moments ? format_time_seconds((*moments)(time)) : "";
}

TEST(CivilTime, FollowsTheSeasons) {
  EXPECT_EQ(amsterdam(local(2027, 1, 15, 8h + 30min)), "2027-01-15T07:30:00Z");
  EXPECT_EQ(amsterdam(local(2027, 6, 15, 8h + 30min)), "2027-06-15T06:30:00Z");
}

TEST(CivilTime, AnHourThatDoesNotExistIsTheMomentOfTheChange) {
  EXPECT_EQ(amsterdam(local(2027, 3, 28, 1h + 59min)), "2027-03-28T00:59:00Z");
  EXPECT_EQ(amsterdam(local(2027, 3, 28, 2h)), "2027-03-28T01:00:00Z");
  EXPECT_EQ(amsterdam(local(2027, 3, 28, 2h + 30min)), "2027-03-28T01:00:00Z");
  EXPECT_EQ(amsterdam(local(2027, 3, 28, 3h)), "2027-03-28T01:00:00Z");
}

TEST(CivilTime, AnHourThatComesTwiceIsTheLaterOne) {
  EXPECT_EQ(amsterdam(local(2027, 10, 31, 1h + 59min)), "2027-10-30T23:59:00Z");
  EXPECT_EQ(amsterdam(local(2027, 10, 31, 2h + 30min)), "2027-10-31T01:30:00Z");
  EXPECT_EQ(amsterdam(local(2027, 10, 31, 3h)), "2027-10-31T02:00:00Z");
}

TEST(CivilTime, ALessonOverMidnightIsAnHourLongerWhereClocksGoBack) {
  const auto moments = moments_of_zone("Europe/Amsterdam");
  const auto from = (*moments)(local(2027, 10, 30, 22h));
  const auto to = (*moments)(local(2027, 10, 31, 4h));
  EXPECT_EQ(to - from, 7h);
}

TEST(CivilTime, SaysWhichZoneIsNone) {
  const auto moments = moments_of_zone("Europe/Utopia");
  ASSERT_FALSE(moments);
  EXPECT_NE(moments.error().message.find("Europe/Utopia"), std::string::npos);
  EXPECT_FALSE(next_local({"Europe/Utopia", 8h, {}}, WallTime{}));
}

TEST(CivilTime, FindsTheNextHourOnTheDaysThatAreNamed) {
  // 2027-01-15 is a Friday.
  const WallTime friday = *parse_time("2027-01-15T16:00:00Z");
  EXPECT_EQ(next_local({"Europe/Amsterdam", 16h + 30min, {1, 2, 3, 4, 5}}, friday),
            parse_time("2027-01-18T15:30:00Z").value());
  EXPECT_EQ(next_local({"Europe/Amsterdam", 17h + 30min, {}}, friday),
            parse_time("2027-01-15T16:30:00Z").value());
}

}  // namespace
}  // namespace lokaal
