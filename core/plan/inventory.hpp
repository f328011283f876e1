// A node's inventory: its slice of the site's devices, and the exams that may be started here.
// What is published is a JWE to the node of one or two signed documents (docs/decisions/0020).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/devices/device.hpp"
#include "core/plan/signed_plan.hpp"
#include "core/policy/exam_plan.hpp"
#include "core/policy/state.hpp"

namespace lokaal {

// Signed by it. Devices have no number yet: that is the node's own.
struct DeviceSlice {
  PlanDocument document;
  KeyId signer;
  std::vector<Device> devices;

  bool operator==(const DeviceSlice&) const = default;
};

// Signed by a coordinator, who owns the exams.
struct ExamSlice {
  PlanDocument document;
  KeyId signer;
  std::vector<PlannedExam> exams;

  bool operator==(const ExamSlice&) const = default;
};

using InventorySlice = std::variant<DeviceSlice, ExamSlice>;

// What was decrypted: a JSON object whose members `devices` and `exams` are compact JWS, or null;
// or one compact JWS alone. Gives the JWS.
Result<std::vector<std::string>> inventory_documents(std::string_view decrypted);

// The payload of one of them, without any trust: for who is about to sign one. `doc` is
// "inventory"; its `node`, where it is given, must be that node (absent: any); and it has either
// `devices` or `exams`.
Result<InventorySlice> parse_inventory(std::string_view payload, const std::optional<NodeId>& node);
// As published, by a key in the role that its content wants.
Result<InventorySlice> verify_inventory(std::string_view jws, const NodeId& node,
                                        const PlanSigners& signers);

// The exams as State keeps them. A `test` is its teacher's: of the lesson in which it begins; where
// the timetable has none, and for all others, the coordinator's who signed.
std::map<ExamId, PlannedExam> planned_exams(const ExamSlice& slice,
                                            const std::map<RoomId, std::vector<Lesson>>& lessons);

}  // namespace lokaal
