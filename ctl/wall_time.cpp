#include "ctl/wall_time.hpp"

#include <charconv>
#include <ctime>
#include <string>

namespace lokaal::ctl {
namespace {

constexpr int kNoNumber = -1;

int one_or_two_digits(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return kNoNumber;
  return value;
}

}  // namespace

WallTime wall_now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

Result<WallTime> read_time(std::string_view text, WallTime now) {
  if (auto time = parse_time(text)) return *time;
  const std::size_t colon = text.find(':');
  const bool has_minutes = colon != std::string_view::npos;
  const int hour = has_minutes ? one_or_two_digits(text.substr(0, colon)) : kNoNumber;
  const int minute = has_minutes ? one_or_two_digits(text.substr(colon + 1)) : kNoNumber;
  if (hour < 0 || minute < 0 || hour > 23 || minute > 59 || text.size() > 5)
    return failure("\"" + std::string(text.substr(0, 40)) + "\" is no time",
                   "write 10:20, or 2026-11-22T10:20:00+01:00");
  const std::time_t seconds = to_unix_seconds(now);
  std::tm civil{};
  ::localtime_r(&seconds, &civil);
  civil.tm_hour = hour;
  civil.tm_min = minute;
  civil.tm_sec = 0;
  civil.tm_isdst = -1;  // as the zone has it at that time of day
  const WallTime out = from_unix_seconds(::mktime(&civil));
  if (out <= now)
    return failure(std::string(text) + " has passed today",
                   "write the date too: 2026-11-22T10:20:00+01:00");
  return out;
}

std::string show_time(WallTime time, WallTime now) {
  const std::time_t then = to_unix_seconds(time);
  const std::time_t today = to_unix_seconds(now);
  std::tm civil{};
  std::tm here{};
  ::localtime_r(&then, &civil);
  ::localtime_r(&today, &here);
  const bool same_day = civil.tm_year == here.tm_year && civil.tm_yday == here.tm_yday;
  char text[32];
  const std::size_t size =
      std::strftime(text, sizeof text, same_day ? "%H:%M" : "%Y-%m-%d %H:%M", &civil);
  return {text, size};
}

std::string show_moment(WallTime time) {
  const std::time_t seconds = to_unix_seconds(time);
  std::tm civil{};
  ::localtime_r(&seconds, &civil);
  char text[64];
  const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %Z", &civil);
  return {text, size};
}

}  // namespace lokaal::ctl
