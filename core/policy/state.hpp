// The state of a site as this node knows it: a fold over events, with `now` a value.
//
// Everything here carries its own end; what has ended by `now` has no effect, whether or not the
// event that records the end has been folded yet.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/devices/device.hpp"
#include "core/policy/cause.hpp"
#include "core/policy/desired_state.hpp"
#include "core/policy/exam.hpp"
#include "core/policy/exam_plan.hpp"
#include "core/policy/mode.hpp"

namespace lokaal {

// What a teacher said of devices, by kind or by device, in lesson and devices-away. Forbidding
// wins.
struct DeviceRules {
  std::set<Kind> allowed_kinds;
  std::set<Kind> forbidden_kinds;
  std::set<DeviceId> allowed;
  std::set<DeviceId> forbidden;

  bool operator==(const DeviceRules&) const = default;
};

// A base mode that somebody commanded, with what was said of devices in it.
struct CommandedMode {
  Mode mode = Mode::open;  // open, lesson or devices_away
  WallTime until;
  Cause by;
  DeviceRules devices;

  bool operator==(const CommandedMode&) const = default;
};

// An hour of the timetable, in absolute time: who teaches where and when. DST is dealt with where
// civil times are read.
struct Lesson {
  WallTime from;
  WallTime to;
  PersonId teacher;
  Mode mode = Mode::lesson;

  bool operator==(const Lesson&) const = default;
};

// A substitute who took the room, until the bell.
struct TakenRoom {
  PersonId by;
  WallTime until;

  bool operator==(const TakenRoom&) const = default;
};

struct Room {
  RoomNumber number = 0;
  Mode default_mode = Mode::open;  // what the room is when nothing is commanded and no lesson on
  std::optional<CommandedMode> commanded;
  // The lesson that was commanded before, for longer: it goes on when `commanded` is over.
  // "Devices away, ten minutes" is no end of the lesson. Each ends later than the one before it.
  std::vector<CommandedMode> underneath;
  std::vector<Lesson> lessons;  // by `from`, not overlapping
  std::optional<TakenRoom> taken;

  bool operator==(const Room&) const = default;
};

// A teacher's permission: services, for the room or some of its devices, until then.
struct Grant {
  GrantId id;
  RoomId room;
  std::set<ServiceId> services;
  std::set<DeviceId> devices;  // empty: the room
  WallTime until;

  bool operator==(const Grant&) const = default;
};

// From one named overlay, for one device, visibly.
struct Exemption {
  ExemptionId id;
  RoomId room;  // where it was said; it holds everywhere
  DeviceId device;
  bool from_social = false;
  bool from_phone_free = false;
  bool from_exam = false;
  std::set<ServiceId> services;  // of social media; empty: all
  WallTime until;

  bool operator==(const Exemption&) const = default;
};

struct BuildingOverlay {
  std::optional<WallTime> until;

  bool operator==(const BuildingOverlay&) const = default;
};

// When the school's protocol has an overlay on by itself, in absolute time: [from, to). DST is
// dealt with where civil times are read.
struct OverlaySpan {
  WallTime from;
  WallTime to;

  bool operator==(const OverlaySpan&) const = default;
};

// Of the days to come, each by `from` and not overlapping. Not of the journal: the protocol file
// says it.
struct OverlayHours {
  std::vector<OverlaySpan> phone_free;
  std::vector<OverlaySpan> social_free;

  bool operator==(const OverlayHours&) const = default;
};

struct State {
  Generation generation = 0;
  std::map<RoomId, Room> rooms;
  std::map<DeviceId, Device> devices;
  std::map<GrantId, Grant> grants;
  std::map<ExemptionId, Exemption> exemptions;
  std::map<ExamId, Exam> exams;           // that run
  std::map<ExamId, PlannedExam> planned;  // that may be started
  std::map<ServiceId, ExamHost> hosts;    // host names of running exams
  ServiceNumber last_host = 0;            // the number that one was given last
  std::optional<BuildingOverlay> phone_free;
  std::optional<BuildingOverlay> social_free;
  // Until when an overlay was switched off against its hours.
  std::optional<WallTime> phone_free_lifted;
  std::optional<WallTime> social_free_lifted;
  OverlayHours hours;
  std::set<DeviceId> cut;
  std::optional<WallTime> emergency_until;

  bool operator==(const State&) const = default;
};

// The lesson that is on in a room at `now`, or null. Valid as long as the room.
const Lesson* lesson_at(const Room& room, WallTime now);
// When the first lesson after `now` begins.
std::optional<WallTime> next_lesson(const Room& room, WallTime now);

// The command that is in force in a room at `now`, or null. Valid as long as the room.
const CommandedMode* commanded_at(const Room& room, WallTime now);
// What is in force in a room under the overlays: what was commanded, else the timetable, else the
// standing mode.
struct BaseMode {
  Mode mode = Mode::open;
  std::optional<WallTime> until;  // none: nothing that is known of ends it
  Cause by;
  const DeviceRules* devices = nullptr;  // null: nothing was said; valid as long as the room
};
BaseMode base_mode(const Room& room, WallTime now);

// While the base mode is open: the moment after `now` at which another one follows it by itself, or
// none.
std::optional<WallTime> open_until(const Room& room, WallTime now);

// The exam that holds a room as a whole at `now`, or null; of several, the one that ends last.
// Valid as long as the state.
const Exam* exam_of_room(const State& state, const RoomId& room, WallTime now);

// What a room shows as its mode: the strictest of its base mode and a running exam.
struct ShownMode {
  Mode mode = Mode::open;
  std::optional<WallTime> until;
  Cause by;
  const Exam* exam = nullptr;  // valid as long as the state
};
ShownMode shown_mode(const State& state, const RoomId& room, WallTime now);

// Overlays of the building, and an emergency, that are in force.
struct OverlayInForce {
  std::string_view name;  // "phone-free", "social-free", "emergency"
  std::optional<WallTime> until;
};
std::vector<OverlayInForce> overlays_in_force(const State& state, WallTime now);

// Whether an emergency suspends the modes of the building (exams stay).
bool in_emergency(const State& state, WallTime now);

// Whether a layer with this end still holds. No end: it holds.
inline bool holds(const std::optional<WallTime>& until, WallTime now) {
  return !until || now < *until;
}
inline bool holds(WallTime until, WallTime now) {
  return now < until;
}

// The next moment after `now` at which anything ends, or a lesson or an overlay begins
// by itself; or none.
std::optional<WallTime> next_deadline(const State& state, WallTime now);

}  // namespace lokaal
