#include "core/base/nearest.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <utility>

namespace lokaal {
namespace {

constexpr std::size_t kLongest = 64;
constexpr std::size_t kListed = 12;

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  a = a.substr(0, kLongest);
  b = b.substr(0, kLongest);
  using Row = std::array<std::size_t, kLongest + 1>;
  Row two_above{};
  Row above{};
  Row row{};
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], two_above[j - 2] + 1);
    }
    two_above = above;
    above = row;
  }
  return above[b.size()];
}

std::vector<std::string> by_nearness(std::string_view word, std::span<const std::string> known) {
  std::vector<std::pair<std::size_t, const std::string*>> ranked;
  ranked.reserve(known.size());
  for (const auto& name : known) ranked.emplace_back(edit_distance(word, name), &name);
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& x, const auto& y) { return x.first < y.first; });
  std::vector<std::string> out;
  out.reserve(ranked.size());
  for (const auto& [distance, name] : ranked) out.push_back(*name);
  return out;
}

std::string mend_by_nearest(std::string_view word, std::span<const std::string> known) {
  if (known.empty()) return "leave it out";
  auto ranked = by_nearness(word, known);
  const std::string& best = ranked.front();
  const std::size_t shortest = std::min(word.size(), best.size());
  if (edit_distance(word, best) <= std::max<std::size_t>(1, shortest / 2))
    return fmt::format("did you mean \"{}\"?", best);
  const bool cut = ranked.size() > kListed;
  if (cut) ranked.resize(kListed);
  return fmt::format("known here: {}{}", fmt::join(ranked, ", "), cut ? ", ..." : "");
}

}  // namespace lokaal
