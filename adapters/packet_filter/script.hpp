// The table as text for libnftables. Pure.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/packet_filter/elements.hpp"
#include "adapters/packet_filter/packet_filter.hpp"

namespace lokaal::packet_filter {

// The chains that hooks enter. Others in our table are somebody else's.
inline constexpr std::array<std::string_view, 5> kBaseChains = {"prerouting", "resolve", "forward",
                                                                "input", "output"};

// What stands in the kernel under our table's name: it is taken away in the same transaction that
// puts the new table up. Base chains stay, and get new rules: were they taken away and made anew,
// a packet could pass between the new hook, still empty, and the old one, already empty.
struct Standing {
  std::vector<std::string> sets;
  std::vector<std::string> maps;
  std::vector<std::string> chains;  // without our base chains
};

// Names of interfaces and numbers are such that they can be put into a script, and are unique.
Result<void> check_layout(const FilterLayout& layout);

// The whole transaction: away with what stands, then the table with its rules and elements.
// The layout must have been checked.
std::string render_install(const FilterLayout& layout, const Elements& elements,
                           const Standing& standing, WallTime now);
// The same by deleting the whole table: for one that is not of this form.
std::string render_replace(const FilterLayout& layout, const Elements& elements, WallTime now);

// Closes the rooms whatever is left of the table, until render_install() has taken the rules away
// again. Empty: there are none.
std::string render_close(const FilterLayout& layout);

std::string from_chain(RoomNumber room);  // judges the end that began a flow
std::string to_chain(RoomNumber room);    // judges the far end
std::string class_chain(ServiceNumber service);

// How long an element that ends at `until` has to live; at least a millisecond.
std::chrono::milliseconds time_left(WallTime until, WallTime now);

}  // namespace lokaal::packet_filter
