#include "daemon/observation/observation.hpp"

#include <algorithm>
#include <utility>

#include "daemon/observation/lab_machines.hpp"

namespace lokaal {
namespace {

using wire::Verdict;

// An agent looks at the kernel a moment before it speaks.
constexpr std::chrono::seconds kLookedBefore{2};

constexpr std::uint64_t low_32_bits(Generation generation) {
  return generation & 0xffffffff;
}

// Somebody who sees it wrong outweighs all who do not.
Verdict together(const std::vector<Verdict>& verdicts) {
  const auto has = [&](Verdict verdict) {
    return std::find(verdicts.begin(), verdicts.end(), verdict) != verdicts.end();
  };
  for (const Verdict verdict : {Verdict::drift, Verdict::agrees, Verdict::unknown})
    if (has(verdict)) return verdict;
  return verdicts.empty() ? Verdict::unknown : Verdict::silent;
}

}  // namespace

Observation::Observation(const Roster& roster, NodeId self, std::string boot_id,
                         std::set<RoomId> rooms, SteadyTime begun, Of of)
    : roster_(roster),
      self_(std::move(self)),
      boot_id_(std::move(boot_id)),
      rooms_(std::move(rooms)),
      begun_(begun),
      of_(of) {}

void Observation::applied(const RoomId& room, Generation generation, std::optional<Mode> mode,
                          Moment moment) {
  const auto [place, added] = applied_.try_emplace(room, Applied{generation, mode, moment.steady});
  if (added || (place->second.generation == generation && place->second.mode == mode)) return;
  place->second = Applied{generation, mode, moment.steady};
}

// --- what is taken ---

tl::expected<Observation::Taken, Refusal> Observation::take(const IncomingMessage& message,
                                                            const NodeId& node, Moment moment) {
  auto read = wire::read_agent_report(message.payload);
  if (!read)
    return tl::unexpected<Refusal>(Refusal{Reason::malformed, read.error().message, std::nullopt});
  // Of other gateways' rooms there are many, and nothing is done with them.
  if (rooms_.count(read->room) == 0) return Taken::not_ours;
  auto verified = verify_report(message, std::move(*read), node, roster_, moment.now);
  if (!verified) return tl::unexpected(verified.error());
  const wire::AgentReport& report = verified->report;
  // What an agent says of its own box says nothing of this one.
  if (report.scope == wire::Scope::self && node != self_) return Taken::not_ours;
  const SteadyTime made = made_at(report, moment);
  if (made > moment.steady + kClocksDiffer)
    return tl::unexpected<Refusal>(
        Refusal{Reason::issued_in_future, "made later than now", std::nullopt});
  if (!is_news(report, made)) return Taken::repeated;
  counters_[node] = Counter{report.boot_id, report.seq, made};
  Last& last = last_[{report.room, node}];
  last.report = std::move(*verified);
  last.made = made;
  return Taken::kept;
}

bool Observation::is_news(const wire::AgentReport& report, SteadyTime made) const {
  // From beside us, of another boot: the machine has no other boot now.
  if (report.node == self_ && report.boot_id != boot_id_) return false;
  const auto known = counters_.find(report.node);
  if (known == counters_.end()) return true;
  if (known->second.boot_id == report.boot_id) return report.seq > known->second.seq;
  return made > known->second.made;
}

// The machine's own uptime cannot be stepped, and belongs to one boot.
SteadyTime Observation::made_at(const wire::AgentReport& report, Moment moment) const {
  if (report.boot_id == boot_id_)
    return SteadyTime(std::chrono::milliseconds(static_cast<std::int64_t>(report.uptime_ms)));
  return moment.steady - (moment.now - report.at);
}

// --- what it means ---

Verdict Observation::verdict_of_kernel(const RoomId& room, const Last& last) const {
  const auto applied = applied_.find(room);
  const auto& kernel = last.report.report.kernel;
  if (applied == applied_.end() || !kernel) return Verdict::unknown;
  const bool same_generation =
      !kernel->generation || *kernel->generation == low_32_bits(applied->second.generation);
  if (same_generation && kernel->mode == applied->second.mode) return Verdict::agrees;
  // It had not seen the change yet.
  if (last.made <= applied->second.since + kLookedBefore) return Verdict::unknown;
  return Verdict::drift;
}

Verdict Observation::verdict_of(const RoomId& room, const Last* last, Moment moment) const {
  if (moment.steady - (last ? last->made : begun_) >= kSilence) return Verdict::silent;
  if (!last) return Verdict::unknown;
  const wire::AgentReport& report = last->report.report;
  if (report.verdict == Verdict::drift || report.scope != wire::Scope::self) return report.verdict;
  const Verdict kernel = verdict_of_kernel(room, *last);
  return kernel == Verdict::agrees ? report.verdict : kernel;
}

// The agent of a lab machine speaks of that machine, and only there is it an observer.
bool Observation::is_expected(const RosterEntry& agent, const RoomId& room, bool heard,
                              WallTime now) const {
  if (agent.node == self_) return true;
  if (of_ == Of::lab_machine || is_lab_machine(roster_, agent.node, room, now)) return false;
  return heard || !agent.rooms.empty();
}

// Whom the roster expects to speak of the room, and whoever may and did.
std::vector<Observation::Observer> Observation::observers(const RoomId& room, Moment moment) const {
  std::map<NodeId, Observer> found;
  for (const auto& [kid, entry] : roster_.entries) {
    if (!entry.in_force(moment.now) || !speaks_of(entry, room)) continue;
    const auto last = last_.find({room, entry.node});
    const bool heard = last != last_.end() && last->second.report.kid == kid;
    if (!is_expected(entry, room, heard, moment.now)) continue;
    Observer& observer = found[entry.node];
    observer.node = entry.node;
    if (heard) observer.last = &last->second;
  }
  std::vector<Observer> out;
  for (auto& [node, observer] : found) {
    observer.verdict = verdict_of(room, observer.last, moment);
    out.push_back(observer);
  }
  return out;
}

wire::ObservedState Observation::observed(const RoomId& room, Moment moment) const {
  wire::ObservedState out;
  std::vector<Verdict> verdicts;
  for (const Observer& observer : observers(room, moment)) {
    verdicts.push_back(observer.verdict);
    if (!observer.last) continue;
    const wire::AgentReport& report = observer.last->report.report;
    out.observers.push_back({observer.node, report.seq, report.at, report.scope, observer.verdict});
    out.at = std::max(out.at.value_or(report.at), report.at);
    if (report.scope != wire::Scope::self || !report.kernel) continue;
    out.generation = report.kernel->generation;
    const auto applied = applied_.find(room);
    if (out.generation && applied != applied_.end() &&
        *out.generation == low_32_bits(applied->second.generation))
      out.generation = applied->second.generation;
  }
  out.verdict = together(verdicts);
  return out;
}

wire::Isolation Observation::isolation(const RoomId& room, Moment moment) const {
  for (const Observer& observer : observers(room, moment)) {
    if (!observer.last || observer.verdict == Verdict::silent) continue;
    for (const wire::ProbeResult& probe : observer.last->report.report.probes)
      if (probe.via == wire::ProbeVia::peer && probe.got == wire::ProbeOutcome::reachable)
        return wire::Isolation::absent;
  }
  return wire::Isolation::unknown;
}

Observation::News Observation::news(Moment moment) {
  News news;
  for (const RoomId& room : rooms_) {
    Shown shown;
    const wire::ObservedState state = observed(room, moment);
    shown.verdict = state.verdict;
    shown.generation = state.generation;
    for (const Observer& observer : observers(room, moment)) {
      shown.observers.emplace_back(observer.node, observer.verdict);
      if (!observer.last || observer.verdict == Verdict::unknown) continue;
      Last& last = last_.at({room, observer.node});
      if (std::exchange(last.logged, observer.verdict) == observer.verdict) continue;
      const wire::AgentReport& report = last.report.report;
      news.entries.emplace_back(
          room, entry::Observation{observer.node, last.report.kid, report.seq, last.report.sha256,
                                   last.report.jws, std::string(wire::name_of(observer.verdict)),
                                   std::string(wire::name_of(report.scope))});
    }
    if (std::exchange(shown_[room], shown) != shown) news.any = true;
  }
  return news;
}

std::optional<SteadyTime> Observation::next_silence(Moment moment) const {
  std::optional<SteadyTime> next;
  for (const RoomId& room : rooms_)
    for (const Observer& observer : observers(room, moment)) {
      const SteadyTime due = (observer.last ? observer.last->made : begun_) + kSilence;
      if (due > moment.steady && (!next || due < *next)) next = due;
    }
  return next;
}

Observation::Agents Observation::agents(Moment moment) const {
  std::map<NodeId, bool> speaking;
  for (const RoomId& room : rooms_)
    for (const Observer& observer : observers(room, moment))
      speaking.try_emplace(observer.node, true).first->second &=
          observer.verdict != Verdict::silent;
  Agents agents;
  for (const auto& [node, speaks] : speaking) ++(speaks ? agents.ok : agents.silent);
  return agents;
}

}  // namespace lokaal
