#include "adapters/clock/civil_time.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <exception>

namespace lokaal {
namespace {

constexpr int kDaysAhead = 9;  // every weekday is met within a week, whatever the hour is now

WallTime moment(const date::time_zone& zone, date::local_days day, std::chrono::minutes of_day) {
  const auto at = zone.to_sys(day + of_day, date::choose::latest);
  return std::chrono::time_point_cast<std::chrono::microseconds>(at);
}

}  // namespace

Result<WallTime> next_local(const LocalHour& hour, WallTime now) try {
  const date::time_zone& zone = *date::locate_zone(hour.zone);
  const auto today = date::floor<date::days>(zone.to_local(now));
  for (int ahead = 0; ahead < kDaysAhead; ++ahead) {
    const date::local_days day = today + date::days(ahead);
    const unsigned weekday = date::weekday(day).iso_encoding();
    if (!hour.days.empty() && hour.days.count(weekday) == 0) continue;
    const WallTime found = moment(zone, day, hour.of_day);
    if (found > now) return found;
  }
  return failure("no day of the week is named");
} catch (const std::exception& error) {  // the library's way to say that there is no such zone
  return failure(fmt::format("time zone \"{}\": {}", hour.zone, error.what()),
                 "use a name of the tz database, e.g. Europe/Amsterdam; is tzdata installed?");
}

}  // namespace lokaal
