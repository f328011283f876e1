#include "core/evidence/journal_scan.hpp"

#include <algorithm>
#include <vector>

namespace lokaal {
namespace {

constexpr std::size_t kSearchBudget = 64UL * 1024 * 1024;

bool all_zero(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

// Whether a record begun after the group that holds `sequence` lies at `from` or behind it.
// Sectors reach a disk in any order, so later records of the *same* group prove nothing.
bool later_group_follows(ByteView segment, std::size_t from, std::uint64_t sequence,
                         std::string& why) {
  std::size_t budget = kSearchBudget;
  for (std::size_t offset = (from + 7) / 8 * 8; offset + kRecordHeaderBytes <= segment.size();
       offset += 8) {
    if (segment[offset] != 'L' || segment[offset + 1] != 'K') continue;
    // What record_at() may hash: the lengths that the header claims.
    const std::size_t cost = std::min<std::size_t>(segment.size() - offset, 140'000);
    if (cost > budget) {
      why = "too much that looks like records lies behind it";
      return true;
    }
    const auto record = record_at(segment, offset);
    if (record && record->header.sequence >= sequence && record->header.group > sequence) {
      why = "record " + std::to_string(record->header.sequence) +
            ", written later, lies whole at byte " + std::to_string(offset);
      return true;
    }
    if (record) {
      offset += record->bytes - 8;
    } else {
      budget -= cost;
    }
  }
  return false;
}

// Follows the chain; tells what is wrong with a record that is whole.
class Chain {
 public:
  explicit Chain(const ChainState& start) : state_(start), settled_(start) {}

  // Empty: it is the next record.
  std::string fault(const RecordView& record) const {
    const RecordHeader& header = record.header;
    if (header.sequence != state_.next_sequence || header.previous != state_.link)
      return "a record that does not follow the one before it";
    const bool new_group = header.group == header.sequence;
    if (!new_group && (!has_group_ || header.group != group_)) return "a record of no known group";
    if (in_batch_ && (new_group || header.batch_left + 1U != batch_left_))
      return "a batch that was not finished";
    if (header.index != (header.begins_log ? 0 : state_.next_index))
      return "a leaf with a wrong index";
    return {};
  }

  // Takes the record; true when it completes its batch.
  bool take(const RecordView& record) {
    const RecordHeader& header = record.header;
    group_ = header.group;
    has_group_ = true;
    batch_left_ = header.batch_left;
    in_batch_ = header.batch_left > 0;
    state_.next_sequence = header.sequence + 1;
    state_.next_index = header.index + (header.leaf ? 1 : 0);
    state_.link = record.link;
    if (!in_batch_) settled_ = state_;
    return !in_batch_;
  }

  const ChainState& state() const { return state_; }
  const ChainState& settled() const { return settled_; }
  bool in_batch() const { return in_batch_; }

 private:
  ChainState state_;
  ChainState settled_;  // after the last complete batch
  std::uint64_t group_ = 0;
  bool has_group_ = false;
  bool in_batch_ = false;
  std::uint32_t batch_left_ = 0;
};

}  // namespace

SegmentScan scan_records(ByteView segment, std::size_t from, ChainState start,
                         const std::function<void(const RecordView&)>& each) {
  Chain chain(start);
  SegmentScan scan;
  scan.end = from;
  std::vector<RecordView> batch;
  std::size_t offset = from;
  std::string broken;
  while (const auto record = record_at(segment, offset)) {
    broken = chain.fault(*record);
    if (!broken.empty()) break;
    batch.push_back(*record);
    offset += record->bytes;
    if (!chain.take(*record)) continue;
    for (const RecordView& complete : batch) each(complete);
    batch.clear();
    scan.end = offset;
  }
  scan.after = chain.settled();
  if (broken.empty() && !chain.in_batch() && all_zero(segment.subspan(offset))) return scan;
  scan.bad_at = offset;
  if (!broken.empty()) {
    scan.stop = ScanStop::damage;
    scan.why = broken;
  } else if (later_group_follows(segment, offset, chain.state().next_sequence, scan.why)) {
    scan.stop = ScanStop::damage;
  } else {
    scan.stop = ScanStop::torn_tail;
    scan.why = chain.in_batch() ? "a batch that was not written to its end"
                                : "a record that was not written to its end";
  }
  return scan;
}

SegmentScan scan_headless(ByteView segment, const ChainState& chain) {
  SegmentScan scan;
  scan.after = chain;
  if (all_zero(segment)) return scan;
  const bool damaged = later_group_follows(segment, 0, chain.next_sequence, scan.why);
  scan.stop = damaged ? ScanStop::damage : ScanStop::torn_tail;
  if (!damaged) scan.why = "a segment whose first write did not reach its end";
  return scan;
}

}  // namespace lokaal
