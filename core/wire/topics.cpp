#include "core/wire/topics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <span>
#include <stdexcept>

namespace lokaal {
namespace {

// An MQTT topic holds at most 65,535 bytes; ours are far shorter, and a longer one is not ours.
constexpr std::size_t kLongestTopic = 512;
constexpr std::size_t kMostLevels = 8;

void require_name(std::string_view text) {
  if (!is_name(text))
    throw std::logic_error(fmt::format("\"{}\" is no name for a topic level", text));
}

void require_epoch(std::string_view text) {
  if (!is_epoch(text)) throw std::logic_error(fmt::format("\"{}\" is no epoch", text));
}

struct Levels {
  std::array<std::string_view, kMostLevels> at;
  std::size_t count = 0;
  bool too_many = false;

  explicit Levels(std::string_view text) {
    while (true) {
      if (count == at.size()) {
        too_many = true;
        return;
      }
      const auto slash = text.find('/');
      at[count++] = text.substr(0, slash);
      if (slash == std::string_view::npos) return;
      text.remove_prefix(slash + 1);
    }
  }
  std::span<const std::string_view> view() const { return {at.data(), count}; }
};

using Parts = std::span<const std::string_view>;

std::optional<Topic> parse_room(Parts parts) {
  if (parts.size() != 3 || !is_name(parts[1])) return std::nullopt;
  Topic topic;
  topic.room = RoomId(parts[1]);
  if (parts[2] == "command") {
    topic.kind = TopicKind::room_command;
  } else if (parts[2] == "result") {
    topic.kind = TopicKind::room_result;
  } else if (parts[2] == "state") {
    topic.kind = TopicKind::room_state;
  } else if (parts[2] == "events") {
    topic.kind = TopicKind::room_events;
  } else {
    return std::nullopt;
  }
  return topic;
}

std::optional<Topic> parse_node(Parts parts) {
  if (parts.size() < 3 || parts.size() > 4 || !is_name(parts[1])) return std::nullopt;
  Topic topic;
  topic.node = NodeId(parts[1]);
  if (parts.size() == 4) {
    if (parts[2] != "agent") return std::nullopt;
    if (parts[3] == "status") {
      topic.kind = TopicKind::agent_status;
    } else if (parts[3] == "report") {
      topic.kind = TopicKind::agent_report;
    } else {
      return std::nullopt;
    }
    return topic;
  }
  if (parts[2] == "status") {
    topic.kind = TopicKind::node_status;
  } else if (parts[2] == "applied") {
    topic.kind = TopicKind::node_applied;
  } else if (parts[2] == "inventory") {
    topic.kind = TopicKind::node_inventory;
  } else {
    return std::nullopt;
  }
  return topic;
}

std::optional<Topic> parse_log(Parts parts) {
  if (parts.size() < 4 || !is_name(parts[1]) || !is_epoch(parts[2])) return std::nullopt;
  Topic topic;
  topic.node = NodeId(parts[1]);
  topic.epoch = std::string(parts[2]);
  if (parts.size() == 4 && parts[3] == "checkpoint") {
    topic.kind = TopicKind::log_checkpoint;
    return topic;
  }
  if (parts.size() != 5 || !is_name(parts[4])) return std::nullopt;
  topic.witness = std::string(parts[4]);
  if (parts[3] == "cosignature") {
    topic.kind = TopicKind::log_cosignature;
  } else if (parts[3] == "update") {
    topic.kind = TopicKind::log_update;
  } else if (parts[3] == "conflict") {
    topic.kind = TopicKind::log_conflict;
  } else {
    return std::nullopt;
  }
  return topic;
}

std::optional<Topic> parse_others(Parts parts) {
  Topic topic;
  if (parts.size() == 2 && parts[0] == "building" && parts[1] == "command") {
    topic.kind = TopicKind::building_command;
    return topic;
  }
  if (parts.size() == 2 && parts[0] == "plan") {
    const auto plan = plan_from(parts[1]);
    if (!plan) return std::nullopt;
    topic.kind = TopicKind::plan;
    topic.plan = *plan;
    return topic;
  }
  if (parts.size() == 3 && parts[0] == "clients" && is_name(parts[1]) && parts[2] == "result") {
    topic.kind = TopicKind::client_result;
    topic.client = std::string(parts[1]);
    return topic;
  }
  return std::nullopt;
}

bool digits(std::string_view text, unsigned& value) {
  value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  return true;
}

}  // namespace

std::string_view name_of(PlanName plan) {
  switch (plan) {
    case PlanName::root:
      return "root";
    case PlanName::timestamp:
      return "timestamp";
    case PlanName::roster:
      return "roster";
    case PlanName::policy:
      return "policy";
    case PlanName::timetable:
      return "timetable";
  }
  return "?";
}

std::optional<PlanName> plan_from(std::string_view name) {
  for (const PlanName plan : kAllPlanNames)
    if (name_of(plan) == name) return plan;
  return std::nullopt;
}

bool is_epoch(std::string_view text) {
  unsigned year{}, month{}, day{}, number{};
  if (text.size() < 10 || text.size() > 16 || text[4] != '-' || text[7] != '-') return false;
  if (!digits(text.substr(0, 4), year) || !digits(text.substr(5, 2), month) ||
      !digits(text.substr(8, 2), day))
    return false;
  if (!std::chrono::year_month_day{std::chrono::year{static_cast<int>(year)},
                                   std::chrono::month{month}, std::chrono::day{day}}
           .ok())
    return false;
  if (text.size() == 10) return true;
  return text.size() > 11 && text[10] == '.' && text[11] != '0' && digits(text.substr(11), number);
}

Result<Topics> Topics::of(const SiteId& site) {
  if (!is_name(site.str()))
    return failure(fmt::format("\"{}\" is not a site's name", site.str().substr(0, 80)),
                   "use lower-case letters, digits and hyphens, at most 63");
  return Topics(site);
}

Topics::Topics(SiteId site) : site_(std::move(site)), root_("lokaal/v1/" + site_.str() + "/") {}

std::string Topics::in_room(const RoomId& room, std::string_view leaf) const {
  require_name(room.str());
  return fmt::format("{}rooms/{}/{}", root_, room.str(), leaf);
}

std::string Topics::in_node(const NodeId& node, std::string_view leaf) const {
  require_name(node.str());
  return fmt::format("{}nodes/{}/{}", root_, node.str(), leaf);
}

std::string Topics::in_log(const NodeId& node, std::string_view epoch,
                           std::string_view leaf) const {
  require_name(node.str());
  require_epoch(epoch);
  return fmt::format("{}logs/{}/{}/{}", root_, node.str(), epoch, leaf);
}

std::string Topics::room_command(const RoomId& room) const {
  return in_room(room, "command");
}
std::string Topics::building_command() const {
  return root_ + "building/command";
}
std::string Topics::room_result(const RoomId& room) const {
  return in_room(room, "result");
}

std::string Topics::client_result(std::string_view client) const {
  require_name(client);
  return fmt::format("{}clients/{}/result", root_, client);
}

std::string Topics::room_state(const RoomId& room) const {
  return in_room(room, "state");
}
std::string Topics::room_events(const RoomId& room) const {
  return in_room(room, "events");
}
std::string Topics::node_status(const NodeId& node) const {
  return in_node(node, "status");
}
std::string Topics::agent_status(const NodeId& node) const {
  return in_node(node, "agent/status");
}
std::string Topics::node_applied(const NodeId& node) const {
  return in_node(node, "applied");
}
std::string Topics::agent_report(const NodeId& node) const {
  return in_node(node, "agent/report");
}
std::string Topics::node_inventory(const NodeId& node) const {
  return in_node(node, "inventory");
}

std::string Topics::plan(PlanName plan) const {
  return fmt::format("{}plan/{}", root_, name_of(plan));
}

std::string Topics::log_checkpoint(const NodeId& node, std::string_view epoch) const {
  return in_log(node, epoch, "checkpoint");
}

std::string Topics::log_cosignature(const NodeId& node, std::string_view epoch,
                                    std::string_view witness) const {
  require_name(witness);
  return in_log(node, epoch, fmt::format("cosignature/{}", witness));
}

std::string Topics::log_update(const NodeId& node, std::string_view epoch,
                               std::string_view witness) const {
  require_name(witness);
  return in_log(node, epoch, fmt::format("update/{}", witness));
}

std::string Topics::log_conflict(const NodeId& node, std::string_view epoch,
                                 std::string_view witness) const {
  require_name(witness);
  return in_log(node, epoch, fmt::format("conflict/{}", witness));
}

std::string Topics::every_node_status() const {
  return root_ + "nodes/+/status";
}
std::string Topics::every_node_applied() const {
  return root_ + "nodes/+/applied";
}
std::string Topics::every_agent_report() const {
  return root_ + "nodes/+/agent/report";
}
std::string Topics::every_plan() const {
  return root_ + "plan/+";
}

std::optional<Topic> Topics::parse(std::string_view topic) const {
  if (topic.size() > kLongestTopic || !topic.starts_with(root_)) return std::nullopt;
  const Levels levels(topic.substr(root_.size()));
  if (levels.too_many) return std::nullopt;
  const Parts parts = levels.view();
  if (parts[0] == "rooms") return parse_room(parts);
  if (parts[0] == "nodes") return parse_node(parts);
  if (parts[0] == "logs") return parse_log(parts);
  return parse_others(parts);
}

bool Topics::may_respond_to(std::string_view response_topic, const RoomId& room) const {
  const auto topic = parse(response_topic);
  if (!topic) return false;
  return topic->kind == TopicKind::client_result ||
         (topic->kind == TopicKind::room_result && topic->room == room);
}

}  // namespace lokaal
