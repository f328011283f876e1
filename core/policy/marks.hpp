// Bits of the kernel's marks that lokaal owns. Others' bits are never changed.
//
//   ct mark (a flow's)    bits  0-7   service class; 0: not classified
//                         bits  8-23  number of the device that began the flow; 0: not known
//                         bits 24-28  its cohort: kind in 24-27, "staff" in 28
//                         bits 29-31  not ours
//   packet mark           bit  25     the packet has passed our prerouting chain
//                         the rest    not ours
#pragma once

#include <cstdint>

#include "core/devices/device.hpp"
#include "core/traffic/service.hpp"

namespace lokaal {

// Set by our prerouting chain on every interface, and demanded by the routing guard: a packet from
// or to a room without it is not forwarded, so that a room is closed while our table is missing.
inline constexpr std::uint32_t kGuardMark = 0x02000000;

inline constexpr std::uint32_t kServiceMask = 0x000000ff;
inline constexpr std::uint32_t kDeviceMask = 0x00ffff00;
inline constexpr std::uint32_t kKindMask = 0x0f000000;
inline constexpr std::uint32_t kCohortMask = 0x1f000000;
inline constexpr std::uint32_t kIdentityMask = kDeviceMask | kCohortMask;
inline constexpr std::uint32_t kForeignMask = 0xe0000000;
inline constexpr unsigned kForeignShift = 29;

constexpr std::uint32_t mark_of(DeviceNumber device) {
  return static_cast<std::uint32_t>(device) << 8;
}
constexpr std::uint32_t mark_of(Cohort cohort) {
  return static_cast<std::uint32_t>(cohort.bits()) << 24;
}
constexpr std::uint32_t mark_of(DeviceNumber device, ServiceNumber service) {
  return mark_of(device) | service;
}

}  // namespace lokaal
