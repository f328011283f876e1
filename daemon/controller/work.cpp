#include "daemon/controller/work.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "core/evidence/event_entry.hpp"
#include "daemon/controller/command_entry.hpp"
#include "daemon/controller/history.hpp"
#include "daemon/controller/reporter.hpp"

namespace lokaal {
namespace {

// Kept beside a leaf that does not commit to it.
void keep_answer(PrivateValues& personal, const std::string& document) {
  personal.commit(kResultField, boost::json::string(document), fresh_salt());
}

RoomId room_of(const Event& event) {
  if (const auto* commanded = std::get_if<RoomCommanded>(&event)) return commanded->room;
  if (const auto* begun = std::get_if<GrantBegun>(&event)) return begun->grant.room;
  if (const auto* bell = std::get_if<Bell>(&event)) return bell->room;
  return std::get<GrantEnded>(event).room;
}

}  // namespace

bool Work::changes() const {
  return std::any_of(rooms.begin(), rooms.end(),
                     [](const RoomWork& room) { return room.approved; });
}

void Work::add_refusal(const RoomId& room, const Refusal& refusal,
                       const wire::CommandResult& result, Generation generation) {
  CommandOutcome outcome{false, refusal.reason, refusal.rule, judged.signer->role,
                         judged.message->envelope.actor ? SignedBy::panel : SignedBy::person};
  EventEntry entry = command_entry(*judged.message, message.payload, outcome, fresh_salt);
  keep_answer(entry.personal, wire::to_text(result));
  rooms.push_back({room, false, refusal.reason, drafts.size(), result});
  drafts.push_back({std::move(entry.body), room, generation, std::move(entry.personal)});
}

void Work::add_approved(const RoomId& room, const Approved& approved,
                        const std::vector<Event>& events, const BaseMode& shown,
                        const std::optional<RuleId>& rule, const wire::CommandResult& result) {
  loosens = loosens || approved.loosens;
  CommandOutcome outcome{true, std::nullopt, rule, approved.role, approved.signed_by};
  EventEntry entry = command_entry(*judged.message, message.payload, outcome, fresh_salt);
  rooms.push_back({room, true, std::nullopt, drafts.size(), result});
  drafts.push_back({std::move(entry.body), room, after.generation, std::move(entry.personal)});
  for (const Event& event : events) {
    EventEntry each = to_entry(event, shown, rule, fresh_salt);
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
  const RoomId room = room_of(event);
  BaseMode shown;
  const auto found = state.rooms.find(room);
  if (found != state.rooms.end()) shown = base_mode(found->second, now);
  EventEntry entry = to_entry(event, shown, rule_of(shown.mode, rules), fresh_salt);
  Draft draft{std::move(entry.body), std::nullopt, state.generation, std::move(entry.personal)};
  if (!room.empty()) draft.room = room;
  return draft;
}

}  // namespace lokaal
