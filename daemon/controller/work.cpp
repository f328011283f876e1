#include "daemon/controller/work.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "daemon/controller/command_entry.hpp"
#include "daemon/controller/history.hpp"

namespace lokaal {
namespace {

// Kept beside a leaf that does not commit to it.
void keep_answer(PrivateValues& personal, const std::string& document) {
  personal.commit(kResultField, boost::json::string(document), fresh_salt());
}

}  // namespace

bool Work::changes() const {
  return std::any_of(rooms.begin(), rooms.end(),
                     [](const RoomWork& room) { return room.approved; });
}

void Work::add_refusal(const RoomId& room, const Refusal& refusal,
                       const wire::CommandResult& result, Generation generation) {
  CommandOutcome outcome{false, refusal.reason, refusal.rule, judged.signer->role,
                         kind_of_signer(*judged.signer)};
  EventEntry entry = command_entry(*judged.message, message.payload, outcome, fresh_salt);
  keep_answer(entry.personal, wire::to_text(result));
  rooms.push_back({room, false, refusal.reason, drafts.size(), result});
  drafts.push_back({std::move(entry.body), room, generation, std::move(entry.personal)});
}

void Work::add_approved(const RoomId& room, const Approved& approved,
                        const std::vector<Event>& events, const RoomThen& then,
                        const wire::CommandResult& result) {
  loosens = loosens || approved.loosens;
  CommandOutcome outcome{true, std::nullopt, then.rule, approved.role, approved.signed_by};
  EventEntry entry = command_entry(*judged.message, message.payload, outcome, fresh_salt);
  rooms.push_back({room, true, std::nullopt, drafts.size(), result});
  drafts.push_back({std::move(entry.body), room, after.generation, std::move(entry.personal)});
  for (const Event& event : events) {
    EventEntry each = to_entry(event, then, fresh_salt);
    drafts.push_back({std::move(each.body), room, after.generation, std::move(each.personal)});
  }
}

Draft enforced_draft(const wire::CommandResult& result, const std::string& document,
                     Generation generation, std::chrono::microseconds took) {
  entry::Enforced enforced;
  enforced.result = std::string(wire::name_of(result.status));
  if (!result.reason.empty()) enforced.reason = result.reason;
  enforced.took_us = took.count();
  Draft draft{std::move(enforced), result.room, generation, {}};
  keep_answer(draft.personal, document);
  return draft;
}

Draft event_draft(const Event& event, const State& state, const Rulebook& rules, WallTime now) {
  const RoomId& room = room_of(event);
  EventEntry entry = to_entry(event, room_then(state, room, rules, now), fresh_salt);
  Draft draft{std::move(entry.body), std::nullopt, state.generation, std::move(entry.personal)};
  if (!room.empty()) draft.room = room;
  return draft;
}

}  // namespace lokaal
