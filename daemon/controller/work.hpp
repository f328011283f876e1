// A command on its way from judgement to its results.
#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/bus/message_bus.hpp"
#include "core/command/command_gate.hpp"
#include "core/evidence/event_entry.hpp"
#include "core/policy/event.hpp"
#include "core/policy/rulebook.hpp"
#include "core/policy/state.hpp"
#include "core/wire/result.hpp"
#include "daemon/controller/recorder.hpp"

namespace lokaal {

struct RoomWork {
  RoomId room;
  bool approved = false;
  std::optional<Reason> reason;   // of a rejection
  std::size_t command_entry = 0;  // which of the drafts is its `command` entry
  wire::CommandResult result;
};

struct Work {
  IncomingMessage message;
  Judgement judged;
  State after;  // the state with the command carried out
  bool loosens = false;
  std::vector<RoomWork> rooms;
  std::vector<Draft> drafts;
  std::vector<OutgoingMessage> told;  // to publish when the drafts are durable
  std::set<RoomId> released;          // where lab machines are told to let go
  std::set<RoomId> exams_ended;       // and where what held them is over
  bool kernel_holds = false;
  std::optional<WallTime> enforced_at;

  // Whether any room's state changes.
  bool changes() const;

  void add_refusal(const RoomId& room, const Refusal& refusal, const wire::CommandResult& result,
                   Generation generation);
  // `events` are folded into `after` already; `then` is what the room is by that.
  void add_approved(const RoomId& room, const Approved& approved, const std::vector<Event>& events,
                    const RoomThen& then, const wire::CommandResult& result);
};

// The entry that says how a command ended, with the answer that repeats get beside it.
Draft enforced_draft(const wire::CommandResult& result, const std::string& document,
                     Generation generation, std::chrono::microseconds took);

// The entry of an event that nobody commanded; it is folded into `state` already.
Draft event_draft(const Event& event, const State& state, const Rulebook& rules, WallTime now);

}  // namespace lokaal
