// Reads a journal's folder back: what counts, what has to be mended, what must not be touched.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "adapters/journal/segment_store.hpp"

namespace lokaal {

// What a fold gets. An Error from it stops the opening.
using JournalFold = std::function<Result<void>(const JournalRecord& record)>;

// A torn tail that was moved aside.
struct JournalRepair {
  std::string file;  // where its bytes are now
  std::uint64_t bytes = 0;
  std::string why;
};

struct JournalRecovery {
  std::uint64_t segments = 0;
  std::uint64_t records = 0;
  std::uint64_t next_sequence = 0;
  std::uint64_t next_index = 0;
  std::optional<JournalRepair> repair;
};

// Reads all segments in order. Only the tail is ever mended, and its bytes are kept in a file;
// anything else that is wrong is an Error with its place, and nothing has been changed.
Result<JournalState> recover_journal(JournalDisk& disk, const std::string& directory,
                                     const JournalFold& fold, JournalRecovery& recovery);

}  // namespace lokaal
