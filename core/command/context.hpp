// What the node knows, as far as a command is judged by it. Views are copies of the moment.
#pragma once

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
#include "core/policy/rulebook.hpp"

namespace lokaal {

struct LessonView {
  PersonId teacher;
  WallTime until;
};

// An exam that is in force in a room.
struct RunningExamView {
  std::optional<ExamId> id;  // absent: unplanned, by set-mode
  PersonId owner;
  RuleId rule;
  std::optional<WallTime> until = std::nullopt;   // absent: paused
  std::optional<WallTime> latest = std::nullopt;  // to which it can be extended

  bool planned() const { return id.has_value(); }
};

struct RoomView {
  Mode mode = Mode::open;              // the base mode; an exam stands beside it
  std::optional<WallTime> mode_until;  // when that mode ends by itself
  std::uint64_t generation = 0;
  std::optional<WallTime> last_set_mode;  // `iat` of the last set-mode that was accepted here
  std::optional<RunningExamView> exam;
  // What set-devices last said: kinds or ids.
  std::set<std::string> allowed;
  std::set<std::string> forbidden;
  // Whether there is a timetable for this room. Without one a teacher's rooms count at any hour.
  bool timetabled = false;
  std::optional<LessonView> lesson;     // the one that is on now
  std::optional<WallTime> next_lesson;  // where none is: when one begins
  std::optional<PersonId> taken_by;     // a substitute who took the room
};

struct ServiceView {
  bool essential = false;
};

struct DeviceView {
  Kind kind = Kind::other;
  bool strong_identity = false;  // more than a MAC address
};

struct ExamView {
  std::string kind;  // "test", "school-exam", "central-exam"
  PersonId owner;
  std::set<RoomId> rooms;
  bool running = false;
  std::set<DeviceId> candidates;
  std::optional<WallTime> until = std::nullopt;   // when it ends, or by its plan is to end
  std::map<DeviceId, WallTime> ends = {};         // of the candidates of one that runs
  std::vector<std::string> allow = {};            // services and host names, as planned
  std::optional<WallTime> latest = std::nullopt;  // of one that runs: to which it can be extended
  bool group = false;                             // as planned: of its candidates alone
};

struct ExemptionView {
  bool from_exam_alone = false;
};

struct OverlayView {
  std::string name;                // "phone-free", "social-free"
  bool pierced_by_grants = false;  // whether a teacher's permission holds against it
  RuleId rule;
};

// Lookups that the daemon implements over its own state; called on its thread, within judge().
class CommandContext {
 public:
  virtual ~CommandContext() = default;

  virtual bool clock_trusted() const = 0;
  virtual bool plan_fresh() const = 0;

  // Every room that this node governs: a building command is judged for each.
  virtual std::vector<RoomId> rooms() const = 0;
  virtual std::optional<RoomView> room(const RoomId& room) const = 0;
  virtual std::optional<ServiceView> service(const ServiceId& service) const = 0;
  virtual std::optional<DeviceView> device(const DeviceId& device) const = 0;
  // Where the school day now on ends (after hours: the next one). Absent: nobody said; lesson
  // modes then last 12 hours at most.
  virtual std::optional<WallTime> school_day_end() const = 0;
  virtual CommandTerms terms() const = 0;

  // Who has none of these says so by leaving them.
  virtual std::optional<ExamView> exam(const ExamId&) const { return std::nullopt; }
  // The room in which the grant holds.
  virtual std::optional<RoomId> grant(const GrantId&) const { return std::nullopt; }
  virtual std::optional<ExemptionView> exemption(const ExemptionId&) const { return std::nullopt; }
  virtual std::vector<OverlayView> overlays() const { return {}; }
};

}  // namespace lokaal
