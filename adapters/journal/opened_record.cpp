#include "adapters/journal/opened_record.hpp"

#include <fmt/format.h>

#include <utility>

#include "core/evidence/merkle.hpp"
#include "core/evidence/private_part.hpp"

namespace lokaal {

Result<OpenedRecord> open_record(const RecordView& record, const JournalId& journal,
                                 const KeySlots* keys) {
  OpenedRecord out;
  out.record.sequence = record.header.sequence;
  out.record.index = record.header.index;
  out.record.begins_log = record.header.begins_log;
  out.record.entry = as_text(record.entry);
  if (record.sealed.empty()) return out;
  const std::uint32_t slot = record.header.key_slot;
  const bool erased = keys == nullptr || slot >= keys->keys.size() || is_erased(keys->keys[slot]);
  out.record.personal = erased ? JournalRecord::Personal::erased : JournalRecord::Personal::held;
  if (erased) return out;
  const PrivatePlace place{journal, record.header.sequence, leaf_hash(record.entry)};
  auto opened = open_private(keys->keys[slot], place, record.sealed);
  if (!opened)
    return failure(fmt::format("the private part of record {}: {}", record.header.sequence,
                               opened.error().message),
                   "the key file does not belong to this journal, or is damaged: put the right one "
                   "back");
  out.private_values = std::move(*opened);
  return out;
}

}  // namespace lokaal
