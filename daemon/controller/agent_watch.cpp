#include "daemon/controller/agent_watch.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "daemon/controller/room_states.hpp"
#include "daemon/controller/shortest_wait.hpp"

namespace lokaal {

AgentWatch::AgentWatch(Parts parts)
    : parts_(std::move(parts)), heartbeat_(parts_.clock.steady()), timer_(parts_.io) {}

bool AgentWatch::take(const IncomingMessage& message) {
  const auto topic = parts_.topics.parse(message.topic);
  if (!topic || topic->kind != TopicKind::agent_report) return false;
  if (message.payload.empty()) return true;  // a cleared topic says nothing
  const auto taken = parts_.observation.take(message, topic->node, moment());
  if (!taken) {
    if (complaints_.admit(KeyId("reports"), parts_.clock.now()))
      spdlog::warn("a report of the agent of {} is not believed: {} ({})", topic->node.str(),
                   name_of(taken.error().reason), taken.error().detail);
    parts_.refused(taken.error().reason, std::nullopt);
  } else if (*taken == Observation::Taken::kept) {
    look();
  }
  return true;
}

void AgentWatch::enforced() {
  const Enforcement& last = parts_.reconciler.last();
  if (!last.failed) {  // else it holds what it held before
    for (const auto& [id, room] : parts_.state.rooms) {
      const wire::AppliedState applied = applied_state(id, last);
      parts_.observation.applied(id, applied.generation, applied.mode, moment());
    }
  }
  const Moment now = moment();
  record_news(now);
  arm(now);
}

void AgentWatch::look() {
  beat();
  const Moment now = moment();
  if (record_news(now)) parts_.changed();
  arm(now);
}

bool AgentWatch::record_news(Moment now) {
  Observation::News news = parts_.observation.news(now);
  for (auto& [room, entry] : news.entries) {
    spdlog::info("{}: the agent of {} says {}", room.str(), entry.node.str(), entry.verdict);
    parts_.recorder.note({std::move(entry), room, parts_.state.generation, {}});
  }
  return news.any;
}

void AgentWatch::beat() {
  const Observation::Agents agents = parts_.observation.agents(moment());
  Heartbeat::Counts counts{parts_.reconciler.devices_present(), parts_.state.cut.size(), agents.ok,
                           agents.silent};
  if (const auto machines = parts_.machines.counts(moment()); machines.total > 0)
    counts.machines = machines_entry(machines);
  if (auto entry = heartbeat_.beat(parts_.clock.steady(), exam_runs(), counts))
    parts_.recorder.note({std::move(*entry), std::nullopt, parts_.state.generation, {}});
}

bool AgentWatch::exam_runs() {
  const WallTime now = parts_.clock.now();
  return std::any_of(parts_.state.exams.begin(), parts_.state.exams.end(),
                     [&](const auto& each) { return each.second.runs(now); });
}

// `seen`: when it was looked last. Who fell silent since is seen next, at once.
void AgentWatch::arm(Moment seen) {
  SteadyTime due = heartbeat_.due(exam_runs());
  if (const auto silence = parts_.observation.next_silence(seen)) due = std::min(due, *silence);
  timer_.expires_after(std::max<SteadyTime::duration>(due - parts_.clock.steady(), kShortestWait));
  timer_.async_wait([this](const boost::system::error_code& ec) {
    if (!ec) look();
  });
}

Moment AgentWatch::moment() {
  return {parts_.clock.now(), parts_.clock.steady()};
}

}  // namespace lokaal
