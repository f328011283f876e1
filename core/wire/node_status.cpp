#include "core/wire/node_status.hpp"

#include <array>
#include <boost/json.hpp>

#include "core/wire/fields.hpp"

namespace lokaal::wire {
namespace {

constexpr std::size_t kMostOverlays = 16;
constexpr std::size_t kLongestText = 256;

std::string short_text(Reader& reader, std::string_view member) {
  std::string text = reader.string(member);
  if (text.size() > kLongestText) reader.refuse(member, "too long");
  return text;
}

}  // namespace

std::string_view name_of(NodeState state) {
  switch (state) {
    case NodeState::init:
      return "init";
    case NodeState::ready:
      return "ready";
    case NodeState::disconnected:
      return "disconnected";
    case NodeState::lost:
      return "lost";
  }
  return "?";
}

std::optional<NodeState> node_state_from(std::string_view name) {
  for (const auto state :
       {NodeState::init, NodeState::ready, NodeState::disconnected, NodeState::lost})
    if (name_of(state) == name) return state;
  return std::nullopt;
}

boost::json::value to_json(const NodeStatus& status) {
  boost::json::object out;
  out["v"] = kVersion;
  out["site"] = text(status.site);
  out["node"] = text(status.node);
  out["state"] = name_of(status.state);
  out["boot_id"] = text(status.boot_id);
  out["session"] = decimal(status.session);
  out["at"] = time(status.at);
  out["software"] = text(status.software);
  return out;
}

std::string to_text(const NodeStatus& status) {
  return boost::json::serialize(to_json(status));
}

Result<NodeStatus> read_node_status(std::string_view text) {
  auto reader = Reader::of(text);
  if (!reader) return with_context("status", reader.error());
  NodeStatus status;
  status.site = SiteId(reader->name("site"));
  status.node = NodeId(reader->name("node"));
  const auto state = node_state_from(reader->string("state"));
  if (!state) reader->refuse("state", "unknown");
  status.state = state.value_or(NodeState::lost);
  status.boot_id = short_text(*reader, "boot_id");
  status.session = reader->decimal("session");
  status.at = reader->time("at");
  status.software = short_text(*reader, "software");
  if (reader->error()) return with_context("status", *reader->error());
  return status;
}

std::string_view name_of(LabHold lab) {
  switch (lab) {
    case LabHold::none:
      return "none";
    case LabHold::lock:
      return "lock";
    case LabHold::kiosk:
      return "kiosk";
    case LabHold::power_off:
      return "power-off";
    case LabHold::external:
      return "external";
  }
  return "?";
}

std::optional<LabHold> lab_hold_from(std::string_view name) {
  for (const auto lab :
       {LabHold::none, LabHold::lock, LabHold::kiosk, LabHold::power_off, LabHold::external})
    if (name_of(lab) == name) return lab;
  return std::nullopt;
}

boost::json::value to_json(const NodeApplied& applied) {
  boost::json::object out;
  out["v"] = kVersion;
  out["site"] = text(applied.site);
  out["node"] = text(applied.node);
  out["room"] = text(applied.room);
  out["boot_id"] = text(applied.boot_id);
  out["seq"] = decimal(applied.seq);
  out["at"] = time(applied.at);
  out["generation"] = decimal(applied.generation);
  out["mode"] = mode(applied.mode);
  out["overlays"] = names(applied.overlays);
  out["lab"] = name_of(applied.lab);
  out["until"] = time(applied.until);
  out["failed"] = text(applied.failed);
  return out;
}

std::string to_text(const NodeApplied& applied) {
  return boost::json::serialize(to_json(applied));
}

Result<NodeApplied> read_node_applied(std::string_view text) {
  auto reader = Reader::of(text);
  if (!reader) return with_context("applied", reader.error());
  NodeApplied applied;
  applied.site = SiteId(reader->name("site"));
  applied.node = NodeId(reader->name("node"));
  applied.room = RoomId(reader->name("room"));
  applied.boot_id = short_text(*reader, "boot_id");
  applied.seq = reader->decimal("seq");
  applied.at = reader->time("at");
  applied.generation = reader->decimal("generation");
  applied.mode = reader->mode_or_null("mode");
  applied.overlays = reader->strings("overlays", kMostOverlays);
  const auto lab = lab_hold_from(reader->string("lab"));
  if (!lab) reader->refuse("lab", "unknown");
  applied.lab = lab.value_or(LabHold::none);
  applied.until = reader->time_or_null("until");
  applied.failed = reader->string_or_null("failed");
  if (reader->error()) return with_context("applied", *reader->error());
  return applied;
}

}  // namespace lokaal::wire
