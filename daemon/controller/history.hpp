// What a restart folds: the journal's records, in order, into everything that lives on.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/journal/journal.hpp"
#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "core/command/replay_window.hpp"
#include "core/evidence/commitment.hpp"
#include "core/evidence/entry.hpp"
#include "core/evidence/merkle.hpp"
#include "core/policy/state.hpp"
#include "core/wire/result.hpp"

namespace lokaal {

// A private value that no leaf commits to: the answer that a repeated command is given.
inline constexpr std::string_view kResultField = "result";
inline constexpr std::string_view kJwsField = "jws_c";

// A command that was durable when the daemon died, and whose enforcement no entry tells.
struct UnfinishedCommand {
  CommandKey key;
  CommandId jti;
  RoomId room;
  wire::EvidenceEntry evidence;
};

struct History {
  State state;  // starts as the site's initial state
  ReplayWindow window;
  TreeFrontier tree;
  std::string origin;  // of the log; empty: the journal was empty
  std::optional<WallTime> last_at;
  std::string last_boot;
  std::map<RoomId, WallTime> last_set_mode;  // `iat` of the last one that was accepted
  std::vector<UnfinishedCommand> unfinished;

  bool empty() const { return origin.empty(); }

  // For each record, as the journal is opened. An error names the record that cannot be folded.
  Result<void> fold_record(const JournalRecord& record);

 private:
  Result<void> fold_command(const LogEntry& entry, const PrivateValues& personal,
                            const wire::EvidenceEntry& evidence);
  void fold_result(const PrivateValues& personal);
};

}  // namespace lokaal
