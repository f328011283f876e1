// Why a command was refused, or failed: codes that outsiders hold on to (SCHEMAS "Reasons").
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/ids.hpp"

namespace lokaal {

// In the order of the checks: of several faults the first one here is the one that is told.
enum class Reason : std::uint8_t {
  too_large,
  retained,
  malformed,
  bad_type,
  unknown_key,
  revoked_key,
  bad_signature,
  subject_mismatch,
  wrong_audience,
  lifetime_too_long,
  issued_in_future,
  not_yet_valid,
  // here an identical repeat gets the stored result
  expired,
  before_window,
  replay_conflict,
  rate_limited,
  clock_untrusted,
  plan_stale,
  unsupported_command,
  unknown_mode,
  unknown_room,
  unknown_exam,
  unknown_service,
  unknown_device,
  unknown_grant,
  unknown_exemption,
  invalid_until,
  needs_personal_key,
  role_forbidden,
  room_forbidden,
  hour_forbidden,
  identity_too_weak,
  exam_in_force,
  not_exam_owner,
  overlay_in_force,
  essential_service,
  superseded,
  stale_generation,
  // `failed`: allowed, and yet not done
  kernel_failed,
  log_failed,
  lab_unreachable,
  partial,
  internal,
};

inline constexpr std::size_t kReasons = static_cast<std::size_t>(Reason::internal) + 1;

std::string_view name_of(Reason reason);  // "too-large"
std::optional<Reason> reason_from(std::string_view name);

// kernel-failed and after.
constexpr bool is_failure(Reason reason) {
  return reason >= Reason::kernel_failed;
}
// A result with this reason is not kept for repeats: the next try is judged anew.
constexpr bool is_passing(Reason reason) {
  return reason == Reason::rate_limited || reason == Reason::clock_untrusted ||
         reason == Reason::plan_stale || is_failure(reason);
}

struct Refusal {
  Reason reason = Reason::internal;
  std::string detail;          // for a person; ASCII, short, nothing personal
  std::optional<RuleId> rule;  // what the school can cite for it

  bool operator==(const Refusal&) const = default;
};

}  // namespace lokaal
