// The chains of the table and their rules, as text for libnftables. Pure.
#pragma once

#include <string>

#include "adapters/packet_filter/packet_filter.hpp"

namespace lokaal::packet_filter {

// The interfaces of rooms, and which room each belongs to: fixed while the table stands.
std::string render_ports(const FilterLayout& layout);
std::string render_chains(const FilterLayout& layout);

}  // namespace lokaal::packet_filter
