// Writes log entries: what all have in common, the tree over them, and the way back to the reactor.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "adapters/clock/clock.hpp"
#include "adapters/journal/journal.hpp"
#include "core/base/result.hpp"
#include "core/evidence/commitment.hpp"
#include "core/evidence/entry.hpp"
#include "core/evidence/merkle.hpp"
#include "core/wire/result.hpp"
#include "core/wire/room_state.hpp"

namespace lokaal {

// An entry to be written, with what of it concerns persons.
struct Draft {
  EntryBody body;
  std::optional<RoomId> room;
  std::uint64_t generation = 0;
  PrivateValues personal;
};

// How far the journal is durable, as told to whoever publishes the log.
struct Durable {
  std::uint64_t next_sequence = 0;  // of the journal: all below it is on the disk
  bool soon = false;                // among it an enforcement, or a step of an exam or emergency
};

// The reactor's thread. The journal and the clock must outlive it; a completion that is still under
// way when it is destroyed is not called.
class Recorder {
 public:
  // Where each entry of a batch went, in order; or why the batch is not on the disk.
  using Done = std::function<void(const Result<std::vector<wire::EvidenceEntry>>&)>;

  Recorder(boost::asio::any_io_executor executor, Journal& journal, Clock& clock);
  ~Recorder();

  // Takes up the log that a start found.
  void resume(std::string origin, TreeFrontier tree);
  // Begins a new log with its genesis, and waits for the disk.
  Result<void> begin(std::string origin, Draft genesis);

  void write(std::vector<Draft> drafts, Purpose purpose, Done done);
  // For entries nobody waits for. A failure is the journal's own, and shows in its health.
  void note(Draft draft) { write({std::move(draft)}, Purpose::ordinary, {}); }

  // Told of every batch that has become durable.
  void on_durable(std::function<void(const Durable&)> told) { told_ = std::move(told); }

  // As far as it is durable.
  wire::LogHead head() const;
  JournalHealth health() const { return journal_.health(); }

 private:
  struct Life;

  Result<JournalBatch> batch_of(const std::vector<Draft>& drafts, Purpose purpose);
  std::vector<wire::EvidenceEntry> take(const Appended& appended, bool soon);

  boost::asio::any_io_executor executor_;
  Journal& journal_;
  Clock& clock_;
  std::string origin_;
  TreeFrontier tree_;
  std::function<void(const Durable&)> told_;
  std::shared_ptr<Life> life_;
};

// 32 fresh random bytes.
Salt fresh_salt();

}  // namespace lokaal
