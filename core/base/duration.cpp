#include <fmt/format.h>

#include <array>
#include <utility>

#include "core/base/toml_reader.hpp"

namespace lokaal {
namespace {

using std::chrono::seconds;

constexpr std::array<std::pair<char, std::int64_t>, 4> kUnits{
    {{'d', 86'400}, {'h', 3'600}, {'m', 60}, {'s', 1}}};
constexpr std::int64_t kLongest = std::int64_t{100} * 366 * 86'400;

}  // namespace

Result<seconds> parse_duration(std::string_view text) {
  const auto wrong = [&] {
    return failure(fmt::format("\"{}\" is not a duration", text.substr(0, 40)),
                   "write it as \"90s\", \"50m\", \"6h\", \"7d\" or \"1h30m\"");
  };
  std::int64_t total = 0;
  std::size_t next_unit = 0;
  std::size_t at = 0;
  if (text.empty()) return wrong();
  while (at < text.size()) {
    std::int64_t number = 0;
    const std::size_t digits = at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
      number = number * 10 + (text[at] - '0');
      if (number > kLongest) return wrong();
    }
    if (at == digits || at == text.size()) return wrong();
    while (next_unit < kUnits.size() && kUnits[next_unit].first != text[at]) ++next_unit;
    if (next_unit == kUnits.size()) return wrong();
    total += number * kUnits[next_unit].second;
    if (total > kLongest) return wrong();
    ++next_unit;
    ++at;
  }
  return seconds(total);
}

std::string format_duration(seconds duration) {
  std::int64_t left = duration.count();
  std::string out;
  for (const auto& [letter, unit] : kUnits) {
    if (left / unit == 0) continue;
    out += fmt::format("{}{}", left / unit, letter);
    left %= unit;
  }
  return out.empty() ? "0s" : out;
}

}  // namespace lokaal
