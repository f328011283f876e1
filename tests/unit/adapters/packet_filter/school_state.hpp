// A layout and a state with something in every set, for tests without a kernel.
#pragma once

#include "adapters/packet_filter/elements.hpp"

namespace lokaal::test {

inline constexpr WallTime kNoon{std::chrono::hours(24 * 365 * 56 + 12)};

inline FilterLayout two_rooms() {
  FilterLayout layout;
  layout.rooms = {{RoomId("lokaal-112"), 1, {"br-112"}},
                  {RoomId("lokaal-113"), 2, {"br-113", "wlan0.113"}}};
  layout.always_open = {{Transport::tcp, 80}, {Transport::tcp, 443}, {Transport::udp, 5350}};
  layout.servers = {{IpAddress::parse("198.51.100.8").value(), 8883}};
  return layout;
}

// A computer in the first of them.
inline FilterLayout one_machine() {
  FilterLayout layout;
  layout.rooms = {{RoomId("lokaal-112"), 1, {}}};
  layout.servers = {{IpAddress::parse("198.51.100.8").value(), 8883},
                    {IpAddress::parse("2001:db8::8").value(), 8883}};
  layout.machine = MachineEnd{0x1234, {Kind::lab_pc, false}};
  return layout;
}

inline Device device(DeviceNumber number, Kind kind, const char* mac, Owner owner = Owner::pupil) {
  Device device;
  device.id = DeviceId("device-" + std::to_string(number));
  device.number = number;
  device.kind = kind;
  device.owner = owner;
  device.macs = {Mac::parse(mac).value()};
  return device;
}

inline DesiredState full_state() {
  DesiredState state;
  state.generation = 12;
  state.devices = {device(1, Kind::phone, "02:00:00:00:00:01"),
                   device(2, Kind::board, "02:00:00:00:00:02", Owner::school),
                   device(3, Kind::infrastructure, "02:00:00:00:00:03", Owner::school),
                   device(0x1234, Kind::laptop, "02:00:00:00:00:04", Owner::staff)};
  state.social = {5, 6};
  state.social_cohorts = {{Kind::phone, false}, {Kind::other, false}};
  DesiredRoom& first = state.rooms[RoomId("lokaal-112")];
  first.number = 1;
  first.mode = Mode::lesson;
  first.usable_away = {{Kind::board, false}};
  first.unusable_lesson = {{Kind::phone, false}};
  first.usable_devices = {1};
  first.unusable_devices = {2};
  first.grants = {{5, 0, kNoon + std::chrono::minutes(20)},
                  {6, 1, kNoon + std::chrono::minutes(5)}};
  DesiredRoom& second = state.rooms[RoomId("lokaal-113")];
  second.number = 2;
  second.mode = Mode::devices_away;
  second.exams = {DesiredExam{{9}, kNoon + std::chrono::hours(2)}};
  state.phone_free = DesiredOverlay{{{Kind::phone, false}}, std::nullopt};
  state.social_free = DesiredOverlay{{{Kind::phone, false}}, kNoon + std::chrono::hours(1)};
  state.cut = {0x1234};
  state.candidates[1] = {DesiredExam{{9}, kNoon + std::chrono::hours(3)}};
  state.exam_exempt = {{1, kUnclassified, kNoon + std::chrono::hours(1)}};
  state.phone_exempt = {{1, kUnclassified, kNoon + std::chrono::hours(2)}};
  state.social_exempt = {{0x1234, 5, kNoon + std::chrono::hours(1)}};
  return state;
}

inline packet_filter::Peers some_peers() {
  return {{{1, IpAddress::parse("10.112.0.11").value()}, 1},
          {{1, IpAddress::parse("fd00:112::11").value()}, 1},
          {{1, IpAddress::parse("10.112.0.12").value()}, 3},
          {{2, IpAddress::parse("10.113.0.13").value()}, 0x1234}};
}

}  // namespace lokaal::test
