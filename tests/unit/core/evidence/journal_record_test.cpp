#include "core/evidence/journal_record.hpp"

#include <gtest/gtest.h>

#include "core/evidence/private_part.hpp"

namespace lokaal {
namespace {

RecordHeader leaf_header() {
  RecordHeader header;
  header.leaf = true;
  header.batch_left = 2;
  header.sequence = 1'000'000'007;
  header.group = 1'000'000'005;
  header.index = 12;
  header.key_slot = 3;
  header.previous = {1, 2, 3};
  return header;
}

TEST(JournalRecord, ReadsBackWhatWasEncoded) {
  Bytes out(8);  // something lies before it
  const RecordLink link =
      encode_record(out, leaf_header(), as_bytes("{\"v\":1}"), as_bytes("sealed"));
  EXPECT_EQ(out.size(), 8 + record_bytes(7, 6));
  EXPECT_EQ(out.size() % 8, 0U);
  const auto record = record_at(out, 8);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->header, leaf_header());
  EXPECT_EQ(as_text(record->entry), "{\"v\":1}");
  EXPECT_EQ(as_text(record->sealed), "sealed");
  EXPECT_EQ(record->link, link);
  EXPECT_EQ(record->bytes, record_bytes(7, 6));
}

TEST(JournalRecord, IsNotThereWhenAnyBitDiffers) {
  Bytes out;
  encode_record(out, leaf_header(), as_bytes("entry"), as_bytes("sealed"));
  for (std::size_t bit = 0; bit < out.size() * 8; ++bit) {
    Bytes touched = out;
    touched[bit / 8] = static_cast<std::uint8_t>(touched[bit / 8] ^ (1U << bit % 8));
    EXPECT_FALSE(record_at(touched, 0)) << bit;
  }
}

TEST(JournalRecord, IsNotThereWhenCutShort) {
  Bytes out;
  encode_record(out, leaf_header(), as_bytes("entry"), as_bytes("sealed"));
  for (std::size_t size = 0; size < out.size(); ++size)
    EXPECT_FALSE(record_at(ByteView(out).first(size), 0)) << size;
  EXPECT_FALSE(record_at(out, out.size()));
  EXPECT_FALSE(record_at(out, out.size() + 1));
}

TEST(JournalRecord, TakesTheLargestEntryAndPrivatePart) {
  Bytes out;
  encode_record(out, leaf_header(), Bytes(65'535, 'e'), Bytes(kMaxSealedBytes, 's'));
  ASSERT_TRUE(record_at(out, 0));
}

TEST(JournalRecord, CanBeWithoutLeaf) {
  RecordHeader header = leaf_header();
  header.leaf = false;
  Bytes out;
  encode_record(out, header, {}, as_bytes("sealed"));
  const auto record = record_at(out, 0);
  ASSERT_TRUE(record);
  EXPECT_FALSE(record->header.leaf);
  EXPECT_TRUE(record->entry.empty());
}

TEST(SegmentHeader, ReadsBackWhatItWrote) {
  const SegmentHeader header{4096, {9, 8, 7}, 3, 4'000, 17, {5}};
  const Bytes bytes = header.encode();
  ASSERT_EQ(bytes.size(), kSegmentHeaderBytes);
  const auto again = SegmentHeader::parse(bytes);
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(*again, header);
  EXPECT_EQ(again->link(), header.link());
}

TEST(SegmentHeader, IsRefusedWhenAnyBitDiffers) {
  const Bytes bytes = SegmentHeader{4096, {9}, 3, 4'000, 17, {5}}.encode();
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    Bytes touched = bytes;
    touched[bit / 8] = static_cast<std::uint8_t>(touched[bit / 8] ^ (1U << bit % 8));
    EXPECT_FALSE(SegmentHeader::parse(touched)) << bit;
  }
  EXPECT_FALSE(SegmentHeader::parse(ByteView(bytes).first(87)));
}

// A change of these bytes is a change of the format: it needs a new version and a decision record.
TEST(JournalRecord, KeepsItsBytes) {
  Bytes out;
  encode_record(out, leaf_header(), as_bytes("{}"), as_bytes("s"));
  EXPECT_EQ(hex(ByteView(out).first(64)),
            "4c4b4a5201010002000000020000000100000000"
            "3b9aca07000000003b9aca05000000000000000c0000000300000000"
            "01020300000000000000000000000000");
  EXPECT_EQ(hex(ByteView(out).subspan(80)), "7b7d730000000000");
}

}  // namespace
}  // namespace lokaal
