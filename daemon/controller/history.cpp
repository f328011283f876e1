#include "daemon/controller/history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "core/base/json.hpp"
#include "core/command/envelope.hpp"
#include "core/evidence/event_entry.hpp"
#include "core/policy/event.hpp"
#include "daemon/controller/answer.hpp"

namespace lokaal {
namespace {

namespace json = boost::json;

Result<PrivateValues> personal_of(const JournalRecord& record) {
  if (record.personal != JournalRecord::Personal::held) return PrivateValues{};
  return PrivateValues::from_json(record.personal_values);
}

std::optional<std::string> opened_text(const PrivateValues& personal, std::string_view field) {
  const auto found = personal.fields.find(field);
  if (found == personal.fields.end() || !found->second.value.is_string()) return std::nullopt;
  return std::string(found->second.value.get_string());
}

}  // namespace

Result<void> History::fold_record(const JournalRecord& record) {
  if (record.entry.empty()) return {};
  const auto context = fmt::format("journal record {}", record.sequence);
  auto entry = LogEntry::parse(record.entry);
  if (!entry) return with_context(context, entry.error());
  auto personal = personal_of(record);
  if (!personal) return with_context(context, personal.error());

  if (record.begins_log) tree = TreeFrontier();
  const Digest leaf = leaf_hash(as_bytes(record.entry));
  tree.append(leaf);
  if (const auto* genesis = std::get_if<entry::Genesis>(&entry->body)) {
    origin = fmt::format("{}/{}/{}", genesis->site.str(), genesis->node.str(), genesis->epoch);
    window.raise_floor(genesis->window_floor);
  }
  last_at = std::max(last_at.value_or(entry->at), entry->at);
  last_boot = entry->boot;

  const wire::EvidenceEntry evidence{origin, record.index, base64(leaf)};
  if (std::holds_alternative<entry::Command>(entry->body)) {
    if (auto done = fold_command(*entry, *personal, evidence); !done)
      return with_context(context, done.error());
  } else if (std::holds_alternative<entry::Enforced>(entry->body)) {
    fold_result(*personal);
  }
  auto event = event_from(*entry, *personal);
  if (!event) return with_context(context, event.error());
  if (*event) fold(state, **event);
  return {};
}

// An erased command can no longer be told from a new one; its `exp` has passed long before anything
// may be erased.
Result<void> History::fold_command(const LogEntry& entry, const PrivateValues& personal,
                                   const wire::EvidenceEntry& evidence) {
  const auto& command = std::get<entry::Command>(entry.body);
  const auto jws = opened_text(personal, kJwsField);
  if (!jws || !command.kid || !command.jti || !entry.room) return {};
  const auto message = parse_signed_command(*jws);
  if (!message) return tl::unexpected(message.error());
  const CommandKey key = CommandKey::of(*command.kid, *command.jti);
  window.enter(key, message->envelope.content, message->envelope.iat, message->envelope.exp);
  if (const auto answer = opened_text(personal, kResultField)) {
    window.store(key, *entry.room, with_evidence(*answer, evidence));
    return {};
  }
  if (std::holds_alternative<SetMode>(message->command))
    last_set_mode[*entry.room] = message->envelope.iat;
  unfinished.push_back({key, *command.jti, *entry.room, evidence});
  return {};
}

// The final answer lies beside the `enforced` entry.
void History::fold_result(const PrivateValues& personal) {
  const auto answer = opened_text(personal, kResultField);
  if (!answer) return;
  const auto ids = answered_ids(*answer);
  if (!ids) return;
  const CommandKey key = CommandKey::of(ids->kid, ids->jti);
  if (!ids->passing) window.store(key, ids->room, *answer);
  std::erase_if(unfinished, [&](const UnfinishedCommand& command) {
    return command.key == key && command.room == ids->room;
  });
}

}  // namespace lokaal
