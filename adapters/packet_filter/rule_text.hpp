// How rules are written: a line of text each, constants and marks as nft reads them. Pure.
//
// `meta mark & 0 ^ N` is how a constant is written as the key of a lookup.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <iterator>
#include <string>
#include <utility>

#include "adapters/packet_filter/elements.hpp"
#include "core/policy/marks.hpp"

namespace lokaal::packet_filter {

template <class... Parts>
void line(std::string& out, fmt::format_string<Parts...> text, Parts&&... parts) {
  fmt::format_to(std::back_inserter(out), text, std::forward<Parts>(parts)...);
  out += '\n';
}

inline std::string constant(std::uint32_t value) {
  return value == 0 ? "meta mark & 0" : fmt::format("meta mark & 0 ^ 0x{:08x}", value);
}

inline std::string flow(std::uint32_t mask) {
  return fmt::format("ct mark & 0x{:08x}", mask);
}

inline std::string mode_is(RoomNumber room, Mode mode) {
  return fmt::format("{} @room_modes", constant(room_mode_mark(room, mode)));
}

}  // namespace lokaal::packet_filter
