// The journal: nothing is believed to have happened before it is in here.
//
// Every event that state is folded from, and every entry of the evidence log, goes through
// append(); when the completion says so it is on the disk. After a start, what was completed comes
// back, in order, through the `fold` that the journal was opened with.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/crypto.hpp"
#include "core/base/result.hpp"

namespace lokaal {

struct JournalItem {
  // A leaf of the evidence log (LogEntry::to_bytes()); empty: this record is not a leaf.
  std::string entry;
  // What concerns persons (PrivateValues::to_json()), at most 65,536 bytes; empty: nothing. Sealed
  // under a key of its own, so that it can be erased. An item needs one of the two.
  std::string personal;
};

enum class Purpose : std::uint8_t {
  ordinary,
  // An ending or a tightening: may use the space that is kept back when the disk is full.
  ending,
};

// Counts wholly or not at all, also over a power cut.
struct JournalBatch {
  std::vector<JournalItem> items;  // 1 to 4,096, all sizes together at most 1 MiB
  Purpose purpose = Purpose::ordinary;
  // The first item is entry 0 of a new log: a genesis.
  bool begins_log = false;
};

// Where a batch went.
struct Appended {
  std::uint64_t sequence = 0;  // of its first record in the journal; the others follow
  std::uint64_t index = 0;     // of its first leaf in its log (or of the leaf to come)
  std::vector<Digest> leaves;  // the leaf hashes, in order; the i-th has index + i
};

// A record as it comes back at the start. The views live as long as the call that gets them.
struct JournalRecord {
  std::uint64_t sequence = 0;
  std::uint64_t index = 0;
  bool begins_log = false;
  std::string_view entry;  // empty: not a leaf
  enum class Personal : std::uint8_t { none, held, erased } personal = Personal::none;
  std::string_view personal_values;  // when held
};

// What the journal can still promise.
enum class JournalHealth : std::uint8_t {
  sound,
  // The next segment cannot be made: the disk is full. Ordinary batches are refused once the
  // current segment is down to its reserve.
  short_of_space,
  // A write or sync failed. What was in flight may or may not be on the disk; it was never called
  // durable, and nothing is written until a restart has read back what is there.
  failed,
};

class Journal {
 public:
  // Called once, on the journal's own thread, when the batch is durable or has failed for good.
  // It must return soon, must not throw, and must not wait for the journal.
  using Completion = std::function<void(const Result<Appended>&)>;
  using Erased = std::function<void(const Result<void>&)>;

  virtual ~Journal() = default;

  // Queues a batch; from any thread; never waits for the disk. Batches become durable in the order
  // in which they were queued, and get their contiguous numbers in it. Where this returns an Error
  // (a batch over its limits, a journal that has failed) the completion is never called.
  virtual Result<void> append(JournalBatch batch, Completion done) = 0;

  // Overwrites the keys of the private parts of these records, in the order of the queue. The
  // caller has appended the erasure entry. Records without a private part are passed over.
  virtual Result<void> erase(std::vector<std::uint64_t> sequences, Erased done) = 0;

  virtual JournalHealth health() const = 0;

  // append(), and waits for the disk; for start-up. Not from a completion.
  Result<Appended> append_and_wait(JournalBatch batch);
};

}  // namespace lokaal
