// What enforcement shall hold now: the policy flattened to what a packet can be judged by.
//
// Made by desired_state() in flatten.hpp; applied by adapters/packet_filter and, as a snapshot, by
// the DNS server. decide() and this must agree: for every packet, what the kernel does with a
// DesiredState is what decide() says of the State that it came from. With generated states: that
// decide() and tests/unit/adapters/packet_filter/oracle.hpp agree (flatten_test.cpp), that oracle
// and kernel do (oracle_test.cpp), and that decide() and the DNS server do (dns_oracle_test.cpp).
//
// devices_away is a lesson too: what may be used in it is still refused social services.
//
// WallTime::max() stands for no end (what staff keep). Deadlines are in trusted school time. What
// carries one must end by itself in the kernel.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/devices/device.hpp"
#include "core/policy/mode.hpp"
#include "core/traffic/service.hpp"

namespace lokaal {

// A room's number on this node: 1 to 4095.
using RoomNumber = std::uint16_t;
// Counts the changes of what is desired; 0: nothing yet.
using Generation = std::uint64_t;

// A permission for a class that the lesson or social-free refuses.
struct DesiredGrant {
  ServiceNumber service = kUnclassified;
  DeviceNumber device = 0;  // 0: every device in the room
  WallTime until;
  bool for_phones = false;  // during phone-free, too

  auto operator<=>(const DesiredGrant&) const = default;
};

// A running exam, of a room or of a candidate. Everything of a governed device is refused but
// `allowed` services (exam-infrastructure among them).
struct DesiredExam {
  std::set<ServiceNumber> allowed;
  WallTime until;
  bool paused = false;  // then `until` is the latest, and nobody is told of it

  bool operator==(const DesiredExam&) const = default;
};

// Spares one device from an overlay until then.
struct DesiredExemption {
  DeviceNumber device = 0;
  ServiceNumber service = kUnclassified;  // of social media alone: which; kUnclassified: all
  WallTime until;

  auto operator<=>(const DesiredExemption&) const = default;
};

struct DesiredRoom {
  RoomNumber number = 0;
  Mode mode = Mode::open;  // the base mode: open, lesson or devices_away
  // Until then the room is open all the same: `mode`, with what is said of devices below, is what
  // follows.
  std::optional<WallTime> open_until;
  // Cohorts that may be used while the base mode is devices_away (board, staff, what the teacher
  // allowed) and those that may not be in a lesson (what the teacher forbade).
  std::set<Cohort> usable_away;
  std::set<Cohort> unusable_lesson;
  // Single devices, in lesson and devices_away; they override their cohort.
  std::set<DeviceNumber> usable_devices;
  std::set<DeviceNumber> unusable_devices;
  std::vector<DesiredGrant> grants;
  // Where several exams hold at a time, only what all of them allow passes.
  std::vector<DesiredExam> exams;

  Mode mode_at(WallTime now) const { return open_until && now < *open_until ? Mode::open : mode; }

  bool operator==(const DesiredRoom&) const = default;
};

// A building-wide overlay, ending by itself.
struct DesiredOverlay {
  std::set<Cohort> cohorts;  // to whom it applies
  std::optional<WallTime> until;

  bool operator==(const DesiredOverlay&) const = default;
};

struct DesiredState {
  Generation generation = 0;
  std::map<RoomId, DesiredRoom> rooms;
  // Services that a lesson refuses, and cohorts for which it does (staff may be spared).
  std::set<ServiceNumber> social;
  std::set<Cohort> social_cohorts;
  // Services that nothing refuses to whoever opens them: calls to 112.
  std::set<ServiceNumber> life_safety;
  // Devices of the inventory. Kind infrastructure is never governed by any layer.
  std::vector<Device> devices;

  std::optional<DesiredOverlay> phone_free;   // these cohorts get no service
  std::optional<DesiredOverlay> social_free;  // these cohorts get no social service
  std::set<DeviceNumber> cut;                 // single devices, everywhere
  // Candidates of running exams, closed wherever they are, each by the exams that they sit.
  std::map<DeviceNumber, std::vector<DesiredExam>> candidates;
  // Until then only exams and cuts hold; the rest does again by itself.
  std::optional<WallTime> emergency_until;

  // From exams and from phone-free a device is spared at both ends of a flow; from the refusal of
  // social services (in a lesson and social-free) where it began the flow.
  std::vector<DesiredExemption> exam_exempt;
  std::vector<DesiredExemption> phone_exempt;
  std::vector<DesiredExemption> social_exempt;

  bool operator==(const DesiredState&) const = default;
};

}  // namespace lokaal
