// A plan document as it is published: a compact JWS by a key of the roster (INTERFACES section 3,
// "Plan documents").
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "core/command/plan_document.hpp"
#include "core/command/roster.hpp"

namespace lokaal {

// The largest document that is read: a site's timetable of some weeks.
inline constexpr std::size_t kPlanLimit = 4 * 1024 * 1024;

// By whom a document must be signed.
struct PlanSigners {
  const Roster& roster;
  // The key must be in force then. Absent: the document was believed before, when the key was;
  // its key has to be in the roster still, but may have run out since.
  std::optional<WallTime> now;
};

struct SignedPlan {
  std::string payload;  // JSON, not read yet
  KeyId kid;
  PersonId person;  // of the key; empty: a machine's
  Role role = Role::panel;
  Digest sha256{};  // of the document as received
};

// The header is alg EdDSA, kid, and typ "lokaal-<name>+jws"; the key is of the roster and in one of
// `roles`, and its signature holds. The payload is only then worth reading.
Result<SignedPlan> open_signed_plan(std::string_view jws, std::string_view name,
                                    const std::set<Role>& roles, const PlanSigners& signers);

// Completes what the payload said of itself: of the roster's site, and with its hash.
Result<void> bind_to(PlanDocument& document, std::string_view name, const SignedPlan& signature,
                     const Roster& roster);

// The payload as an object, strictly (core/base/json.hpp).
Result<boost::json::object> plan_object(std::string_view payload, std::string_view name);

// "plan/timetable": what errors are about.
std::string plan_place(std::string_view name);

}  // namespace lokaal
