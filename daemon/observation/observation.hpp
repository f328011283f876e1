// What agents saw of this node's rooms, against what the node applied. Pure: moments are handed in.
//
// The node's own word is no observation. An agent beside it reads the kernel and says what it holds
// (`self`); an agent on another box only says what it could reach (`room`, `site`).
#pragma once

#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "core/evidence/entry_types.hpp"
#include "core/policy/desired_state.hpp"
#include "core/wire/room_state.hpp"
#include "daemon/observation/moment.hpp"
#include "daemon/observation/signed_report.hpp"

namespace lokaal {

class Observation {
 public:
  using Moment = lokaal::Moment;

  // `boot_id`: of this machine, now. The roster must outlive it, and may change. A lab machine is
  // observed by the agent on it alone; what agents on others say of it is its gateway's to hear.
  enum class Of : std::uint8_t { gateway, lab_machine };
  Observation(const Roster& roster, NodeId self, std::string boot_id, std::set<RoomId> rooms,
              SteadyTime begun, Of of = Of::gateway);

  // What the kernel acknowledged for a room; what was reported before that does not contradict it.
  void applied(const RoomId& room, Generation generation, std::optional<Mode> mode, Moment moment);

  enum class Taken {
    kept,
    not_ours,  // of a room of another node
    repeated,  // an older or the same one: a broker delivers twice, and anyone can replay
  };
  // A message on the report topic of `node`.
  tl::expected<Taken, Refusal> take(const IncomingMessage& message, const NodeId& node,
                                    Moment moment);

  // state.observed of a room.
  wire::ObservedState observed(const RoomId& room, Moment moment) const;

  // `absent` where a probe reached another device of the room past its gateway. A device that does
  // not answer may be off: that proves nothing, and `proven` is never said.
  wire::Isolation isolation(const RoomId& room, Moment moment) const;

  // What has changed since the last call.
  struct News {
    bool any = false;  // some room's observed() says something else
    std::vector<std::pair<RoomId, entry::Observation>> entries;  // for the log
  };
  News news(Moment moment);

  // When somebody will be silent who is not yet; none: nobody is expected to speak.
  std::optional<SteadyTime> next_silence(Moment moment) const;

  struct Agents {
    int ok = 0;
    int silent = 0;
  };
  Agents agents(Moment moment) const;

 private:
  struct Applied {
    Generation generation = 0;
    std::optional<Mode> mode;
    SteadyTime since;
  };
  struct Last {
    SignedReport report;
    SteadyTime made;  // on this machine's clock
    std::optional<wire::Verdict> logged;
  };
  struct Counter {
    std::string boot_id;
    std::uint64_t seq = 0;
    SteadyTime made;
  };
  struct Observer {
    NodeId node;
    const Last* last = nullptr;  // null: never heard
    wire::Verdict verdict = wire::Verdict::unknown;
  };
  struct Shown {
    wire::Verdict verdict = wire::Verdict::unknown;
    std::optional<std::uint64_t> generation;
    std::vector<std::pair<NodeId, wire::Verdict>> observers;
    bool operator==(const Shown&) const = default;
  };

  bool is_news(const wire::AgentReport& report, SteadyTime made) const;
  SteadyTime made_at(const wire::AgentReport& report, Moment moment) const;
  std::vector<Observer> observers(const RoomId& room, Moment moment) const;
  bool is_expected(const RosterEntry& agent, const RoomId& room, bool heard, WallTime now) const;
  wire::Verdict verdict_of(const RoomId& room, const Last* last, Moment moment) const;
  wire::Verdict verdict_of_kernel(const RoomId& room, const Last& last) const;

  const Roster& roster_;
  NodeId self_;
  std::string boot_id_;
  std::set<RoomId> rooms_;
  SteadyTime begun_;
  Of of_;
  std::map<RoomId, Applied> applied_;
  std::map<std::pair<RoomId, NodeId>, Last> last_;
  std::map<NodeId, Counter> counters_;
  std::map<RoomId, Shown> shown_;
};

}  // namespace lokaal
