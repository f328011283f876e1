// What a durable append costs beside the disk's own floor: one pwrite and one fdatasync of the same
// bytes in a preallocated, zeroed file. Rounds of both alternate, so that both see the same disk.
//   journal_bench FOLDER [appends a round] [rounds]
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <string>
#include <vector>

#include "adapters/entropy/entropy.hpp"
#include "adapters/journal/file_journal.hpp"
#include "core/evidence/journal_record.hpp"

namespace lokaal {
namespace {

using Clock = std::chrono::steady_clock;
using Times = std::vector<double>;  // microseconds

const std::string kEntry(400, 'e');
const std::string kPersonal(700, 'p');

double since(Clock::time_point start) {
  return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

[[noreturn]] void stop(const std::string& why) {
  fmt::print(stderr, "journal_bench: {}\n", why);
  std::exit(1);
}

// The floor.
class Floor {
 public:
  Floor(const std::string& path, std::size_t record, int records)
      : record_(record, 'x'), fd_(::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600)) {
    const std::string zeros(record * static_cast<std::size_t>(records), '\0');
    if (fd_ < 0 || ::pwrite(fd_, zeros.data(), zeros.size(), 0) < 0 || ::fsync(fd_) != 0)
      stop("cannot write " + path);
  }
  ~Floor() { ::close(fd_); }
  Floor(const Floor&) = delete;
  Floor& operator=(const Floor&) = delete;

  void append(Times& times) {
    const auto start = Clock::now();
    const auto size = static_cast<ssize_t>(record_.size());
    if (::pwrite(fd_, record_.data(), record_.size(), offset_) != size || ::fdatasync(fd_) != 0)
      stop("the disk failed");
    offset_ += size;
    times.push_back(since(start));
  }

 private:
  std::string record_;
  int fd_;
  off_t offset_ = 0;
};

void append_one(Journal& journal, const std::string& personal, Times& times) {
  const auto start = Clock::now();
  if (const auto done = journal.append_and_wait({{{kEntry, personal}}}); !done)
    stop(done.error().text());
  times.push_back(since(start));
}

double percentile(Times times, double part) {
  std::sort(times.begin(), times.end());
  return times[static_cast<std::size_t>(static_cast<double>(times.size() - 1) * part)];
}

void print(const char* what, const Times& times, double limit) {
  fmt::print("{:<38} p50 {:8.1f} us  p99 {:8.1f} us  ratio of p50 {:5.2f}\n", what,
             percentile(times, 0.5), percentile(times, 0.99), percentile(times, 0.5) / limit);
}

// Many at once: what group commit makes of them.
void queue_many(Journal& journal, int count) {
  std::promise<void> all;
  const auto start = Clock::now();
  for (int i = 0; i < count; ++i) {
    const bool last = i + 1 == count;
    const auto queued = journal.append({{{kEntry, ""}}}, [&all, last](const Result<Appended>& r) {
      if (!r) stop(r.error().text());
      if (last) all.set_value();
    });
    if (!queued) stop(queued.error().text());
  }
  all.get_future().get();
  fmt::print("{} queued at once: {:.0f} records/s\n", count, count / since(start) * 1e6);
}

int run(const std::string& folder, int appends, int rounds) {
  const std::string directory = folder + "/journal_bench";
  std::filesystem::remove_all(directory);
  JournalOptions options;
  options.directory = directory;
  options.random_bytes = random_bytes;
  auto opened = open_journal(options, [](const JournalRecord&) { return Result<void>(); });
  if (!opened) stop(opened.error().text());
  Journal& journal = *opened->journal;
  const std::size_t size = record_bytes(kEntry.size(), 0);
  Floor floor(directory + "/floor", size, appends * rounds);
  Times bare, plain, sealed, warm;
  for (int i = 0; i < 200; ++i) append_one(journal, "", warm);  // the next segment gets made
  for (int round = 0; round < rounds; ++round) {
    for (int i = 0; i < appends; ++i) floor.append(bare);
    for (int i = 0; i < appends; ++i) append_one(journal, "", plain);
    for (int i = 0; i < appends; ++i) append_one(journal, kPersonal, sealed);
  }
  const double limit = percentile(bare, 0.5);
  print(fmt::format("LIMIT pwrite + fdatasync, {} B", size).c_str(), bare, limit);
  print("append, waited for", plain, limit);
  print("append with 700 B private part", sealed, limit);
  queue_many(journal, 100'000);
  opened->journal.reset();
  const auto start = Clock::now();
  std::uint64_t records = 0;
  opened = open_journal(options, [&](const JournalRecord&) {
    ++records;
    return Result<void>();
  });
  if (!opened) stop(opened.error().text());
  fmt::print("opened again: {} records in {:.0f} ms\n", records, since(start) / 1e3);
  opened->journal.reset();
  std::filesystem::remove_all(directory);
  return 0;
}

}  // namespace
}  // namespace lokaal

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: journal_bench FOLDER [appends a round] [rounds]\n");
    return 2;
  }
  return lokaal::run(argv[1], argc > 2 ? std::atoi(argv[2]) : 500,
                     argc > 3 ? std::atoi(argv[3]) : 6);
}
