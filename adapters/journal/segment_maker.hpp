// Makes the next segment before it is needed: its space, its zeros, its keys. In small steps, so
// that appends in between wait for one step at most.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "adapters/journal/disk_file.hpp"
#include "adapters/journal/key_file.hpp"

namespace lokaal {

inline constexpr std::uint64_t kMaxSegmentBytes = 64UL * 1024 * 1024;

struct SegmentShape {
  std::uint64_t segment_bytes = 0;
  std::uint32_t key_slots = 0;
};

// A segment as the writer holds it.
struct OpenSegment {
  std::uint64_t number = 0;
  DiskFile file;
  std::uint64_t capacity = 0;
  std::uint64_t offset = 0;  // where the next group goes; 0: its header has not been written
  KeySlots keys;             // those that are still unused; used ones are zeros here
  std::uint32_t next_slot = 0;
};

class SegmentMaker {
 public:
  // `disk` and what `random` refers to must outlive this.
  SegmentMaker(JournalDisk& disk, std::string directory, SegmentShape shape, JournalId journal,
               RandomBytes random);

  // Goes one step further with segment `number`. The segment when it is finished and its name is
  // durable; nullopt when there is more to do. After an Error the next call begins anew, and
  // nothing of the attempt is left.
  Result<std::optional<OpenSegment>> step(std::uint64_t number);

  // The names that an attempt goes by until it is finished.
  static constexpr const char* kUnfinishedSegment = "next.segment-unfinished";
  static constexpr const char* kUnfinishedKeys = "next.keys-unfinished";

 private:
  Result<void> begin();
  Result<void> write_keys();
  Result<OpenSegment> finish(std::uint64_t number);
  void abandon();
  std::string path(const std::string& name) const { return directory_ + "/" + name; }

  JournalDisk& disk_;
  std::string directory_;
  SegmentShape shape_;
  JournalId journal_;
  RandomBytes random_;
  std::optional<DiskFile> file_;
  std::uint64_t zeroed_ = 0;
  std::optional<KeySlots> keys_;
};

}  // namespace lokaal
