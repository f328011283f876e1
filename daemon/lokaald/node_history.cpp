// What a node knows before it does anything: plan, journal, and the log that goes on or begins.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <utility>

#include "adapters/entropy/entropy.hpp"
#include "daemon/lokaald/node_parts.hpp"
#include "daemon/plan/stored_plan.hpp"

namespace lokaal {

// What came by topic before is in force before anything else is.
Result<void> Node::Parts::take_up_the_plan() {
  auto store = PlanStore::open(site.configuration.plan_store);
  if (!store) return tl::unexpected(store.error());
  TrustedPlan configured;
  configured.node = site.configuration.node;
  configured.root = site.root;
  configured.roster = site.roster;
  TrustedPlan trusted = with_stored(std::move(configured), *store);
  site.root = trusted.root;
  site.roster = trusted.roster;
  std::set<RoomId> rooms;
  for (const auto& [id, room] : site.initial.rooms) rooms.insert(id);
  plan = std::make_unique<PlanIngress>(
      PlanIngress::Parts{topics, std::move(rooms), std::move(*store),
                         [this] { return clock->now(); }, site.inventory_key,
                         site.configuration.require_timestamp},
      std::move(trusted));
  const auto in_force = plan->in_force();
  if (!in_force) return tl::unexpected(in_force.error());
  apply(*in_force, site.initial);
  plan_stale_from = in_force->stale_from;
  return {};
}

Result<void> Node::Parts::open_the_journal() {
  history.state = site.initial;
  JournalOptions options;
  options.directory = site.configuration.journal_directory;
  options.random_bytes = [](std::size_t count) { return random_bytes(count); };
  auto opened = open_journal(std::move(options), [this](const JournalRecord& record) {
    return history.fold_record(record);
  });
  if (!opened) return with_context("journal", opened.error());
  journal = std::move(opened->journal);
  clock = std::make_unique<SystemClock>(kernel_readings(), history.last_at.value_or(WallTime{}),
                                        site.configuration.require_synced_clock
                                            ? SystemClock::Trust::synchronised
                                            : SystemClock::Trust::any);
  time.set_from(*clock);
  auto watch = ClockWatch::start(io.get_executor(), *clock);
  if (!watch) return tl::unexpected(watch.error());
  clock_watch.emplace(std::move(*watch));
  recorder = std::make_unique<Recorder>(io.get_executor(), *journal, *clock);
  evidence = std::make_unique<Evidence>(io.get_executor(), site, topics, *recorder,
                                        opened->recovery.next_sequence, evidence_hooks());
  return {};
}

Evidence::Hooks Node::Parts::evidence_hooks() {
  return {[this](OutgoingMessage message) {
            if (!bus->publish(std::move(message))) spdlog::warn("a checkpoint could not be queued");
          },
          [this](const std::string& trouble) { supervisor->trouble(trouble); }};
}

Result<void> Node::Parts::begin_the_log() {
  const WallTime now = clock->now();
  if (!history.empty()) {
    const std::string ours =
        fmt::format("{}/{}/", site.configuration.site.str(), site.configuration.node.str());
    if (!history.origin.starts_with(ours))
      return failure(
          "the journal is of another node: its log is " + history.origin,
          "give this node a journal directory of its own; two machines that continue one "
          "log prove nothing");
    recorder->resume(history.origin, history.tree);
    const bool same_boot = history.last_boot == clock->boot_id();
    recorder->note({entry::Gap{*history.last_at, now, same_boot ? "restart" : "reboot"},
                    std::nullopt,
                    history.state.generation,
                    {}});
    return {};
  }
  entry::Genesis genesis;
  genesis.site = site.configuration.site;
  genesis.node = site.configuration.node;
  genesis.epoch = format_time(now).substr(0, 10);
  const auto version = [](const PlanDocument& document) {
    return entry::DocumentVersion{static_cast<std::int64_t>(document.version), document.sha256};
  };
  genesis.plans["root"] = version(site.root.document);
  genesis.plans["roster"] = version(site.roster.document);
  if (const auto& timetable = plan->plan().timetable)
    genesis.plans["timetable"] = version(timetable->document);
  if (const auto& exams = plan->plan().exams)
    genesis.plans["inventory-exams"] = version(exams->document);
  // `iat` counts whole seconds: a command issued in this one is not from before.
  genesis.window_floor = from_unix_seconds(to_unix_seconds(now));
  genesis.software = "lokaald " LOKAAL_VERSION;
  const std::string origin =
      fmt::format("{}/{}/{}", genesis.site.str(), genesis.node.str(), genesis.epoch);
  history.window.raise_floor(genesis.window_floor);
  return recorder->begin(origin, {genesis, std::nullopt, 0, {}});
}

}  // namespace lokaal
