#include <gmock/gmock.h>
#include <sys/stat.h>

#include <atomic>
#include <future>
#include <set>
#include <thread>

#include "core/evidence/merkle.hpp"
#include "tests/unit/adapters/journal/journal_fixture.hpp"

namespace lokaal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class JournalTest : public JournalFixture {};

TEST_F(JournalTest, GivesBackInOrderWhatWasAppended) {
  ASSERT_TRUE(open());
  EXPECT_TRUE(folded_.empty());
  const auto one = append("{\"n\":1}");
  ASSERT_TRUE(one) << one.error().text();
  EXPECT_EQ(one->sequence, 0U);
  EXPECT_EQ(one->index, 0U);
  EXPECT_EQ(one->leaves, std::vector{leaf_hash(as_bytes("{\"n\":1}"))});
  const auto two = append("{\"n\":2}");
  ASSERT_TRUE(two);
  EXPECT_EQ(two->index, 1U);
  ASSERT_TRUE(reopen());
  EXPECT_THAT(entries(), ElementsAre("{\"n\":1}", "{\"n\":2}"));
  EXPECT_EQ(recovery_.next_index, 2U);
  EXPECT_FALSE(recovery_.repair);
  EXPECT_EQ(append("{\"n\":3}")->index, 2U);
  ASSERT_TRUE(reopen());
  EXPECT_EQ(folded_.size(), 3U);
}

TEST_F(JournalTest, NumbersLeavesApartFromOtherRecordsAndAnewInANewLog) {
  ASSERT_TRUE(open());
  ASSERT_TRUE(append("a"));
  const auto mixed = journal_->append_and_wait({{{"", "{}"}, {"b", ""}, {"c", ""}}});
  ASSERT_TRUE(mixed);
  EXPECT_EQ(mixed->sequence, 1U);
  EXPECT_EQ(mixed->index, 1U);
  EXPECT_EQ(mixed->leaves.size(), 2U);
  const auto genesis = journal_->append_and_wait({{{"genesis", ""}}, Purpose::ordinary, true});
  ASSERT_TRUE(genesis);
  EXPECT_EQ(genesis->sequence, 4U);
  EXPECT_EQ(genesis->index, 0U);
  EXPECT_EQ(append("d")->index, 1U);
  ASSERT_TRUE(reopen());
  std::vector<std::uint64_t> indices;
  for (const Folded& record : folded_) indices.push_back(record.index);
  EXPECT_THAT(indices, ElementsAre(0, 1, 1, 2, 0, 1));
  EXPECT_EQ(recovery_.next_index, 2U);
}

TEST_F(JournalTest, RollsOverManySegmentsAndReadsThemAll) {
  ASSERT_TRUE(open());
  std::vector<std::string> expected;
  for (int i = 0; i < 400; ++i) {
    expected.push_back(std::to_string(i) + std::string(700, '.'));
    ASSERT_TRUE(append(expected.back()));
  }
  ASSERT_TRUE(reopen());
  EXPECT_EQ(entries(), expected);
  EXPECT_GT(recovery_.segments, 4U);
}

TEST_F(JournalTest, KeepsPrivatePartsSealedAndGivesThemBack) {
  ASSERT_TRUE(open());
  ASSERT_TRUE(append("leaf", "{\"jws_c\":\"very personal\"}"));
  EXPECT_THAT(read("00000001.segment"), HasSubstr("leaf"));
  EXPECT_THAT(read("00000001.segment"), Not(HasSubstr("personal")));
  ASSERT_TRUE(reopen());
  ASSERT_EQ(folded_.size(), 1U);
  EXPECT_EQ(folded_[0].personal, JournalRecord::Personal::held);
  EXPECT_EQ(folded_[0].values, "{\"jws_c\":\"very personal\"}");
}

TEST_F(JournalTest, ErasesPrivatePartsAndLeavesTheLeaves) {
  ASSERT_TRUE(open());
  for (const char* name : {"a", "b", "c"}) ASSERT_TRUE(append(name, name));
  ASSERT_TRUE(reopen());
  ASSERT_TRUE(append("d", "d"));
  const std::string keys = read("00000001.keys");
  std::promise<Result<void>> erased;
  ASSERT_TRUE(journal_->erase({1, 3, 77}, [&](const Result<void>& r) { erased.set_value(r); }));
  ASSERT_TRUE(erased.get_future().get());
  // Two keys of 32 bytes are gone from the file, and no other byte of it.
  const std::string after = read("00000001.keys");
  EXPECT_EQ(after.substr(32 + 32, 32), std::string(32, '\0'));
  EXPECT_EQ(after.substr(32 + 96, 32), std::string(32, '\0'));
  EXPECT_EQ(after.substr(32, 32), keys.substr(32, 32));
  EXPECT_EQ(after.substr(32 + 64, 32), keys.substr(32 + 64, 32));
  ASSERT_TRUE(reopen());
  EXPECT_THAT(entries(), ElementsAre("a", "b", "c", "d"));
  EXPECT_EQ(folded_[0].personal, JournalRecord::Personal::held);
  EXPECT_EQ(folded_[1].personal, JournalRecord::Personal::erased);
  EXPECT_EQ(folded_[1].values, "");
  EXPECT_EQ(folded_[2].values, "c");
  EXPECT_EQ(folded_[3].personal, JournalRecord::Personal::erased);
}

