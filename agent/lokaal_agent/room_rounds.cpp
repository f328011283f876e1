#include "agent/lokaal_agent/room_rounds.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

namespace lokaal {
namespace {

bool from_gateway(const ProbeConfiguration& probe) {
  return probe.via == wire::ProbeVia::output;
}

}  // namespace

struct RoomRounds::Pending {
  RoomWatch::Round round;
  std::vector<wire::ProbeOutcome> outcomes;
  int parts = 0;  // that are still under way
};

RoomRounds::RoomRounds(boost::asio::io_context& io, RoomWatch& watch, Clock& clock,
                       std::function<void()> settled)
    : io_(io), watch_(watch), clock_(clock), settled_(std::move(settled)) {}

RoomRounds::~RoomRounds() = default;

Result<std::unique_ptr<RoomRounds>> RoomRounds::start(boost::asio::io_context& io,
                                                      const WatchedRoom& room,
                                                      std::chrono::milliseconds timeout,
                                                      RoomWatch& watch, Clock& clock,
                                                      std::function<void()> settled) {
  std::unique_ptr<RoomRounds> rounds(new RoomRounds(io, watch, clock, std::move(settled)));
  if (!room.namespace_file.empty()) {
    auto prober = Prober::start(room.namespace_file, room.resolver, timeout);
    if (!prober) return with_context(room.name.str(), prober.error());
    rounds->inside_ = std::move(*prober);
  }
  if (std::any_of(room.probes.begin(), room.probes.end(), from_gateway)) {
    auto prober = Prober::start("", room.resolver, timeout);
    if (!prober) return with_context(room.name.str(), prober.error());
    rounds->outside_ = std::move(*prober);
  }
  return rounds;
}

void RoomRounds::begin() {
  if (busy_) return;
  begun_ = clock_.steady();
  auto pending = std::make_shared<Pending>();
  pending->round = watch_.next_round();
  pending->outcomes.resize(pending->round.probes.size(), wire::ProbeOutcome::error);
  busy_ = true;
  std::vector<std::size_t> places[2];
  std::vector<ProbeTarget> targets[2];
  for (std::size_t i = 0; i < pending->round.probes.size(); ++i) {
    const ProbeConfiguration& probe = *pending->round.probes[i];
    const std::size_t part = from_gateway(probe) ? 1 : 0;
    places[part].push_back(i);
    targets[part].push_back(probe.target);
  }
  pending->parts = (targets[0].empty() ? 0 : 1) + (targets[1].empty() ? 0 : 1);
  if (pending->parts == 0) return finish(*pending);
  for (const std::size_t part : {0U, 1U}) {
    if (targets[part].empty()) continue;
    Prober& prober = part == 1 ? *outside_ : *inside_;
    // On the prober's thread; what becomes of it is the reactor's.
    prober.round(std::move(targets[part]), [this, pending, at = std::move(places[part])](
                                               std::vector<wire::ProbeOutcome> outcomes) {
      boost::asio::post(io_, [this, pending, at, outcomes = std::move(outcomes)] {
        part_done(pending, at, outcomes);
      });
    });
  }
}

void RoomRounds::part_done(const std::shared_ptr<Pending>& pending,
                           const std::vector<std::size_t>& places,
                           const std::vector<wire::ProbeOutcome>& outcomes) {
  for (std::size_t i = 0; i < places.size(); ++i) pending->outcomes[places[i]] = outcomes[i];
  if (--pending->parts == 0) finish(*pending);
}

void RoomRounds::finish(const Pending& pending) {
  busy_ = false;
  const auto outcome = watch_.finished(pending.round, pending.outcomes, clock_.now());
  if (outcome == RoomWatch::Outcome::settled) return settled_();
  begin();
}

}  // namespace lokaal
