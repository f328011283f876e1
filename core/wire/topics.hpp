// The MQTT topics of one site (INTERFACES section 3): built, parsed, and nothing else accepted.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"

namespace lokaal {

enum class TopicKind : std::uint8_t {
  room_command,
  building_command,
  room_result,
  client_result,  // where a client asked its results to be sent
  room_state,
  room_events,
  node_status,
  agent_status,
  node_applied,
  agent_report,
  node_inventory,
  plan,
  log_checkpoint,
  log_cosignature,
  log_update,
  log_conflict,
};

enum class PlanName : std::uint8_t { root, timestamp, roster, policy, timetable };
inline constexpr std::array kAllPlanNames = {PlanName::root, PlanName::timestamp, PlanName::roster,
                                             PlanName::policy, PlanName::timetable};
std::string_view name_of(PlanName plan);
std::optional<PlanName> plan_from(std::string_view name);

// What a topic names. Members that a kind does not have are empty.
struct Topic {
  TopicKind kind = TopicKind::room_command;
  RoomId room;
  NodeId node;
  std::string client;  // broker user name
  PlanName plan = PlanName::root;
  std::string epoch;  // "2026-11-22" or "2026-11-22.1"
  std::string witness;

  bool operator==(const Topic&) const = default;
};

// The name of a day's log: YYYY-MM-DD, and from the second of that day on a number from 1
// (INTERFACES section 4).
bool is_epoch(std::string_view text);

// Immutable; may be used from any thread. The building functions expect names (is_name, is_epoch):
// ids come from checked configuration or parsed topics, so anything else is a bug and throws
// std::logic_error, since it could otherwise become another topic or a wildcard.
class Topics {
 public:
  static Result<Topics> of(const SiteId& site);

  std::string room_command(const RoomId& room) const;
  std::string building_command() const;
  std::string room_result(const RoomId& room) const;
  std::string client_result(std::string_view client) const;
  std::string room_state(const RoomId& room) const;
  std::string room_events(const RoomId& room) const;
  std::string node_status(const NodeId& node) const;
  std::string agent_status(const NodeId& node) const;
  std::string node_applied(const NodeId& node) const;
  std::string agent_report(const NodeId& node) const;
  std::string node_inventory(const NodeId& node) const;
  std::string plan(PlanName plan) const;
  std::string log_checkpoint(const NodeId& node, std::string_view epoch) const;
  std::string log_cosignature(const NodeId& node, std::string_view epoch,
                              std::string_view witness) const;
  std::string log_update(const NodeId& node, std::string_view epoch,
                         std::string_view witness) const;
  std::string log_conflict(const NodeId& node, std::string_view epoch,
                           std::string_view witness) const;

  // Subscription filters, with wildcards.
  std::string every_node_status() const;
  std::string every_node_applied() const;
  std::string every_agent_report() const;
  std::string every_plan() const;

  // Of this site and exactly one of the forms above; nullopt otherwise.
  std::optional<Topic> parse(std::string_view topic) const;

  // Where the result of a command for `room` may be sent: that room's result topic, or a client's.
  // Anything else that a sender asks for is not honoured (the room's result topic is used).
  bool may_respond_to(std::string_view response_topic, const RoomId& room) const;

  const SiteId& site() const { return site_; }
  const std::string& root() const { return root_; }  // "lokaal/v1/<site>/"

 private:
  explicit Topics(SiteId site);
  std::string in_room(const RoomId& room, std::string_view leaf) const;
  std::string in_node(const NodeId& node, std::string_view leaf) const;
  std::string in_log(const NodeId& node, std::string_view epoch, std::string_view leaf) const;

  SiteId site_;
  std::string root_;
};

}  // namespace lokaal
