#include "core/command/reason.hpp"

namespace lokaal {
namespace {

constexpr std::array<std::string_view, kReasons> kNames = {
    "too-large",
    "retained",
    "malformed",
    "bad-type",
    "unknown-key",
    "revoked-key",
    "bad-signature",
    "subject-mismatch",
    "wrong-audience",
    "lifetime-too-long",
    "issued-in-future",
    "not-yet-valid",
    "expired",
    "before-window",
    "replay-conflict",
    "rate-limited",
    "clock-untrusted",
    "plan-stale",
    "unsupported-command",
    "unknown-mode",
    "unknown-room",
    "unknown-exam",
    "unknown-service",
    "unknown-device",
    "unknown-grant",
    "unknown-exemption",
    "invalid-until",
    "needs-personal-key",
    "role-forbidden",
    "room-forbidden",
    "hour-forbidden",
    "identity-too-weak",
    "exam-in-force",
    "not-exam-owner",
    "overlay-in-force",
    "essential-service",
    "superseded",
    "stale-generation",
    "kernel-failed",
    "log-failed",
    "lab-unreachable",
    "partial",
    "internal",
};
static_assert(!kNames.back().empty());

}  // namespace

std::string_view name_of(Reason reason) {
  return kNames[static_cast<std::size_t>(reason)];
}

std::optional<Reason> reason_from(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i)
    if (kNames[i] == name) return static_cast<Reason>(i);
  return std::nullopt;
}

}  // namespace lokaal