TEST_F(JournalTest, RollsWhenTheKeysOfASegmentAreUsedUp) {
  ASSERT_TRUE(open());
  for (int i = 0; i < 150; ++i) ASSERT_TRUE(append("", std::to_string(i)));
  ASSERT_TRUE(reopen());
  ASSERT_EQ(folded_.size(), 150U);
  for (int i = 0; i < 150; ++i)
    EXPECT_EQ(folded_[static_cast<std::size_t>(i)].values, std::to_string(i));
  EXPECT_GE(recovery_.segments, 3U);
}

TEST_F(JournalTest, TakesAppendsFromManyThreadsAndKeepsEachThreadsOrder) {
  ASSERT_TRUE(open());
  constexpr int kThreads = 8;
  constexpr int kEach = 100;
  std::atomic<int> completed{0};
  std::mutex mutex;
  std::set<std::uint64_t> indices;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < kEach; ++i) {
          const auto queued =
              journal_->append({{{std::to_string(t) + ":" + std::to_string(i), ""}}},
                               [&](const Result<Appended>& r) {
                                 const std::lock_guard guard(mutex);
                                 if (r) indices.insert(r->index);
                                 ++completed;
                               });
          EXPECT_TRUE(queued);
        }
      });
    }
  }
  ASSERT_TRUE(reopen());  // waits for what is queued
  EXPECT_EQ(completed, kThreads * kEach);
  EXPECT_EQ(indices.size(), static_cast<std::size_t>(kThreads * kEach));
  EXPECT_EQ(*indices.rbegin(), static_cast<std::uint64_t>(kThreads * kEach - 1));
  std::vector<int> next(kThreads);
  for (const std::string& entry : entries()) {
    const auto colon = entry.find(':');
    const auto thread = static_cast<std::size_t>(std::stoi(entry.substr(0, colon)));
    EXPECT_EQ(std::stoi(entry.substr(colon + 1)), next[thread]++);
  }
}

TEST_F(JournalTest, IsOpenOnlyOnce) {
  ASSERT_TRUE(open());
  const auto second = open_journal(options(), [](const JournalRecord&) { return Result<void>(); });
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().text(), HasSubstr("another process has this journal open"));
  EXPECT_FALSE(second.error().mend.empty());
  journal_.reset();
  EXPECT_TRUE(open());
}

TEST_F(JournalTest, IsClosedToOthers) {
  ASSERT_TRUE(open());
  ASSERT_TRUE(append("a", "b"));
  struct stat info {};
  ASSERT_EQ(::stat(file("").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0700U);
  for (const char* name : {"00000001.segment", "00000001.keys", "lock"}) {
    ASSERT_EQ(::stat(file(name).c_str(), &info), 0) << name;
    EXPECT_EQ(info.st_mode & 0777U, 0600U) << name;
  }
}

TEST_F(JournalTest, RefusesBatchesThatCannotBeWritten) {
  ASSERT_TRUE(open());
  EXPECT_FALSE(journal_->append_and_wait({}));
  EXPECT_FALSE(append("", ""));
  EXPECT_FALSE(append(std::string(65'536, 'a')));
  EXPECT_FALSE(append("a", std::string(65'537, 'a')));
  EXPECT_FALSE(append(std::string(50'000, 'a')));  // over segment less reserve, here
  EXPECT_FALSE(journal_->append_and_wait({{{"", "p"}}, Purpose::ordinary, true}));
  const auto after = append("a");
  ASSERT_TRUE(after);
  EXPECT_EQ(after->sequence, 0U);
}

TEST_F(JournalTest, StopsWhereTheFoldRefuses) {
  ASSERT_TRUE(open());
  ASSERT_TRUE(append("good"));
  ASSERT_TRUE(append("bad"));
  ASSERT_TRUE(append("later"));
  journal_.reset();
  std::vector<std::string> seen;
  const auto opened = open_journal(options(), [&](const JournalRecord& record) -> Result<void> {
    seen.emplace_back(record.entry);
    if (record.entry == "bad") return failure("not an entry");
    return {};
  });
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().text(), HasSubstr("not an entry"));
  EXPECT_THAT(seen, ElementsAre("good", "bad"));
  EXPECT_TRUE(open());
}

TEST_F(JournalTest, GoesOnWithASegmentWhoseWritingWasInterruptedAtItsMaking) {
  ASSERT_TRUE(open());
  ASSERT_TRUE(append("a"));
  journal_.reset();
  write("next.segment-unfinished", std::string(1000, '\0'));
  write("next.keys-unfinished", "half");
  std::filesystem::remove(file("00000002.segment"));
  write("00000002.keys", "of no segment");
  ASSERT_TRUE(open());
  EXPECT_THAT(entries(), ElementsAre("a"));
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(append(std::string(1000, 'b')));
  ASSERT_TRUE(reopen());
  EXPECT_EQ(folded_.size(), 101U);
}

}  // namespace
}  // namespace lokaal
