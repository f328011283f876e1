// A process that is killed while it appends: everything that it was told is durable is there after.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <random>
#include <thread>

#include "tests/unit/adapters/journal/journal_fixture.hpp"

namespace lokaal {
namespace {

class JournalKill : public JournalFixture {
 protected:
  // The child: appends for ever and writes every acknowledged sequence to the pipe.
  [[noreturn]] void append_for_ever(int acknowledged) {
    if (!open()) ::_exit(3);
    for (std::uint64_t n = recovery_.next_sequence;; n += 2) {
      JournalBatch batch;
      batch.items.push_back({"entry " + std::to_string(n) + std::string(n % 900, '.'), ""});
      batch.items.push_back({"", "personal " + std::to_string(n)});
      const auto queued = journal_->append(std::move(batch), [&](const Result<Appended>& result) {
        if (!result) ::_exit(4);
        const std::uint64_t sequence = result->sequence;
        if (::write(acknowledged, &sequence, sizeof sequence) != sizeof sequence) ::_exit(5);
      });
      if (!queued) ::_exit(6);
      if (n % 16 == 0) std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
  }
};

TEST_F(JournalKill, LosesNothingThatWasAcknowledged) {
  std::mt19937 random(20261122);
  std::uint64_t expected = 0;  // as many records at least
  for (int round = 0; round < 20; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(ends[0]);
      append_for_ever(ends[1]);
    }
    ::close(ends[1]);
    // Some acknowledgements, then the kill at any moment.
    const std::uint64_t wanted = 1 + random() % 25;
    std::uint64_t sequence = 0;
    for (std::uint64_t n = 0; n < wanted; ++n) {
      ASSERT_EQ(::read(ends[0], &sequence, sizeof sequence), ssize_t{sizeof sequence});
      expected = std::max(expected, sequence + 2);
    }
    ASSERT_EQ(::kill(child, SIGKILL), 0);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << WEXITSTATUS(status);
    while (::read(ends[0], &sequence, sizeof sequence) == ssize_t{sizeof sequence})
      expected = std::max(expected, sequence + 2);
    ::close(ends[0]);

    const auto opened = open();
    ASSERT_TRUE(opened) << opened.error().text();
    ASSERT_GE(folded_.size(), expected);
    ASSERT_EQ(folded_.size() % 2, 0U);  // batches count wholly
    for (std::size_t i = 0; i < folded_.size(); i += 2) {
      ASSERT_EQ(folded_[i].entry, "entry " + std::to_string(i) + std::string(i % 900, '.'));
      ASSERT_EQ(folded_[i + 1].values, "personal " + std::to_string(i));
    }
    expected = folded_.size();
    journal_.reset();
  }
}

}  // namespace
}  // namespace lokaal
