#include "daemon/controller/machine_watch.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "daemon/controller/shortest_wait.hpp"

namespace lokaal {

MachineWatch::MachineWatch(Parts parts) : parts_(std::move(parts)), timer_(parts_.io) {}

bool MachineWatch::take(const IncomingMessage& message) {
  const auto topic = parts_.topics.parse(message.topic);
  if (!topic || (topic->kind != TopicKind::node_applied && topic->kind != TopicKind::node_status))
    return false;
  if (message.payload.empty()) return true;  // a cleared topic says nothing
  const auto taken = topic->kind == TopicKind::node_applied
                         ? parts_.machines.take_applied(message, topic->node, moment())
                         : parts_.machines.take_status(message, topic->node, moment());
  if (!taken) {
    if (complaints_.admit(KeyId("machines"), parts_.clock.now()))
      spdlog::warn("what {} says of itself is not believed: {} ({})", topic->node.str(),
                   name_of(taken.error().reason), taken.error().detail);
    parts_.refused(taken.error().reason, std::nullopt);
  } else if (*taken) {
    look();
  }
  return true;
}

void MachineWatch::let_go(const RoomId& room) {
  if (!parts_.machines.expects_any()) return;
  releases_.begin(room, parts_.clock.steady());
  // Whoever lets go is still at it.
  boost::asio::post(parts_.io, [this] { look(); });
}

void MachineWatch::let_go_if_any(const RoomId& room) {
  if (parts_.machines.counts(room, moment()).total > 0) let_go(room);
}

void MachineWatch::look() {
  bool changed = false;
  const Moment now = moment();
  for (const auto& [id, room] : parts_.state.rooms) {
    const wire::MachineCounts counts = parts_.machines.counts(id, now);
    changed |= std::exchange(shown_[id], counts) != counts;
  }
  auto done =
      releases_.take(parts_.clock.steady(), [this](const RoomId& room) { return count(room); });
  if (!done.empty()) {
    parts_.released(std::move(done));
  } else if (changed) {
    parts_.changed();
  }
  arm(now);
}

// A silent machine's last word counts; who never spoke is not called released.
Released MachineWatch::count(const RoomId& room) {
  Released released;
  released.room = room;
  const Moment now = moment();
  released.total = parts_.machines.counts(room, now).total;
  const Mode mode = shown_mode(parts_.state, room, now.now).mode;
  for (const NodeId& node : parts_.machines.still_holding(room, mode, now))
    released.still_locked.push_back(node.str());
  return released;
}

// `seen`: when it was looked last. Who fell silent since is seen next, at once.
void MachineWatch::arm(Moment seen) {
  std::optional<SteadyTime> due = releases_.due();
  if (const auto silence = parts_.machines.next_silence(seen))
    due = due ? std::min(*due, *silence) : *silence;
  if (!due) {
    timer_.cancel();
    return;
  }
  timer_.expires_after(std::max<SteadyTime::duration>(*due - parts_.clock.steady(), kShortestWait));
  timer_.async_wait([this](const boost::system::error_code& ec) {
    if (!ec) look();
  });
}

}  // namespace lokaal
