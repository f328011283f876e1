#include <gtest/gtest.h>

#include "core/base/toml_reader.hpp"

namespace lokaal {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(Duration, ReadsSumsOfUnitsFromLargeToSmall) {
  EXPECT_EQ(parse_duration("90s").value(), seconds(90));
  EXPECT_EQ(parse_duration("50m").value(), minutes(50));
  EXPECT_EQ(parse_duration("1h30m").value(), minutes(90));
  EXPECT_EQ(parse_duration("184d").value(), hours(24 * 184));
  EXPECT_EQ(parse_duration("0s").value(), seconds(0));
}

TEST(Duration, RefusesWhatIsNotOne) {
  for (const char* bad : {"", "50", "m", "50 m", "-5m", "1.5h", "30m1h", "5m5m", "5M", "1w", "50m ",
                          "99999999999999999999s", "36601d"})
    EXPECT_FALSE(parse_duration(bad)) << bad;
}

TEST(Duration, ReadsBackWhatItWrites) {
  for (const std::int64_t value : {0, 1, 59, 60, 3599, 5400, 86'400, 90'061})
    EXPECT_EQ(parse_duration(format_duration(seconds(value))).value(), seconds(value));
  EXPECT_EQ(format_duration(minutes(90)), "1h30m");
}

}  // namespace
}  // namespace lokaal
