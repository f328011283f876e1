// What lokaald's table promises to whoever reads it, as docs/kernel-contract.md says. Written down
// here a second time, from that page and not from the code that makes the table: a fault there must
// not be a fault here.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/policy/mode.hpp"

namespace lokaal::kernel_contract {

inline constexpr std::string_view kTable = "lokaal";  // of family inet
// One element a governed room: room number << 8 | base mode.
inline constexpr std::string_view kRoomModes = "room_modes";
// The numbers of rooms that are open for a while: above another base mode, or by an emergency.
inline constexpr std::array<std::string_view, 2> kOpened = {"opened", "emergency"};
// The numbers of rooms in which an exam runs, each with the exam's end as its timeout.
inline constexpr std::string_view kExams = "exams";
// One element: the low 32 bits of the generation that was applied last.
inline constexpr std::string_view kApplied = "applied";
// Sets that name service fills: they change with every answer, and say nothing of modes.
inline constexpr std::string_view kLearnedPrefix = "lear";
// The program that may change the table, as the kernel names it (comm).
inline constexpr std::string_view kEnforcer = "lokaald";

constexpr std::uint16_t room_of(std::uint32_t element) {
  return static_cast<std::uint16_t>(element >> 8);
}

constexpr std::optional<Mode> base_mode_of(std::uint32_t element) {
  switch (element & 0xff) {
    case 0:
      return Mode::open;
    case 1:
      return Mode::lesson;
    case 2:
      return Mode::devices_away;
    default:
      return std::nullopt;
  }
}

}  // namespace lokaal::kernel_contract
