// Lab machines that speak: a roster with them, and their signed words.
#pragma once

#include <string>

#include "core/command/jws.hpp"
#include "daemon/observation/lab_machines.hpp"
#include "tests/unit/core/command/school.hpp"

namespace lokaal::test {

inline const NodeId kLabPc{"lab-pc-1"};
inline const std::string kLabBoot = "lab-boot";

inline void add_machine(Roster& roster, const NodeId& node, const RoomId& room = school::kRoom) {
  RosterEntry entry;
  entry.kid = KeyId(node.str() + "-key");
  entry.key = school::key_of(entry.kid.str()).key.public_key();
  entry.role = Role::node;
  entry.node = node;
  entry.rooms = {room};
  roster.entries[entry.kid] = entry;
}

inline wire::NodeApplied applied_by(const NodeId& node, Mode mode, std::uint64_t seq, WallTime at) {
  wire::NodeApplied applied;
  applied.site = SiteId("voorbeeld");
  applied.node = node;
  applied.room = school::kRoom;
  applied.boot_id = kLabBoot;
  applied.seq = seq;
  applied.at = at;
  applied.mode = mode;
  return applied;
}

inline wire::NodeStatus status_of(const NodeId& node, wire::NodeState state, std::uint64_t session,
                                  WallTime at) {
  return {SiteId("voorbeeld"), node, state, kLabBoot, session, at, "test"};
}

template <class Document>
IncomingMessage published_by(const NodeId& node, const std::string& leaf,
                             const Document& document) {
  IncomingMessage message;
  message.topic = "lokaal/v1/voorbeeld/nodes/" + node.str() + "/" + leaf;
  message.payload = wire::to_text(document);
  message.retain = true;
  message.jws = {sign_published(school::key_of(node.str() + "-key"), message.topic,
                                as_bytes(message.payload))};
  return message;
}

}  // namespace lokaal::test
