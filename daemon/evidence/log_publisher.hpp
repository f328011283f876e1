// Keeps the published log close behind the journal, on a thread of its own: enforcement never waits
// for it, and goes on when its disk is full or gone.
//
// What waits is one number, how far the journal is durable; the entries are read from the journal.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "core/base/result.hpp"
#include "daemon/evidence/log_writer.hpp"

namespace lokaal {

// How long entries may wait for a checkpoint: an enforcement or a step of an exam (`soon`), and
// anything else. Well below the second and the few seconds that are promised.
struct PublishPace {
  std::chrono::milliseconds soon{300};
  std::chrono::milliseconds later{3'000};
  // After a failure, doubled with each up to the last.
  std::chrono::milliseconds first_retry{1'000};
  std::chrono::milliseconds last_retry{60'000};
};

// All but the worker's own part on the executor's thread.
class LogPublisher {
 public:
  struct Hooks {
    // A checkpoint that was not there before.
    std::function<void(const PublishedCheckpoint&)> published;
    // What keeps the log from being published, when it begins or changes; nullopt: it is mended.
    std::function<void(const std::optional<Error>&)> trouble;
  };

  LogPublisher(boost::asio::any_io_executor executor, LogPlaces places, KeySet keys, Hooks hooks,
               PublishPace pace = {});
  // Waits for the step that is under way; what it says then is not heard any more.
  ~LogPublisher();

  // Keys that are listed from the next checkpoint on: the roster has changed.
  void list(KeySet keys) { new_keys_ = std::move(keys); }

  // The journal is durable up to, not including, this sequence.
  void durable(std::uint64_t next_sequence, bool soon);

  const std::optional<PublishedCheckpoint>& newest() const { return newest_; }
  const std::optional<Error>& trouble() const { return trouble_; }

 private:
  using Outcome = Result<std::optional<PublishedCheckpoint>>;
  using Clock = std::chrono::steady_clock;

  void arm(Clock::time_point due);
  void start();
  void finished(std::uint64_t up_to, const Outcome& outcome);
  void failed(const Error& error);
  void succeeded(const std::optional<PublishedCheckpoint>& newest);

  boost::asio::any_io_executor executor_;
  Hooks hooks_;
  PublishPace pace_;
  boost::asio::steady_timer timer_;
  std::uint64_t durable_ = 0;
  std::uint64_t done_ = 0;
  std::optional<Clock::time_point> due_;  // of what waits
  std::chrono::milliseconds retry_{0};    // 0: the last attempt succeeded
  bool busy_ = false;
  std::optional<KeySet> new_keys_;
  std::optional<PublishedCheckpoint> newest_;
  std::optional<Error> trouble_;
  std::shared_ptr<LogPublisher*> life_;  // null inside once this is gone
  std::unique_ptr<LogWriter> writer_;    // the worker's, while busy
  boost::asio::thread_pool worker_{1};   // last: it uses the above
};

}  // namespace lokaal
