// Reads records again while the journal is in use: what the evidence log is made from.
//
// It only reads, so it needs no lock; what it may read is what append() has called durable. One
// thread at a time, and not the journal's.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "adapters/journal/journal_disk.hpp"
#include "adapters/journal/recovery.hpp"

namespace lokaal {

class JournalReader {
 public:
  // `disk`: none: the machine's own.
  explicit JournalReader(std::string directory, std::shared_ptr<JournalDisk> disk = nullptr);

  // Hands `each` the records from `from` up to, not including, `until`, in order; all of them are
  // durable. Blocks. Reading on where the last call ended costs no search. An Error where a record
  // is no longer there or is damaged, or from `each`.
  Result<void> read(std::uint64_t from, std::uint64_t until, const JournalFold& each);

 private:
  // Where the next record lies.
  struct Cursor {
    std::uint64_t segment = 0;  // 0: not known
    std::uint64_t sequence = 0;
    std::size_t offset = 0;
    RecordLink link{};
  };

  Result<void> find(std::uint64_t sequence);
  Result<void> read_segment(std::uint64_t from, std::uint64_t until, const JournalFold& each);
  Result<std::vector<std::uint64_t>> segments() const;
  Result<Bytes> bytes_of(std::uint64_t segment) const;
  std::string path(const std::string& name) const { return directory_ + "/" + name; }

  std::shared_ptr<JournalDisk> disk_;
  std::string directory_;
  Cursor cursor_;
};

}  // namespace lokaal
