#include "core/evidence/journal_scan.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "core/base/crypto.hpp"

namespace lokaal {
namespace {

constexpr std::size_t kSegmentBytes = 16'384;

// Builds a segment as a writer would: groups of batches of records.
struct Writer {
  Bytes bytes;
  ChainState chain;
  std::vector<std::size_t> group_starts;
  std::vector<std::size_t> batch_ends;

  // Each number is a batch of so many records.
  void group(const std::vector<std::size_t>& batches) {
    group_starts.push_back(bytes.size());
    const std::uint64_t first = chain.next_sequence;
    for (const std::size_t records : batches) {
      for (std::size_t i = 0; i < records; ++i) {
        RecordHeader header;
        header.leaf = true;
        header.batch_left = static_cast<std::uint16_t>(records - i - 1);
        header.sequence = chain.next_sequence++;
        header.group = first;
        header.index = chain.next_index++;
        header.previous = chain.link;
        const std::string text = "entry " + std::to_string(header.sequence) + std::string(90, '.');
        chain.link = encode_record(bytes, header, as_bytes(text), {});
      }
      batch_ends.push_back(bytes.size());
    }
  }

  Bytes segment() const {
    Bytes out = bytes;
    out.resize(kSegmentBytes);
    return out;
  }
};

struct Seen {
  SegmentScan scan;
  std::vector<std::uint64_t> sequences;
};

Seen scan(const Bytes& segment, ChainState start = {}) {
  Seen seen;
  seen.scan = scan_records(segment, 0, start, [&](const RecordView& record) {
    seen.sequences.push_back(record.header.sequence);
  });
  return seen;
}

Writer three_groups() {
  Writer writer;
  writer.group({1, 3});
  writer.group({2});
  writer.group({1, 1, 2});
  return writer;
}

TEST(JournalScan, ReadsAllRecordsToACleanEnd) {
  const Writer writer = three_groups();
  const Seen seen = scan(writer.segment());
  EXPECT_EQ(seen.scan.stop, ScanStop::clean_end);
  EXPECT_EQ(seen.scan.end, writer.bytes.size());
  EXPECT_EQ(seen.sequences.size(), 10U);
  EXPECT_EQ(seen.scan.after, writer.chain);
}

TEST(JournalScan, AnEmptySegmentIsClean) {
  const Seen seen = scan(Bytes(kSegmentBytes), {5, 4, {3}});
  EXPECT_EQ(seen.scan.stop, ScanStop::clean_end);
  EXPECT_EQ(seen.scan.end, 0U);
  EXPECT_EQ(seen.scan.after, (ChainState{5, 4, {3}}));
}

TEST(JournalScan, AFullSegmentIsClean) {
  Writer writer;
  writer.group({2});
  const Seen seen = scan(writer.bytes);
  EXPECT_EQ(seen.scan.stop, ScanStop::clean_end);
  EXPECT_EQ(seen.sequences.size(), 2U);
}

// The last group cut at every byte: what is left are its complete batches.
TEST(JournalScan, ATornTailLeavesTheCompleteBatchesAtEveryByte) {
  const Writer writer = three_groups();
  for (std::size_t cut = writer.group_starts.back(); cut < writer.bytes.size(); ++cut) {
    Bytes segment = writer.segment();
    std::fill(segment.begin() + static_cast<std::ptrdiff_t>(cut), segment.end(), std::uint8_t{0});
    const Seen seen = scan(segment);
    std::size_t whole = 0;
    for (const std::size_t end : writer.batch_ends) whole = end <= cut ? end : whole;
    // Bytes of zero behind a record's end are its padding, so a cut there takes nothing away.
    if (seen.scan.end > whole) {
      EXPECT_LE(seen.scan.end - cut, 7U);
      continue;
    }
    EXPECT_EQ(seen.scan.end, whole) << cut;
    EXPECT_NE(seen.scan.stop, ScanStop::damage) << cut;
    EXPECT_EQ(seen.scan.stop == ScanStop::clean_end, cut == whole) << cut;
  }
}

// A disk writes the sectors of one group in any order.
TEST(JournalScan, ATornGroupWithLaterSectorsThereIsATornTail) {
  Writer writer;
  writer.group({1});
  writer.group({1, 2, 1, 3, 2, 1, 1, 4});
  std::mt19937 random(20261122);
  for (int round = 0; round < 500; ++round) {
    Bytes segment = writer.segment();
    for (std::size_t sector = 0; sector < segment.size(); sector += 512) {
      if (random() % 2 == 0) continue;
      for (std::size_t i = sector; i < sector + 512; ++i)
        if (i >= writer.group_starts[1]) segment[i] = 0;
    }
    const Seen seen = scan(segment);
    EXPECT_NE(seen.scan.stop, ScanStop::damage) << seen.scan.why;
    EXPECT_GE(seen.scan.end, writer.batch_ends.front());
  }
}

TEST(JournalScan, DamageBeforeALaterGroupIsDamage) {
  const Writer writer = three_groups();
  for (std::size_t place = 0; place < writer.group_starts[2]; ++place) {
    Bytes segment = writer.segment();
    segment[place] ^= 0x10U;
    const Seen seen = scan(segment);
    EXPECT_EQ(seen.scan.stop, ScanStop::damage) << place;
    EXPECT_LE(seen.scan.end, place);
    EXPECT_FALSE(seen.scan.why.empty());
  }
}

TEST(JournalScan, ZeroedSectorsBeforeALaterGroupAreDamage) {
  const Writer writer = three_groups();
  Bytes segment = writer.segment();
  std::fill(segment.begin(), segment.begin() + 512, std::uint8_t{0});
  EXPECT_EQ(scan(segment).scan.stop, ScanStop::damage);
}

TEST(JournalScan, ARecordThatFollowsAnotherPastIsDamage) {
  Writer writer;
  writer.group({2});
  Writer other;
  other.chain.link = {1};
  other.group({2});
  Bytes segment = writer.bytes;
  const std::size_t end = segment.size();
  other.chain = writer.chain;
  other.chain.link = {2};  // not what went before
  other.bytes.clear();
  other.group({1});
  segment.insert(segment.end(), other.bytes.begin(), other.bytes.end());
  segment.resize(kSegmentBytes);
  const Seen seen = scan(segment);
  EXPECT_EQ(seen.scan.stop, ScanStop::damage);
  EXPECT_EQ(seen.scan.end, end);
}

// A preallocated file that was another's before: its old records do not count.
TEST(JournalScan, OlderRecordsBehindTheEndAreNotMistakenForNewOnes) {
  Writer older;
  older.group({1, 1, 1, 1, 1, 1});
  Writer writer;
  writer.chain.next_sequence = 100;
  writer.chain.next_index = 50;
  writer.chain.link = {7};
  const ChainState start = writer.chain;
  writer.group({1});
  Bytes segment = older.segment();
  std::copy(writer.bytes.begin(), writer.bytes.end(), segment.begin());
  const Seen seen = scan(segment, start);
  EXPECT_EQ(seen.sequences, std::vector<std::uint64_t>{100});
  EXPECT_EQ(seen.scan.end, writer.bytes.size());
  EXPECT_NE(seen.scan.stop, ScanStop::clean_end);
}

TEST(JournalScan, ASegmentWithoutHeaderIsTornUnlessALaterGroupIsInIt) {
  Writer writer;
  writer.bytes.resize(kSegmentHeaderBytes);
  writer.group({1, 2});
  EXPECT_EQ(scan_headless(writer.segment(), {}).stop, ScanStop::torn_tail);
  EXPECT_EQ(scan_headless(Bytes(kSegmentBytes), {}).stop, ScanStop::clean_end);
  writer.group({1});
  EXPECT_EQ(scan_headless(writer.segment(), {}).stop, ScanStop::damage);
}

TEST(JournalScan, GivesUpOnASegmentFullOfFalseRecords) {
  Bytes segment(4UL * 1024 * 1024);
  Bytes head;
  encode_record(head, RecordHeader{.leaf = true}, Bytes(60'000, 'x'), {});
  for (std::size_t i = 8; i + 80 < segment.size(); i += 80)
    std::copy_n(head.begin(), 80, segment.begin() + static_cast<std::ptrdiff_t>(i));
  EXPECT_EQ(scan(segment).scan.stop, ScanStop::damage);
}

TEST(JournalScan, NumbersLeavesFromZeroWhenALogBegins) {
  Writer writer;
  writer.chain.next_index = 9;
  RecordHeader header;
  header.leaf = true;
  header.begins_log = true;
  Bytes segment;
  const RecordLink link = encode_record(segment, header, as_bytes("{}"), {});
  segment.resize(kSegmentBytes);
  const Seen seen = scan(segment, {0, 9, {}});
  EXPECT_EQ(seen.scan.stop, ScanStop::clean_end);
  EXPECT_EQ(seen.scan.after, (ChainState{1, 1, link}));
}

}  // namespace
}  // namespace lokaal
