#include "core/base/time.hpp"

#include <fmt/format.h>

namespace lokaal {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;

std::string format_civil(WallTime time, bool with_fraction) {
  const auto day = std::chrono::floor<days>(time);
  const std::chrono::year_month_day date{day};
  const auto of_day = time - day;
  const auto whole = std::chrono::floor<seconds>(of_day);
  const auto total = whole.count();
  const std::string base =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", int{date.year()}, unsigned{date.month()},
                  unsigned{date.day()}, total / 3600, total / 60 % 60, total % 60);
  if (!with_fraction) return base + "Z";
  return base + fmt::format(".{:06}Z", microseconds(of_day - whole).count());
}

// A cursor over fixed-width digits: RFC 3339 has no variable widths but the fraction.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  bool digits(std::size_t count, int& out) {
    if (rest_.size() < count) return false;
    out = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const char c = rest_[i];
      if (c < '0' || c > '9') return false;
      out = out * 10 + (c - '0');
    }
    rest_.remove_prefix(count);
    return true;
  }

  bool one_of(std::string_view choices, char& out) {
    if (rest_.empty() || choices.find(rest_.front()) == std::string_view::npos) return false;
    out = rest_.front();
    rest_.remove_prefix(1);
    return true;
  }

  bool literal(std::string_view choices) {
    char ignored{};
    return one_of(choices, ignored);
  }

  // ".d{1,9}" in microseconds.
  bool fraction(std::int64_t& micros) {
    micros = 0;
    if (rest_.empty() || rest_.front() != '.') return true;
    rest_.remove_prefix(1);
    std::size_t count = 0;
    for (; count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9'; ++count) {
      if (count < 6) micros = micros * 10 + (rest_[count] - '0');
    }
    if (count == 0 || count > 9) return false;
    for (std::size_t i = count; i < 6; ++i) micros *= 10;
    rest_.remove_prefix(count);
    return true;
  }

  bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

tl::unexpected<Error> not_a_time(std::string_view text) {
  return failure(fmt::format("\"{}\" is not an RFC 3339 time", text.substr(0, 40)),
                 "write it as 2026-11-22T10:20:00+01:00");
}

}  // namespace

std::string format_time(WallTime time) {
  return format_civil(time, true);
}
std::string format_time_seconds(WallTime time) {
  return format_civil(time, false);
}

Result<WallTime> parse_time(std::string_view text) {
  Cursor cursor(text);
  int year{}, month{}, day{}, hour{}, minute{}, second{};
  std::int64_t micros{};
  const bool civil = cursor.digits(4, year) && cursor.literal("-") && cursor.digits(2, month) &&
                     cursor.literal("-") && cursor.digits(2, day) && cursor.literal("Tt") &&
                     cursor.digits(2, hour) && cursor.literal(":") && cursor.digits(2, minute) &&
                     cursor.literal(":") && cursor.digits(2, second) && cursor.fraction(micros);
  char sign{};
  if (!civil || !cursor.one_of("Zz+-", sign)) return not_a_time(text);
  int offset_hours{}, offset_minutes{};
  if (sign == '+' || sign == '-') {
    if (!cursor.digits(2, offset_hours) || !cursor.literal(":") ||
        !cursor.digits(2, offset_minutes))
      return not_a_time(text);
  }
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  // Second 60 is a leap second by the grammar; it is read as the second after.
  if (!cursor.done() || !date.ok() || hour > 23 || minute > 59 || second > 60 ||
      offset_hours > 23 || offset_minutes > 59)
    return not_a_time(text);
  auto offset = hours(offset_hours) + minutes(offset_minutes);
  if (sign == '-') offset = -offset;
  return WallTime(std::chrono::sys_days(date)) + hours(hour) + minutes(minute) + seconds(second) +
         microseconds(micros) - offset;
}

std::int64_t to_unix_seconds(WallTime time) {
  return std::chrono::floor<seconds>(time.time_since_epoch()).count();
}

WallTime from_unix_seconds(std::int64_t value) {
  return WallTime(seconds(value));
}

}  // namespace lokaal
