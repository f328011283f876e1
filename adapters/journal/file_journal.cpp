#include "adapters/journal/file_journal.hpp"

#include <fcntl.h>
#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "adapters/journal/segment_store.hpp"
#include "core/evidence/entry.hpp"
#include "core/evidence/merkle.hpp"

namespace lokaal {
namespace {

constexpr std::uint64_t kMaxBatchBytes = 1024UL * 1024;

struct QueuedBatch {
  JournalBatch batch;
  BatchSize size;
  std::vector<Digest> leaves;
  Journal::Completion done;
};
struct QueuedErasure {
  std::vector<std::uint64_t> sequences;
  Journal::Erased done;
};
using Job = std::variant<QueuedBatch, QueuedErasure>;

class FileJournal final : public Journal {
 public:
  FileJournal(std::shared_ptr<JournalDisk> disk, DiskFile lock, SegmentStore store,
              BatchSize largest)
      : disk_(std::move(disk)),
        lock_(std::move(lock)),
        store_(std::move(store)),
        largest_(largest),
        thread_([this] { run(); }) {}

  ~FileJournal() override {
    {
      const std::lock_guard guard(mutex_);
      stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }

  FileJournal(const FileJournal&) = delete;
  FileJournal& operator=(const FileJournal&) = delete;

  Result<void> append(JournalBatch batch, Completion done) override;
  Result<void> erase(std::vector<std::uint64_t> sequences, Erased done) override {
    return enqueue(QueuedErasure{std::move(sequences), std::move(done)});
  }
  JournalHealth health() const override { return health_.load(); }

 private:
  // A batch in the group that is being put together.
  struct InGroup {
    Completion done;
    Appended appended;
  };

  Result<void> enqueue(Job job);
  void run();
  bool take(std::deque<Job>& jobs);
  void handle(QueuedBatch& queued);
  void handle(QueuedErasure& queued);
  void flush();
  void fail(const Error& error);

  std::shared_ptr<JournalDisk> disk_;  // outlives the files below
  DiskFile lock_;
  SegmentStore store_;           // the thread's own
  std::vector<InGroup> group_;   // the thread's own
  std::optional<Error> failed_;  // the thread's own; under the mutex as failure_
  BatchSize largest_;
  std::atomic<JournalHealth> health_{JournalHealth::sound};
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> queue_;
  std::optional<Error> failure_;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses all of the above
};

Result<void> FileJournal::append(JournalBatch batch, Completion done) {
  if (batch.items.empty() || batch.items.size() > kMaxBatchRecords)
    return failure("a journal batch has 1 to 4096 items");
  for (const JournalItem& item : batch.items) {
    if (item.entry.empty() && item.personal.empty())
      return failure("a journal item without entry and without private part");
    if (item.entry.size() > kMaxEntryBytes || item.personal.size() > kMaxPersonalBytes)
      return failure("a journal item over its limits");
  }
  if (batch.begins_log && batch.items.front().entry.empty())
    return failure("a log begins with an entry");
  QueuedBatch queued{std::move(batch), {}, {}, std::move(done)};
  queued.size = size_of(queued.batch);
  if (queued.size.bytes > largest_.bytes || queued.size.keys > largest_.keys)
    return failure("a journal batch that is too large");
  for (const JournalItem& item : queued.batch.items)
    if (!item.entry.empty()) queued.leaves.push_back(leaf_hash(as_bytes(item.entry)));
  return enqueue(std::move(queued));
}

Result<void> FileJournal::enqueue(Job job) {
  {
    const std::lock_guard guard(mutex_);
    if (failure_) return tl::unexpected(*failure_);
    queue_.push_back(std::move(job));
  }
  wake_.notify_one();
  return {};
}

void FileJournal::run() {
  pthread_setname_np(pthread_self(), "journal");
  std::deque<Job> jobs;
  while (take(jobs)) {
    for (Job& job : jobs) std::visit([this](auto& queued) { handle(queued); }, job);
    flush();
    jobs.clear();
  }
}

// Waits for jobs, making the next segment meanwhile. False: nothing is left and the end has come.
bool FileJournal::take(std::deque<Job>& jobs) {
  std::unique_lock guard(mutex_);
  while (queue_.empty()) {
    if (stopping_) return false;
    if (failed_ || !store_.wants_preparation()) {
      wake_.wait(guard);
      continue;
    }
    guard.unlock();
    store_.prepare();
    health_ = store_.short_of_space() ? JournalHealth::short_of_space : JournalHealth::sound;
    guard.lock();
  }
  jobs.swap(queue_);
  return true;
}

void FileJournal::handle(QueuedBatch& queued) {
  if (!failed_ && !store_.fits(queued.size, queued.batch.purpose)) {
    flush();
    if (!failed_) {
      const auto room = store_.make_room(queued.size, queued.batch.purpose);
      health_ = store_.short_of_space() ? JournalHealth::short_of_space : JournalHealth::sound;
      if (!room) return queued.done(tl::unexpected(room.error()));
    }
  }
  if (failed_) return queued.done(tl::unexpected(*failed_));
  Appended appended = store_.add(queued.batch, std::move(queued.leaves));
  group_.push_back({std::move(queued.done), std::move(appended)});
}

void FileJournal::handle(QueuedErasure& queued) {
  flush();
  if (failed_) return queued.done(tl::unexpected(*failed_));
  const auto erased = store_.erase(queued.sequences);
  if (!erased) fail(erased.error());
  queued.done(erased);
}

void FileJournal::flush() {
  if (group_.empty()) return;
  const auto committed = store_.commit();
  if (!committed) fail(committed.error());
  std::vector<InGroup> group;
  group.swap(group_);
  for (InGroup& batch : group) {
    if (committed) {
      batch.done(std::move(batch.appended));
    } else {
      batch.done(tl::unexpected(*failed_));
    }
  }
}

// After a failed write or sync nobody knows what the disk has (the kernel may have dropped the
// pages and call the next sync a success): the only truth left is what a restart reads back.
void FileJournal::fail(const Error& error) {
  failed_ = with_context("the journal has failed", error).value();
  health_ = JournalHealth::failed;
  const std::lock_guard guard(mutex_);
  failure_ = failed_;
}

}  // namespace

Result<OpenedJournal> open_journal(JournalOptions options, const JournalFold& fold) {
  std::shared_ptr<JournalDisk> disk =
      options.disk ? std::move(options.disk) : std::make_shared<PosixDisk>();
  const std::string& directory = options.directory;
  if (const int error = disk->make_directory(directory); error < 0)
    return disk_failure(directory, "cannot be made", error);
  // The folder's own name has to survive a power cut too.
  if (auto named = sync_directory(*disk, directory + "/.."); !named)
    return tl::unexpected(named.error());
  auto lock = DiskFile::open(*disk, directory + "/lock", O_RDWR | O_CREAT);
  if (!lock) return tl::unexpected(lock.error());
  if (const int error = disk->lock(lock->fd()); error == -EWOULDBLOCK)
    return failure("another process has this journal open", Place{lock->path(), 0, 0},
                   "stop the other lokaald, or give this one a folder of its own");
  else if (error < 0)
    return disk_failure(lock->path(), "cannot be locked", error);
  OpenedJournal opened;
  auto state = recover_journal(*disk, directory, fold, opened.recovery);
  if (!state) return tl::unexpected(state.error());
  if (state->last_number == 0) {
    const Bytes id = options.random_bytes(state->journal.size());
    std::copy_n(id.begin(), state->journal.size(), state->journal.begin());
  }
  const SegmentShape shape{options.segment_bytes,
                           static_cast<std::uint32_t>(options.segment_bytes / 1024)};
  const Reserve reserve{options.reserve_bytes, shape.key_slots / 16};
  if (options.segment_bytes > 64UL * 1024 * 1024 ||
      options.reserve_bytes + 4096 > options.segment_bytes)
    return failure("a journal segment is larger than its reserve and at most 64 MiB");
  const BatchSize largest{
      std::min(kMaxBatchBytes, options.segment_bytes - kSegmentHeaderBytes - options.reserve_bytes),
      shape.key_slots - reserve.keys};
  SegmentStore store(disk, directory, shape, reserve, options.random_bytes, std::move(*state));
  // A place to write to before anything is promised.
  if (auto room = store.make_room({0, 0}, Purpose::ending); !room)
    return tl::unexpected(room.error());
  // The thread takes no signals: they belong to the reactor.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  opened.journal = std::make_unique<FileJournal>(disk, std::move(*lock), std::move(store), largest);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return opened;
}

}  // namespace lokaal
