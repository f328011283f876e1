// Derives the published logs from the journal: tiles, private values, keys, checkpoint.
//
// Everything but the signing key can be lost and is made again. One thread; everything blocks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "adapters/journal/journal_reader.hpp"
#include "adapters/tile_store/tile_store.hpp"
#include "core/evidence/checkpoint.hpp"
#include "core/evidence/signed_note.hpp"
#include "core/evidence/tiles.hpp"
#include "core/verification/key_set.hpp"

namespace lokaal {

struct LogPlaces {
  std::string journal_directory;
  std::string directory;  // of all logs; each has a folder called after its epoch
};

// The newest checkpoint of the newest log.
struct PublishedCheckpoint {
  std::string epoch;
  Checkpoint checkpoint;
  std::string note;  // as it stands in the file

  bool operator==(const PublishedCheckpoint&) const = default;
};

class LogWriter {
 public:
  // `keys`: what is published beside the logs.
  LogWriter(LogPlaces places, KeySet keys);

  // From the next publish() on these are listed too; keys that were are kept.
  void list(KeySet keys);

  // Publishes all that the journal holds below `next_sequence`, which is durable. After an Error
  // the next call derives everything anew, so that nothing depends on how far this one came; what
  // was published stays as it is in any case. nullopt: the journal is empty.
  Result<std::optional<PublishedCheckpoint>> publish(std::uint64_t next_sequence);

 private:
  // The log that is being written.
  struct OpenLog {
    std::string origin;
    std::string epoch;
    TileStore store;
    Ed25519PrivateKey key;
    TileBuilder tiles;
    std::optional<Checkpoint> published;  // what a valid checkpoint file says
    std::string note;                     // that file
    std::vector<TileName> full;           // whose partial forms can go
  };

  Result<void> take(const JournalRecord& record);
  Result<void> begin(const JournalRecord& record);
  Result<void> write_public_keys(OpenLog& log);
  Result<void> take_private(const JournalRecord& record);
  Result<void> write_full();
  Result<void> sign();

  LogPlaces places_;
  KeySet keys_;
  bool keys_listed_ = false;  // beside the log that is being written
  JournalReader journal_;
  std::uint64_t next_ = 0;  // the sequence of the record to read next
  std::optional<OpenLog> log_;
};

}  // namespace lokaal
