#include "daemon/lokaald/evidence.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "core/verification/key_set.hpp"

namespace lokaal {
namespace {

LogPlaces places_of(const Configuration& configuration) {
  return {configuration.journal_directory, configuration.evidence_directory};
}

KeySet keys_of(const Site& site) {
  const PublicJwk own{site.node_key.kid, site.node_key.key.public_key()};
  return KeySet::of(site.roster, site.configuration.node, own);
}

bool exam_runs(const State& state, WallTime now) {
  return std::any_of(state.exams.begin(), state.exams.end(),
                     [&](const auto& exam) { return holds(exam.second.until, now); });
}

// Agents and lab machines are counted by those who hear of them.
entry::Heartbeat count(const State& state, const Whereabouts::Seen& seen) {
  entry::Heartbeat beat;
  std::set<DeviceNumber> present;
  if (seen.neighbours)
    for (const auto& [where, known] : *seen.neighbours) present.insert(known.device);
  beat.present = static_cast<std::int64_t>(present.size());
  beat.cut = static_cast<std::int64_t>(state.cut.size());
  return beat;
}

}  // namespace

Evidence::Evidence(boost::asio::any_io_executor executor, const Site& site, const Topics& topics,
                   Recorder& recorder, std::uint64_t next_sequence, Hooks hooks)
    : site_(site),
      topics_(topics),
      hooks_(std::move(hooks)),
      publisher_(std::move(executor), places_of(site.configuration), keys_of(site),
                 {[this](const PublishedCheckpoint&) { announce(); },
                  [this](const std::optional<Error>& trouble) {
                    hooks_.show(trouble ? "the evidence log is not published: " + trouble->text()
                                        : std::string());
                  }}) {
  recorder.on_durable(
      [this](const Durable& durable) { publisher_.durable(durable.next_sequence, durable.soon); });
  publisher_.durable(next_sequence, true);
}

void Evidence::announce() const {
  const auto& newest = publisher_.newest();
  if (!newest) return;
  OutgoingMessage message;
  message.topic = topics_.log_checkpoint(site_.configuration.node, newest->epoch);
  message.payload = newest->note;
  message.retain = true;
  hooks_.publish(std::move(message));
}

std::unique_ptr<Heartbeats> make_heartbeats(boost::asio::any_io_executor executor,
                                            HeartbeatSources sources) {
  Heartbeats::Hooks hooks;
  hooks.exam_runs = [sources] {
    return exam_runs(sources.controller.state(), sources.clock.now());
  };
  hooks.counted = [sources] {
    return count(sources.controller.state(), sources.whereabouts.seen());
  };
  hooks.write = [sources](entry::Heartbeat beat) {
    sources.recorder.note(
        {std::move(beat), std::nullopt, sources.controller.state().generation, {}});
  };
  return std::make_unique<Heartbeats>(std::move(executor), std::move(hooks));
}

}  // namespace lokaal
