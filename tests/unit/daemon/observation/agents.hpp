// Agents that speak: a roster with them, and their signed reports.
#pragma once

#include <string>

#include "core/command/jws.hpp"
#include "daemon/observation/observation.hpp"
#include "tests/unit/core/command/school.hpp"

namespace lokaal::test {

inline const NodeId kSelf{"gw-1"};
inline const NodeId kNeighbour{"gw-2"};
inline const std::string kBoot = "boot-1";

inline void add_agent(Roster& roster, const std::string& kid, const NodeId& node,
                      std::set<RoomId> rooms = {}) {
  RosterEntry entry;
  entry.kid = KeyId(kid);
  entry.key = school::key_of(kid).key.public_key();
  entry.role = Role::agent;
  entry.node = node;
  entry.rooms = std::move(rooms);
  roster.entries[entry.kid] = entry;
}

inline std::string report_topic(const NodeId& node) {
  return "lokaal/v1/voorbeeld/nodes/" + node.str() + "/agent/report";
}

// Of the agent beside us, in order, as of that moment.
inline wire::AgentReport a_report(Observation::Moment moment, std::uint64_t seq,
                                  std::uint64_t generation, Mode mode) {
  wire::AgentReport report;
  report.site = SiteId("voorbeeld");
  report.node = kSelf;
  report.room = school::kRoom;
  report.boot_id = kBoot;
  report.seq = seq;
  report.at = moment.now;
  report.uptime_ms = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(moment.steady.time_since_epoch())
          .count());
  report.kernel = wire::KernelReading{true, generation, mode, false};
  report.verdict = wire::Verdict::agrees;
  return report;
}

inline IncomingMessage signed_by(const std::string& kid, const wire::AgentReport& report) {
  IncomingMessage message;
  message.topic = report_topic(report.node);
  message.payload = wire::to_text(report);
  message.retain = true;
  message.jws = {sign_published(school::key_of(kid), message.topic, as_bytes(message.payload))};
  return message;
}

}  // namespace lokaal::test
