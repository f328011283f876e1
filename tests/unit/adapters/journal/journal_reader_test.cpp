#include "adapters/journal/journal_reader.hpp"

#include <gmock/gmock.h>

#include <future>
#include <optional>

#include "tests/unit/adapters/journal/journal_fixture.hpp"

namespace lokaal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class JournalReaderTest : public JournalFixture {
 protected:
  // What the reader gives, while the journal is open.
  Result<std::vector<Folded>> read_back(std::uint64_t from, std::uint64_t until) {
    if (!reader_) reader_.emplace((folder_ / "journal").string());
    std::vector<Folded> records;
    const auto done = reader_->read(from, until, [&](const JournalRecord& record) -> Result<void> {
      records.push_back({record.sequence, record.index, std::string(record.entry), record.personal,
                         std::string(record.personal_values)});
      return {};
    });
    if (!done) return tl::unexpected(done.error());
    return records;
  }

  std::optional<JournalReader> reader_;
};

TEST_F(JournalReaderTest, GivesWhatIsDurableWhileTheJournalIsInUse) {
  ASSERT_TRUE(open());
  ASSERT_TRUE(append("a", "{}"));
  ASSERT_TRUE(append("b"));
  auto records = read_back(0, 2);
  ASSERT_TRUE(records) << records.error().text();
  ASSERT_EQ(records->size(), 2U);
  EXPECT_EQ((*records)[0].entry, "a");
  EXPECT_EQ((*records)[0].personal, JournalRecord::Personal::held);
  EXPECT_EQ((*records)[0].values, "{}");
  ASSERT_TRUE(append("c"));
  records = read_back(2, 3);
  ASSERT_TRUE(records);
  ASSERT_EQ(records->size(), 1U);
  EXPECT_EQ((*records)[0].index, 2U);
}

TEST_F(JournalReaderTest, GoesOverSegmentsAndBack) {
  segment_bytes_ = 64 * 1024;
  ASSERT_TRUE(open());
  const std::string entry(5'000, 'x');
  for (int i = 0; i < 60; ++i) ASSERT_TRUE(append(std::to_string(i) + entry));
  ASSERT_GT(std::distance(std::filesystem::directory_iterator(folder_ / "journal"), {}), 8);
  for (const auto& [from, until] : {std::pair(0U, 25U), std::pair(25U, 60U), std::pair(13U, 47U)}) {
    const auto records = read_back(from, until);
    ASSERT_TRUE(records) << records.error().text();
    ASSERT_EQ(records->size(), until - from);
    EXPECT_EQ(records->front().entry, std::to_string(from) + entry);
    EXPECT_EQ(records->back().entry, std::to_string(until - 1) + entry);
  }
}

TEST_F(JournalReaderTest, ErasedValuesAreErasedHereToo) {
  ASSERT_TRUE(open());
  ASSERT_TRUE(append("a", "{}"));
  std::promise<void> erased;
  ASSERT_TRUE(journal_->erase({0}, [&](const Result<void>&) { erased.set_value(); }));
  erased.get_future().wait();
  const auto records = read_back(0, 1);
  ASSERT_TRUE(records);
  EXPECT_EQ(records->front().personal, JournalRecord::Personal::erased);
  EXPECT_EQ(records->front().entry, "a");
}

TEST_F(JournalReaderTest, SaysWhatCannotBeReadBack) {
  ASSERT_TRUE(open());
  ASSERT_TRUE(append("a"));
  const auto records = read_back(0, 2);
  ASSERT_FALSE(records);
  EXPECT_THAT(records.error().text(), HasSubstr("record 1 cannot be read back"));
  // What is there is still given.
  EXPECT_TRUE(read_back(0, 1));
}

TEST_F(JournalReaderTest, AnErrorOfTheReceiverIsPassedOnAndTheRecordGivenAgain) {
  ASSERT_TRUE(open());
  ASSERT_TRUE(append("a"));
  JournalReader reader((folder_ / "journal").string());
  EXPECT_FALSE(
      reader.read(0, 1, [](const JournalRecord&) -> Result<void> { return failure("no room"); }));
  int given = 0;
  EXPECT_TRUE(reader.read(0, 1, [&](const JournalRecord&) -> Result<void> {
    ++given;
    return {};
  }));
  EXPECT_EQ(given, 1);
}

}  // namespace
}  // namespace lokaal
