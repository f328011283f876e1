// What a segment holds after a stop of any kind: the records that count, and how it ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "core/base/bytes.hpp"
#include "core/evidence/journal_record.hpp"

namespace lokaal {

// What the next record has to say of itself.
struct ChainState {
  std::uint64_t next_sequence = 0;
  std::uint64_t next_index = 0;
  RecordLink link{};  // of the record, or the segment header, before it

  bool operator==(const ChainState&) const = default;
};

enum class ScanStop {
  // Nothing but zeros follows, or the segment is full.
  clean_end,
  // Behind the good prefix lie bytes of one unfinished group and nothing later: a write that a
  // power
  // cut tore. Nobody was told that it is durable.
  torn_tail,
  // Behind the bad place lies a record that was begun after the bad place had been synced, or the
  // chain is broken. Records that were durable are gone: never to be repaired silently.
  damage,
};

struct SegmentScan {
  ScanStop stop = ScanStop::clean_end;
  std::size_t end = 0;     // where the good prefix ends: always between two batches
  std::size_t bad_at = 0;  // the first byte that is not as it should be (torn_tail, damage)
  std::string why;         // for people (torn_tail, damage)
  ChainState after;        // what the next record has to say
};

// Reads records from `from` on, as the continuation of `chain`. `each` gets the records of complete
// batches, in order. Work is bounded: the search behind a bad place hashes at most 64 MiB, and
// where that does not settle it the answer is damage.
SegmentScan scan_records(ByteView segment, std::size_t from, ChainState chain,
                         const std::function<void(const RecordView&)>& each);

// How the bytes of a segment that has no valid header end, as the continuation of `chain`: the
// header is written with the first group, so it can be torn with it.
SegmentScan scan_headless(ByteView segment, const ChainState& chain);

}  // namespace lokaal
