#include "daemon/lokaald/evidence.hpp"

#include <utility>

#include "core/verification/key_set.hpp"

namespace lokaal {
namespace {

LogPlaces places_of(const Configuration& configuration) {
  return {configuration.journal_directory, configuration.evidence_directory};
}

KeySet keys_of(const Site& site, const Roster& roster) {
  const PublicJwk own{site.node_key.kid, site.node_key.key.public_key()};
  return KeySet::of(roster, site.configuration.node, own);
}

}  // namespace

Evidence::Evidence(boost::asio::any_io_executor executor, const Site& site, const Topics& topics,
                   Recorder& recorder, std::uint64_t next_sequence, Hooks hooks)
    : site_(site),
      topics_(topics),
      hooks_(std::move(hooks)),
      publisher_(std::move(executor), places_of(site.configuration), keys_of(site, site.roster),
                 {[this](const PublishedCheckpoint&) { announce(); },
                  [this](const std::optional<Error>& trouble) {
                    hooks_.show(trouble ? "the evidence log is not published: " + trouble->text()
                                        : std::string());
                  }}) {
  recorder.on_durable(
      [this](const Durable& durable) { publisher_.durable(durable.next_sequence, durable.soon); });
  publisher_.durable(next_sequence, true);
}

void Evidence::list(const Roster& roster) {
  publisher_.list(keys_of(site_, roster));
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

}  // namespace lokaal
