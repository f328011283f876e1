#include <gmock/gmock.h>

#include "core/evidence/journal_scan.hpp"
#include "tests/unit/adapters/journal/faulty_disk.hpp"
#include "tests/unit/adapters/journal/journal_fixture.hpp"

namespace lokaal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// The journal after a power cut: its newest group on the disk in part.
class JournalCrash : public JournalFixture {
 protected:
  // Hundreds of openings: of small files, and the "power cut" needs no syncs.
  JournalCrash() {
    segment_bytes_ = 8UL * 1024;
    const auto disk = std::make_shared<FaultyDisk>();
    disk->quick = true;
    disk_ = disk;
  }
  static constexpr const char* kSegment = "00000001.segment";

  // Where the records of the first segment lie.
  std::vector<std::pair<std::size_t, std::size_t>> places() const {
    const std::string bytes = read(kSegment);
    std::vector<std::pair<std::size_t, std::size_t>> out;
    const auto header = SegmentHeader::parse(as_bytes(bytes));
    scan_records(as_bytes(bytes), kSegmentHeaderBytes, {0, 0, header->link()},
                 [&](const RecordView& record) {
                   out.emplace_back(record.offset, record.offset + record.bytes);
                 });
    return out;
  }

  void prepare() {
    ASSERT_TRUE(open());
    ASSERT_TRUE(append("one", "private one"));
    ASSERT_TRUE(append("two"));
    ASSERT_TRUE(
        journal_->append_and_wait({{{"three", "private three"}, {"four", ""}, {"five", "5"}}}));
    journal_.reset();
    whole_ = read(kSegment);
    places_ = places();
    ASSERT_EQ(places_.size(), 5U);
  }

  std::string whole_;
  std::vector<std::pair<std::size_t, std::size_t>> places_;
};

TEST_F(JournalCrash, CutAtEveryByteOfTheLastGroupTheFoldIsTheDurablePrefix) {
  prepare();
  for (std::size_t cut = places_[2].first; cut < places_[4].second; ++cut) {
    std::string torn = whole_;
    std::fill(torn.begin() + static_cast<std::ptrdiff_t>(cut), torn.end(), '\0');
    if (torn == whole_) continue;  // only padding was cut
    write(kSegment, torn);
    const auto opened = open();
    ASSERT_TRUE(opened) << cut << ": " << opened.error().text();
    ASSERT_THAT(entries(), ElementsAre("one", "two")) << cut;
    ASSERT_EQ(recovery_.repair.has_value(), cut > places_[2].first) << cut;
    if (recovery_.repair) {
      // What was there is in the file, but for zeros at its end.
      const std::string aside = read(std::filesystem::path(recovery_.repair->file).filename());
      ASSERT_EQ(aside, torn.substr(places_[2].first, aside.size()));
      ASSERT_EQ(aside.size(), recovery_.repair->bytes);
      std::filesystem::remove(recovery_.repair->file);
    }
    if (cut % 16 != 0) {
      journal_.reset();
      continue;
    }
    // And it goes on from there.
    const auto next = append("three again", "private");
    ASSERT_TRUE(next);
    ASSERT_EQ(next->index, 2U);
    ASSERT_TRUE(reopen());
    ASSERT_THAT(entries(), ElementsAre("one", "two", "three again"));
    ASSERT_FALSE(recovery_.repair);
    journal_.reset();
  }
}

TEST_F(JournalCrash, CutAnywhereInTheFirstWriteTheJournalIsEmptyAgain) {
  ASSERT_TRUE(open());
  ASSERT_TRUE(append("one"));
  journal_.reset();
  const std::string whole = read(kSegment);
  const std::size_t end = places()[0].second;
  for (std::size_t cut = 0; cut < end; cut += 3) {
    std::string torn = whole;
    std::fill(torn.begin() + static_cast<std::ptrdiff_t>(cut), torn.end(), '\0');
    if (torn == whole) break;
    write(kSegment, torn);
    const auto opened = open();
    ASSERT_TRUE(opened) << cut << ": " << opened.error().text();
    ASSERT_TRUE(folded_.empty()) << cut;
    ASSERT_EQ(append("anew")->index, 0U);
    ASSERT_TRUE(reopen());
    ASSERT_THAT(entries(), ElementsAre("anew"));
    journal_.reset();
    write(kSegment, whole);
  }
}

TEST_F(JournalCrash, DamageBeforeALaterGroupIsRefusedWithItsPlaceAndNothingIsChanged) {
  prepare();
  for (std::size_t place = 0; place < places_[1].second; place += 7) {
    std::string damaged = whole_;
    damaged[place] = static_cast<char>(damaged[place] ^ 0x20);
    write(kSegment, damaged);
    const auto opened = open();
    ASSERT_FALSE(opened) << place;
    EXPECT_EQ(opened.error().place->file, file(kSegment).string());
    EXPECT_FALSE(opened.error().mend.empty());
    EXPECT_EQ(read(kSegment), damaged);
  }
  write(kSegment, whole_);
  ASSERT_TRUE(open());
  EXPECT_EQ(folded_.size(), 5U);
}

TEST_F(JournalCrash, AMissingShortenedOrForeignSegmentIsRefused) {
  ASSERT_TRUE(open());
  for (int i = 0; i < 300; ++i) ASSERT_TRUE(append(std::string(700, 'x')));
  journal_.reset();
  const std::string second = read("00000002.segment");
  std::filesystem::remove(file("00000002.segment"));
  EXPECT_THAT(open().error().text(), HasSubstr("this segment is missing"));
  write("00000002.segment", read(kSegment));
  EXPECT_THAT(open().error().text(), HasSubstr("does not follow"));
  write("00000002.segment", second.substr(0, second.size() - 4096));
  EXPECT_THAT(open().error().text(), HasSubstr("size has changed"));
  write("00000002.segment", std::string(second.size(), '\0'));
  EXPECT_THAT(open().error().text(), HasSubstr("empty"));
  write("00000002.segment", second);
  ASSERT_TRUE(open());
  EXPECT_EQ(folded_.size(), 300U);
}

TEST_F(JournalCrash, ASegmentOfANewerVersionIsLeftAlone) {
  prepare();
  std::string newer = whole_;
  newer[11] = 9;
  write(kSegment, newer);
  const auto opened = open();
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().text(), HasSubstr("another version"));
  EXPECT_EQ(read(kSegment), newer);
}

TEST_F(JournalCrash, KeysOfAnotherJournalOpenNothing) {
  prepare();
  std::string keys = read("00000001.keys");
  keys[40] = static_cast<char>(keys[40] ^ 1);
  write("00000001.keys", keys);
  EXPECT_THAT(open().error().text(), HasSubstr("the private part of record 0"));
  std::filesystem::remove(file("00000001.keys"));
  EXPECT_THAT(open().error().text(), HasSubstr("keys of the journal's newest segment are missing"));
}

}  // namespace
}  // namespace lokaal
