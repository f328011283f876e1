// What a node says of itself: `nodes/<node>/status`, `.../agent/status` and `.../applied`
// (SCHEMAS status, applied). Others read these: the readers ignore members they do not know.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "core/policy/mode.hpp"

namespace lokaal::wire {

enum class NodeState : std::uint8_t { init, ready, disconnected, lost };
std::string_view name_of(NodeState state);
std::optional<NodeState> node_state_from(std::string_view name);

struct NodeStatus {
  SiteId site;
  NodeId node;
  NodeState state = NodeState::init;
  std::string boot_id;
  // The same in a connection's birth and will: a late will says which session died.
  std::uint64_t session = 0;
  WallTime at;
  std::string software;

  bool operator==(const NodeStatus&) const = default;
};

boost::json::value to_json(const NodeStatus& status);
std::string to_text(const NodeStatus& status);
Result<NodeStatus> read_node_status(std::string_view text);

// What a lab machine does to itself.
enum class LabHold : std::uint8_t { none, lock, kiosk, power_off, external };
std::string_view name_of(LabHold lab);  // "power-off"
std::optional<LabHold> lab_hold_from(std::string_view name);

struct NodeApplied {
  SiteId site;
  NodeId node;
  RoomId room;
  std::string boot_id;
  std::uint64_t seq = 0;
  WallTime at;
  std::uint64_t generation = 0;
  std::optional<Mode> mode;
  std::vector<std::string> overlays;
  LabHold lab = LabHold::none;
  std::optional<WallTime> until;
  std::string failed;  // a reason; empty: it did not

  bool operator==(const NodeApplied&) const = default;
};

boost::json::value to_json(const NodeApplied& applied);
std::string to_text(const NodeApplied& applied);
Result<NodeApplied> read_node_applied(std::string_view text);

}  // namespace lokaal::wire
