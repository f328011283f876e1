// `rooms/<room>/state`: commanded, applied and observed, kept apart (SCHEMAS state).
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/policy/mode.hpp"

namespace lokaal::wire {

enum class ClockState : std::uint8_t { synced, untrusted };
enum class Isolation : std::uint8_t { proven, absent, unknown };
enum class CommandedBy : std::uint8_t { person, panel, physical, timetable, plan, standard };
enum class Verdict : std::uint8_t { agrees, drift, silent, unknown };
enum class Scope : std::uint8_t { self, room, site };
std::string_view name_of(ClockState clock);
std::string_view name_of(Isolation isolation);
std::string_view name_of(CommandedBy by);  // CommandedBy::standard is "default"
std::string_view name_of(Verdict verdict);
std::string_view name_of(Scope scope);

struct OverlayState {
  std::string name;
  std::optional<WallTime> until;
};

struct GrantState {
  GrantId id;
  std::vector<std::string> services;
  std::optional<std::uint32_t> devices;  // how many; nullopt: the room
  std::optional<WallTime> until;
};

struct CommandedState {
  std::optional<Mode> mode;
  std::vector<OverlayState> overlays;
  std::optional<WallTime> until;
  ExamId exam;  // empty: none
  RuleId rule;  // empty: none
  CommandedBy by = CommandedBy::standard;
  CommandId jti;  // empty: none
  std::vector<GrantState> grants;
  std::uint32_t exemptions = 0;
  std::vector<std::string> allow;
  std::vector<std::string> forbid;
};

// Shared by `state`, where it is the gateway's own word.
struct AppliedState {
  std::uint64_t generation = 0;
  std::optional<Mode> mode;
  std::vector<std::string> overlays;
  std::optional<WallTime> at;
  std::string failed;  // a reason; empty: it did not
};

struct MachineCounts {
  std::uint32_t total = 0;
  std::uint32_t locked = 0;
  std::uint32_t off = 0;
  std::uint32_t silent = 0;
  std::uint32_t unlocked = 0;
  std::uint32_t external = 0;

  bool operator==(const MachineCounts&) const = default;
};

struct ObserverState {
  NodeId node;
  std::uint64_t seq = 0;
  WallTime at;
  Scope scope = Scope::self;
  Verdict verdict = Verdict::unknown;
};

struct ObservedState {
  Verdict verdict = Verdict::unknown;
  std::optional<WallTime> at;
  std::optional<std::uint64_t> generation;
  MachineCounts machines;
  std::uint32_t sightings = 0;
  std::vector<ObserverState> observers;
};

struct LogHead {
  std::string log;  // origin
  std::uint64_t size = 0;
  std::string root;  // base64
};

struct RoomState {
  SiteId site;
  RoomId room;
  NodeId node;
  std::string boot_id;
  std::uint64_t seq = 0;
  WallTime at;
  std::uint64_t generation = 0;
  ClockState clock = ClockState::untrusted;
  Isolation isolation = Isolation::unknown;
  CommandedState commanded;
  AppliedState applied;
  ObservedState observed;
  std::optional<LogHead> evidence;
  std::optional<WallTime> next_deadline;
};

boost::json::value to_json(const RoomState& state);
std::string to_text(const RoomState& state);

}  // namespace lokaal::wire
