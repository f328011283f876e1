// The chains of a machine that keeps its own traffic, as text for libnftables. Pure.
#pragma once

#include <string>

#include "adapters/packet_filter/packet_filter.hpp"

namespace lokaal::packet_filter {

// The layout has a machine and one room.
void render_machine(std::string& out, const FilterLayout& layout);
// Rules that close the machine while its table is replaced.
std::string render_machine_close();

}  // namespace lokaal::packet_filter
