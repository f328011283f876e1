#include "agent/report/reporter.hpp"

#include <chrono>
#include <utility>

#include "core/wire/node_status.hpp"

namespace lokaal {

AgentReporter::AgentReporter(AgentNames names, Topics topics, MessageBus& bus, Clock& clock)
    : names_(std::move(names)),
      topics_(std::move(topics)),
      bus_(bus),
      clock_(clock),
      seq_(static_cast<std::uint64_t>(clock.now().time_since_epoch().count())) {}

void AgentReporter::publish(const RoomWatch& room) {
  wire::AgentReport report;
  report.site = names_.site;
  report.node = names_.node;
  report.room = room.name();
  report.boot_id = clock_.boot_id();
  report.seq = ++seq_;
  report.at = clock_.now();
  report.uptime_ms = clock_.mono_ns() / 1'000'000;
  report.scope = wire::Scope::self;  // it looks at the box that it runs on
  report.clock.synced = clock_.synced();
  report.clock.offset_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(clock_.offset()).count();
  report.kernel = room.kernel();
  report.probes = room.results();
  report.verdict = room.verdict();
  OutgoingMessage message;
  message.topic = topics_.agent_report(names_.node);
  message.payload = wire::to_text(report);
  message.retain = true;
  bus_.publish(std::move(message));
}

std::string agent_status_payload(const AgentNames& names, Clock& clock, PresenceStage stage,
                                 std::uint64_t session) {
  wire::NodeStatus status;
  status.site = names.site;
  status.node = names.node;
  switch (stage) {
    case PresenceStage::birth:
      status.state = wire::NodeState::ready;
      break;
    case PresenceStage::goodbye:
      status.state = wire::NodeState::disconnected;
      break;
    case PresenceStage::will:
      status.state = wire::NodeState::lost;
      break;
  }
  status.boot_id = clock.boot_id();
  status.session = session;
  status.at = clock.now();
  status.software = "lokaal-agent " LOKAAL_VERSION;
  return wire::to_text(status);
}

}  // namespace lokaal
