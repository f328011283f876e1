// What stands or is carried in a room.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"

namespace lokaal {

// The kinds of `set-devices` and the inventory (INTERFACES section 3, PROTOCOL-RULES
// mondia:teacher-decides). The numbers are part of the ct mark: they never change.
enum class Kind : std::uint8_t {
  other = 0,  // also: whatever the inventory does not know
  phone = 1,
  tablet = 2,
  media_player = 3,
  wearable = 4,
  laptop = 5,
  lab_pc = 6,
  board = 7,
  infrastructure =
      8,  // telephony, alarm, doors, attendance, the invigilator's device: never governed
};
inline constexpr std::array kAllKinds = {Kind::other,        Kind::phone,    Kind::tablet,
                                         Kind::media_player, Kind::wearable, Kind::laptop,
                                         Kind::lab_pc,       Kind::board,    Kind::infrastructure};

std::string_view name_of(Kind kind);  // "media-player"
std::optional<Kind> kind_from(std::string_view name);

enum class Owner : std::uint8_t { pupil, staff, school };
std::string_view name_of(Owner owner);
std::optional<Owner> owner_from(std::string_view name);

// Devices that every rule treats alike: a kind, and whether staff own it. Five bits of the ct mark.
struct Cohort {
  Kind kind = Kind::other;
  bool staff = false;

  constexpr std::uint8_t bits() const {
    return static_cast<std::uint8_t>(static_cast<std::uint8_t>(kind) | (staff ? 0x10U : 0U));
  }
  auto operator<=>(const Cohort&) const = default;
};

struct Mac {
  std::array<std::uint8_t, 6> bytes{};

  static Result<Mac> parse(std::string_view text);  // "02:00:00:00:00:01", either case
  std::string text() const;                         // lower case
  auto operator<=>(const Mac&) const = default;
};

// A device's place in the ct mark, given by this node and stable while it runs. 0: no device.
using DeviceNumber = std::uint16_t;

struct Device {
  DeviceId id;
  DeviceNumber number = 0;
  std::vector<Mac> macs;
  Kind kind = Kind::other;
  std::optional<RoomId> room;  // where it belongs; what is carried belongs nowhere
  Owner owner = Owner::pupil;
  std::vector<std::string> tags;

  Cohort cohort() const { return {kind, owner == Owner::staff}; }
  bool operator==(const Device&) const = default;
};

}  // namespace lokaal
