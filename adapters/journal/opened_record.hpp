// A record as it lies in a segment, with its private part opened if its key is still there.
#pragma once

#include "adapters/journal/journal.hpp"
#include "adapters/journal/key_file.hpp"
#include "core/evidence/journal_record.hpp"

namespace lokaal {

struct OpenedRecord {
  JournalRecord record;  // without its private values
  Bytes private_values;

  // The views are into this object and into the segment's bytes.
  JournalRecord view() const {
    JournalRecord out = record;
    out.personal_values = as_text(private_values);
    return out;
  }
};

// `keys` is null where the segment has no key file any more: all its private parts are erased.
Result<OpenedRecord> open_record(const RecordView& record, const JournalId& journal,
                                 const KeySlots* keys);

}  // namespace lokaal
