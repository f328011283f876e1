// The nearest of the names that were possible: for errors that say what was probably meant.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lokaal {

// Optimal string alignment: insertions, deletions, replacements and swaps of neighbours. Only the
// first 64 bytes of each count, so that the work is bounded.
std::size_t edit_distance(std::string_view a, std::string_view b);

// `known`, nearest to `word` first; equals in the order given.
std::vector<std::string> by_nearness(std::string_view word, std::span<const std::string> known);

// `did you mean "site"?` where one is near; else `known here: site, node, ...`, nearest first.
std::string mend_by_nearest(std::string_view word, std::span<const std::string> known);

}  // namespace lokaal
