// The bytes of the journal: the write-ahead log from which live state and the evidence log are
// made. docs/decisions/0010-journal-format.md gives the layout and the reasons.
//
// A journal is a row of preallocated, zeroed segment files. A segment is a header and then records;
// every record carries the checksum ("link") of the one before it, over segments too, so that bytes
// left over from anywhere else never pass for records. All integers are big-endian; a record
// begins at a multiple of 8.
//
// Records of one append() form a batch, which counts wholly or not at all; what is written and
// synced at once is a group of batches.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace lokaal {

using JournalId = std::array<std::uint8_t, 16>;   // random, one per journal
using RecordLink = std::array<std::uint8_t, 16>;  // the first half of a SHA-256

inline constexpr std::size_t kSegmentHeaderBytes = 88;
inline constexpr std::size_t kRecordHeaderBytes = 80;
inline constexpr std::size_t kMaxPersonalBytes = 65'536;  // before sealing
inline constexpr std::size_t kMaxBatchRecords = 4'096;
inline constexpr std::uint32_t kNoKeySlot = 0xffffffff;

struct SegmentHeader {
  std::uint32_t capacity = 0;  // the file's size, so that a shortened one is noticed
  JournalId journal{};
  std::uint64_t number = 0;          // 1, 2, 3 ...
  std::uint64_t first_sequence = 0;  // of its first record
  std::uint64_t first_index = 0;     // the next leaf's index when it was begun
  RecordLink previous{};             // the link of the last record before it; zeros in segment 1

  Bytes encode() const;
  RecordLink link() const;  // what its first record chains to
  static Result<SegmentHeader> parse(ByteView bytes);

  bool operator==(const SegmentHeader&) const = default;
};

// A segment that another version wrote: neither damaged nor torn, and nothing to mend.
bool is_segment_of_other_version(ByteView bytes);

struct RecordHeader {
  bool leaf = false;             // its entry is a leaf of the evidence log
  bool begins_log = false;       // that leaf is number 0 of a new log
  std::uint16_t batch_left = 0;  // records of its batch that still follow
  std::uint64_t sequence = 0;    // counts all records of the journal, from 0
  std::uint64_t group = 0;       // the sequence of the first record of its group
  std::uint64_t index = 0;       // the leaf's index in its log; else that of the next leaf
  std::uint32_t key_slot =
      kNoKeySlot;  // which key of this segment's key file seals the private part
  RecordLink previous{};

  bool operator==(const RecordHeader&) const = default;
};

// A record as it lies in a segment; the views are into the bytes that were scanned.
struct RecordView {
  RecordHeader header;
  ByteView entry;
  ByteView sealed;
  RecordLink link{};
  std::size_t offset = 0;
  std::size_t bytes = 0;  // with padding
};

// The bytes that a record takes in a segment.
std::size_t record_bytes(std::size_t entry_bytes, std::size_t sealed_bytes);

// Appends a record to `out`, whose size is a multiple of 8, and returns its link.
RecordLink encode_record(Bytes& out, const RecordHeader& header, ByteView entry, ByteView sealed);

// The record at `offset`, if one lies there whole and unharmed.
std::optional<RecordView> record_at(ByteView segment, std::size_t offset);

}  // namespace lokaal
