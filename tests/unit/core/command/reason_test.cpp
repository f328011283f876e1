#include "core/command/reason.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace lokaal {
namespace {

// The list of SCHEMAS "Reasons", to the letter and in its order.
constexpr const char* kContract =
    "too-large retained malformed bad-type unknown-key revoked-key bad-signature subject-mismatch "
    "wrong-audience lifetime-too-long issued-in-future not-yet-valid expired before-window "
    "replay-conflict rate-limited clock-untrusted plan-stale unsupported-command unknown-mode "
    "unknown-room unknown-exam unknown-service unknown-device unknown-grant unknown-exemption "
    "invalid-until needs-personal-key role-forbidden room-forbidden hour-forbidden "
    "identity-too-weak exam-in-force not-exam-owner overlay-in-force essential-service superseded "
    "stale-generation kernel-failed log-failed lab-unreachable partial internal";

TEST(Reason, NamesAndOrderAreThoseOfTheContract) {
  std::istringstream names(kContract);
  std::string name;
  for (std::size_t i = 0; i < kReasons; ++i) {
    ASSERT_TRUE(names >> name);
    EXPECT_EQ(name_of(static_cast<Reason>(i)), name);
    EXPECT_EQ(reason_from(name), static_cast<Reason>(i));
  }
  EXPECT_FALSE(names >> name);
  EXPECT_FALSE(reason_from("because").has_value());
}

TEST(Reason, FourKindsAreNotKeptForRepeats) {
  for (std::size_t i = 0; i < kReasons; ++i) {
    const auto reason = static_cast<Reason>(i);
    const bool passing = reason == Reason::rate_limited || reason == Reason::clock_untrusted ||
                         reason == Reason::plan_stale || i >= kReasons - 5;
    EXPECT_EQ(is_passing(reason), passing) << name_of(reason);
  }
}

}  // namespace
}  // namespace lokaal
