#include <gmock/gmock.h>

#include "tests/unit/adapters/journal/faulty_disk.hpp"
#include "tests/unit/adapters/journal/journal_fixture.hpp"

namespace lokaal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class JournalFaults : public JournalFixture {
 protected:
  JournalFaults() { disk_ = faulty_; }
  std::shared_ptr<FaultyDisk> faulty_ = std::make_shared<FaultyDisk>();
};

TEST_F(JournalFaults, AFailedSyncIsNeverRetriedAndNothingIsAppendedAfterIt) {
  ASSERT_TRUE(open());
  ASSERT_TRUE(append("durable"));
  faulty_->sync_error = EIO;
  const auto failed = append("lost");
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().text(), HasSubstr("the journal has failed"));
  EXPECT_EQ(journal_->health(), JournalHealth::failed);
  faulty_->sync_error = 0;  // the next sync would claim success
  const int syncs = faulty_->syncs;
  EXPECT_FALSE(append("after"));
  EXPECT_EQ(faulty_->syncs, syncs);
  EXPECT_EQ(journal_->health(), JournalHealth::failed);
  ASSERT_TRUE(reopen());
  ASSERT_GE(folded_.size(), 1U);
  EXPECT_EQ(folded_.front().entry, "durable");
  for (const std::string& entry : entries()) EXPECT_NE(entry, "after");
}

TEST_F(JournalFaults, WhatARestartReadsIsWrittenAndSyncedOnceMoreBeforeItCounts) {
  ASSERT_TRUE(open());
  ASSERT_TRUE(append("durable"));
  faulty_->sync_error = EIO;
  EXPECT_FALSE(append("only in the page cache"));
  EXPECT_FALSE(reopen()) << "what the disk may not have is taken for durable";
  EXPECT_TRUE(folded_.empty());
  faulty_->sync_error = 0;
  const int syncs = faulty_->syncs;
  ASSERT_TRUE(reopen());
  EXPECT_GT(faulty_->syncs, syncs);
}

TEST_F(JournalFaults, AFailedWriteStopsTheJournalToo) {
  ASSERT_TRUE(open());
  ASSERT_TRUE(append("durable"));
  faulty_->write_error = EIO;
  EXPECT_FALSE(append("lost"));
  EXPECT_EQ(journal_->health(), JournalHealth::failed);
  faulty_->write_error = 0;
  EXPECT_FALSE(append("after"));
  ASSERT_TRUE(reopen());
  EXPECT_THAT(entries(), ElementsAre("durable"));
}

TEST_F(JournalFaults, ShortAndInterruptedWritesAndReadsAreGoneOnWith) {
  faulty_->short_writes = true;
  ASSERT_TRUE(open());
  std::vector<std::string> expected;
  for (int i = 0; i < 30; ++i) {
    expected.push_back(std::to_string(i) + std::string(5'000, 'x'));
    ASSERT_TRUE(append(expected.back(), "private"));
  }
  ASSERT_TRUE(reopen());
  EXPECT_EQ(entries(), expected);
}

TEST_F(JournalFaults, AFullDiskIsFoundBeforeItIsNeededAndEndingsAreStillWritten) {
  ASSERT_TRUE(open());
  // Up to the next segment, which is then there; the one after it will not be.
  std::uint64_t appended = 0;
  for (; appended < 70; ++appended) ASSERT_TRUE(append(std::string(900, 'o')));
  faulty_->allocate_error = ENOSPC;
  Result<Appended> last = append("o");
  for (int i = 0; i < 200 && last; ++i) {
    ++appended;
    last = append(std::string(900, 'o'));
  }
  ASSERT_FALSE(last);
  EXPECT_THAT(last.error().text(), HasSubstr("the journal has no room"));
  EXPECT_EQ(journal_->health(), JournalHealth::short_of_space);
  // The reserve of 16 KiB holds many an ending; ordinary ones stay refused meanwhile.
  for (int i = 0; i < 12; ++i) {
    const auto ending = append(std::string(900, 'e'), {}, Purpose::ending);
    ASSERT_TRUE(ending) << ending.error().text();
    EXPECT_EQ(ending->index, appended++);
    EXPECT_FALSE(append(std::string(900, 'o')));
  }
  // Space again: the journal goes on by itself.
  faulty_->allocate_error = 0;
  EXPECT_TRUE(append("again"));
  EXPECT_EQ(journal_->health(), JournalHealth::sound);
  ASSERT_TRUE(reopen());
  EXPECT_EQ(folded_.size(), appended + 1);
  EXPECT_EQ(folded_.back().entry, "again");
}

TEST_F(JournalFaults, TheReserveEndsWithAnErrorAndNotWithAFailure) {
  ASSERT_TRUE(open());
  faulty_->allocate_error = ENOSPC;
  Result<Appended> last = append("first");
  int written = 0;
  for (; written < 500 && last; ++written)
    last = append(std::string(900, 'e'), {}, Purpose::ending);
  ASSERT_FALSE(last);
  EXPECT_NE(journal_->health(), JournalHealth::failed);
  faulty_->allocate_error = 0;
  EXPECT_TRUE(append("again"));
}

TEST_F(JournalFaults, CannotBeOpenedWithoutSpaceForItsFirstSegment) {
  faulty_->allocate_error = ENOSPC;
  const auto opened = open();
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().text(), HasSubstr("No space left on device"));
  EXPECT_TRUE(opened.error().place);
  faulty_->allocate_error = 0;
  EXPECT_TRUE(open());
}

TEST_F(JournalFaults, AFailedErasureStopsTheJournal) {
  ASSERT_TRUE(open());
  ASSERT_TRUE(append("a", "private"));
  faulty_->sync_error = EIO;
  Result<void> outcome;
  ASSERT_TRUE(journal_->erase({0}, [&](const Result<void>& result) { outcome = result; }));
  EXPECT_FALSE(append("after"));
  EXPECT_FALSE(outcome);
}

}  // namespace
}  // namespace lokaal
