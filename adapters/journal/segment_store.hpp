// The segments that are written to, and the group that is being put together. One thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/journal/journal.hpp"
#include "adapters/journal/segment_maker.hpp"
#include "core/evidence/journal_scan.hpp"

namespace lokaal {

// Where the key of a record's private part lies.
struct KeyPlace {
  std::uint64_t sequence = 0;
  std::uint64_t segment = 0;
  std::uint32_t slot = 0;
};

// What a batch takes in a segment.
struct BatchSize {
  std::uint64_t bytes = 0;
  std::uint32_t keys = 0;
};
BatchSize size_of(const JournalBatch& batch);

// What is kept back for endings.
struct Reserve {
  std::uint64_t bytes = 0;
  std::uint32_t keys = 0;
};

// Where a journal stands after it has been read.
struct JournalState {
  JournalId journal{};
  ChainState chain;
  std::optional<OpenSegment> current;  // none: a journal that has just been founded
  std::optional<OpenSegment> spare;
  std::uint64_t last_number = 0;  // of the segments that exist
  std::vector<KeyPlace> key_places;
};

class SegmentStore {
 public:
  SegmentStore(std::shared_ptr<JournalDisk> disk, std::string directory, SegmentShape shape,
               Reserve reserve, RandomBytes random, JournalState state);

  // Whether the next segment is still to be made and making it has not just failed.
  bool wants_preparation() const;
  // One step of it.
  void prepare();
  bool short_of_space() const { return preparation_error_.has_value(); }

  // Whether the batch can join the group as things are.
  bool fits(const BatchSize& size, Purpose purpose) const;
  // Finds room for the batch, in a new segment if need be; blocks. The group is empty. An Error
  // where there is none for that purpose.
  Result<void> make_room(const BatchSize& size, Purpose purpose);
  // Puts a batch that fits into the group. `leaves` are the leaf hashes of its items with an entry.
  Appended add(const JournalBatch& batch, std::vector<Digest> leaves);
  bool group_empty() const { return group_.empty(); }
  // One write, one sync. After an Error this must not be used any more.
  Result<void> commit();

  Result<void> erase(const std::vector<std::uint64_t>& sequences);

 private:
  std::uint64_t end_of_group() const;
  Result<void> finish_preparation();
  void roll();
  Bytes seal(const JournalItem& item, const Digest& leaf, std::uint32_t& slot);

  std::shared_ptr<JournalDisk> disk_;
  std::string directory_;
  Reserve reserve_;
  RandomBytes random_;
  JournalState state_;
  SegmentMaker maker_;
  std::optional<Error> preparation_error_;
  std::uint64_t retry_at_ = 0;  // the offset at which preparation is tried again
  Bytes group_;
  std::uint64_t group_first_ = 0;
};

}  // namespace lokaal
