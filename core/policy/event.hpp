// What happened, as the journal keeps it: folding events over a State gives the State after them.
// core/evidence/event_entry.hpp says which log entry each event becomes.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "core/policy/state.hpp"

namespace lokaal {

// What is commanded of a room is now this; none: it is over, and what was commanded underneath, the
// timetable or the standing mode shows again.
struct RoomCommanded {
  RoomId room;
  std::optional<CommandedMode> commanded;
  // Of an end: the command that is over. One that never became durable may end durably.
  std::optional<CommandId> ended = std::nullopt;

  bool operator==(const RoomCommanded&) const = default;
};

struct GrantBegun {
  Grant grant;

  bool operator==(const GrantBegun&) const = default;
};

struct GrantEnded {
  GrantId grant;
  RoomId room;
  std::string why;  // "expired", "revoked", "lesson-end"

  bool operator==(const GrantEnded&) const = default;
};

// A substitute took the room, or no longer has it.
struct RoomTaken {
  RoomId room;
  std::optional<TakenRoom> taken;
  Cause by;

  bool operator==(const RoomTaken&) const = default;
};

// An exam is now this: as it began, was extended, paused, or goes on.
struct ExamSet {
  Exam exam;

  bool operator==(const ExamSet&) const = default;
};

// Steps of an exam for the record. What they change stands in an ExamSet; only the end lets go.
struct ExamStep {
  enum class Kind : std::uint8_t { began, paused, resumed, ended };
  Kind kind = Kind::began;
  ExamId exam;
  RoomId room;
  std::string cause;               // "command", "emergency", "time"
  std::uint64_t plan_version = 0;  // of `began`; 0: no plan

  bool operator==(const ExamStep&) const = default;
};

// The building's overlays are now these. The building is told room by room, each for its own
// record.
struct OverlaysSet {
  RoomId room;
  std::optional<BuildingOverlay> phone_free;
  std::optional<BuildingOverlay> social_free;
  Cause by;
  // Until when each was switched off against its hours.
  std::optional<WallTime> phone_free_lifted{};
  std::optional<WallTime> social_free_lifted{};

  bool operator==(const OverlaysSet&) const = default;
};

struct ExemptionBegun {
  Exemption exemption;
  bool strong_identity = false;

  bool operator==(const ExemptionBegun&) const = default;
};

struct ExemptionEnded {
  ExemptionId exemption;
  RoomId room;
  std::string why;  // "expired", "ended"

  bool operator==(const ExemptionEnded&) const = default;
};

struct EmergencyBegun {
  RoomId room;
  WallTime until;
  std::optional<CommandId> jti;

  bool operator==(const EmergencyBegun&) const = default;
};

struct EmergencyEnded {
  RoomId room;
  std::string cause;  // "command", "time"

  bool operator==(const EmergencyEnded&) const = default;
};

// What a mode held on lab machines was let go, and counted. Changes no policy.
struct Released {
  RoomId room;
  std::int64_t total = 0;
  std::vector<std::string> still_locked;  // nodes

  bool operator==(const Released&) const = default;
};

// A lesson of the timetable began, or ended, or both: what the room is follows from the clock.
struct Bell {
  RoomId room;

  bool operator==(const Bell&) const = default;
};

using Event =
    std::variant<RoomCommanded, GrantBegun, GrantEnded, RoomTaken, ExamSet, ExamStep, OverlaysSet,
                 ExemptionBegun, ExemptionEnded, EmergencyBegun, EmergencyEnded, Released, Bell>;

// The room that an event stands in the record of.
const RoomId& room_of(const Event& event);

// Every event counts one generation. An event about what the state does not know (a room that the
// configuration no longer has) changes nothing else.
void fold(State& state, const Event& event);

}  // namespace lokaal
