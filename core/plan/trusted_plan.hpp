// The plan documents that a node believes, and the rules by which others may take their place.
#pragma once

#include <optional>
#include <string_view>
#include <variant>

#include "core/plan/inventory.hpp"
#include "core/plan/school_policy.hpp"
#include "core/plan/timestamp.hpp"
#include "core/plan/timetable.hpp"

namespace lokaal {

// Any one document, verified.
using PlanPart =
    std::variant<Root, Roster, SchoolPolicy, Timetable, Timestamp, DeviceSlice, ExamSlice>;

const PlanDocument& document_of(const PlanPart& part);
// "roster"; the two of an inventory are "inventory-devices" and "inventory-exams".
std::string_view name_of(const PlanPart& part);
// The key that signed it; absent for a root, which several sign.
std::optional<KeyId> signer_of(const PlanPart& part);

struct TrustedPlan {
  NodeId node;  // whose inventory it takes
  Root root;
  Roster roster;
  std::optional<SchoolPolicy> policy;
  std::optional<Timetable> timetable;
  std::optional<Timestamp> timestamp;
  std::optional<DeviceSlice> devices;
  std::optional<ExamSlice> exams;
  // A timestamp was here and nobody vouches for it any more: until the next one the plan is stale.
  bool timestamp_lost = false;

  // Whether `text` may take the place of the document of that name ("inventory": of one of the
  // two): every signature, the form, and the version. Absent: it is the one that is kept. `now` as
  // in PlanSigners. A root must be able to vouch for the roster that is kept.
  Result<std::optional<PlanPart>> examine(std::string_view name, std::string_view text,
                                          std::optional<WallTime> now) const;

  // Takes it. A new roster may no longer know who signed a document: that one is let go.
  void take(PlanPart part);

  // From when on the plan is stale: it goes on as it is, and loosens nothing. Absent: it does not
  // grow stale, since no timestamp was ever seen and none is required, and the timetable has no
  // end. The earliest moment where a timestamp names a document that is not here, or was lost.
  std::optional<WallTime> stale_from(bool timestamp_required) const;

  bool operator==(const TrustedPlan&) const = default;
};

}  // namespace lokaal
