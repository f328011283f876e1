#include "adapters/clock/civil_time.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <exception>

namespace lokaal {
namespace {

constexpr int kDaysAhead = 9;  // every weekday is met within a week, whatever the hour is now

template <class Duration>
WallTime moment(const date::time_zone& zone, date::local_time<Duration> local) {
  const auto at = zone.to_sys(local, date::choose::latest);
  return std::chrono::time_point_cast<std::chrono::microseconds>(at);
}

// The library's way to say that there is no such zone is an exception.
tl::unexpected<Error> no_zone(const std::string& zone, const std::exception& error) {
  return failure(fmt::format("time zone \"{}\": {}", zone, error.what()),
                 "use a name of the tz database, e.g. Europe/Amsterdam; is tzdata installed?");
}

}  // namespace

Result<WallTime> next_local(const LocalHour& hour, WallTime now) try {
  const date::time_zone& zone = *date::locate_zone(hour.zone);
  const auto today = date::floor<date::days>(zone.to_local(now));
  for (int ahead = 0; ahead < kDaysAhead; ++ahead) {
    const date::local_days day = today + date::days(ahead);
    const unsigned weekday = date::weekday(day).iso_encoding();
    if (!hour.days.empty() && hour.days.count(weekday) == 0) continue;
    const WallTime found = moment(zone, day + hour.of_day);
    if (found > now) return found;
  }
  return failure("no day of the week is named");
} catch (const std::exception& error) {
  return no_zone(hour.zone, error);
}

Result<std::function<WallTime(std::chrono::local_seconds)>> moments_of_zone(
    const std::string& zone) try {
  const date::time_zone* found = date::locate_zone(zone);  // lives as long as the program
  return [found](std::chrono::local_seconds local) {
    return moment(*found, date::local_seconds(local.time_since_epoch()));
  };
} catch (const std::exception& error) {
  return no_zone(zone, error);
}

}  // namespace lokaal
