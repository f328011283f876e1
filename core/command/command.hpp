// The commands that outsiders sign (INTERFACES section 3), as parsed: their form is right, what
// they name may still be unknown. Strings that are judged later stay strings.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"

namespace lokaal {

struct SetMode {
  std::string mode;                               // "lesson"; perhaps one that nobody knows
  std::optional<std::string> until;               // perhaps no time at all
  std::optional<std::vector<std::string>> allow;  // services or host names; only with mode exam
  std::optional<std::uint64_t> if_generation;

  bool operator==(const SetMode&) const = default;
};

enum class ExamAction : std::uint8_t { start, extend, pause, resume, end };
std::string_view name_of(ExamAction action);
std::optional<ExamAction> exam_action_from(std::string_view name);

struct RunExam {
  ExamAction action = ExamAction::start;
  ExamId exam;
  std::optional<std::string> until;
  std::optional<DeviceId> candidate;

  bool operator==(const RunExam&) const = default;
};

struct GiveGrant {
  std::vector<ServiceId> services;
  std::optional<std::vector<DeviceId>> devices;  // absent: the room
  // Exactly one of these three says the end.
  std::optional<std::string> until;
  std::optional<std::int64_t> minutes;
  bool lesson_end = false;
  std::string reason;  // "teaching"

  bool operator==(const GiveGrant&) const = default;
};

struct RevokeGrant {
  GrantId grant;

  bool operator==(const RevokeGrant&) const = default;
};

// A list that is left out stays as it is; an empty one is emptied.
struct SetDevices {
  std::optional<std::vector<std::string>> allow;  // kinds or device ids
  std::optional<std::vector<std::string>> forbid;

  bool operator==(const SetDevices&) const = default;
};

struct SetOverlay {
  std::string overlay;  // "phone-free"; perhaps one that nobody knows
  bool on = false;
  std::optional<std::string> until;

  bool operator==(const SetOverlay&) const = default;
};

struct Exempt {
  DeviceId device;
  std::vector<std::string> from;  // of "social-media", "phone-free", "exam"
  std::optional<std::vector<ServiceId>> services;
  std::string until;
  std::string reason;
  bool accept_weak_identity = false;

  bool operator==(const Exempt&) const = default;
};

struct EndExemption {
  ExemptionId exemption;

  bool operator==(const EndExemption&) const = default;
};

struct TakeRoom {
  bool operator==(const TakeRoom&) const = default;
};

struct Emergency {
  bool on = false;
  std::optional<std::string> until;

  bool operator==(const Emergency&) const = default;
};

struct Release {
  bool operator==(const Release&) const = default;
};

// A type that this version does not know: refused late, as unsupported-command.
struct UnknownCommand {
  std::string type;

  bool operator==(const UnknownCommand&) const = default;
};

using Command = std::variant<SetMode, RunExam, GiveGrant, RevokeGrant, SetDevices, SetOverlay,
                             Exempt, EndExemption, TakeRoom, Emergency, Release, UnknownCommand>;

// Strict: a member that is unknown, missing, null or of the wrong type is an error.
Result<Command> parse_command(const boost::json::value& cmd);

// "set-mode": what `type` said.
std::string_view type_of(const Command& command);
// Commands for the whole building, on its topic only.
bool for_building_only(const Command& command);

}  // namespace lokaal
