// The journal in a folder of preallocated files, with a thread of its own that writes and syncs:
// all that is queued while one group is being synced becomes the next group.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "adapters/journal/journal.hpp"
#include "adapters/journal/journal_disk.hpp"
#include "adapters/journal/key_file.hpp"
#include "adapters/journal/recovery.hpp"

namespace lokaal {

struct JournalOptions {
  std::string directory;  // made (mode 0700) if only its last part is missing
  // Bytes of a segment file, up to 64 MiB; one key for every KiB of it.
  std::uint64_t segment_bytes = 4UL * 1024 * 1024;
  // What is kept back in the last segment for endings when the next one cannot be made.
  std::uint64_t reserve_bytes = 256UL * 1024;
  RandomBytes random_bytes;           // adapters/entropy
  std::shared_ptr<JournalDisk> disk;  // none: the machine's own
};

struct OpenedJournal {
  std::unique_ptr<Journal> journal;
  JournalRecovery recovery;
};

// Locks the folder, reads it back through `fold`, and is ready to append. Blocks; for start-up. An
// Error where another process has it open, where it is damaged, or where the first segment cannot
// be made. Destroying the journal writes what is queued, calls the completions, and unlocks.
Result<OpenedJournal> open_journal(JournalOptions options, const JournalFold& fold);

}  // namespace lokaal
