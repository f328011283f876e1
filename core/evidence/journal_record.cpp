#include "core/evidence/journal_record.hpp"

#include <algorithm>
#include <concepts>
#include <stdexcept>
#include <string_view>

#include "core/base/crypto.hpp"
#include "core/evidence/entry.hpp"
#include "core/evidence/private_part.hpp"

namespace lokaal {
namespace {

constexpr std::string_view kSegmentMagic = "lokaalJ1";
constexpr std::uint32_t kSegmentVersion = 1;
constexpr std::string_view kRecordMagic = "LKJR";
constexpr std::uint8_t kRecordVersion = 1;
constexpr std::uint8_t kFlagLeaf = 0x01;
constexpr std::uint8_t kFlagBeginsLog = 0x02;
constexpr std::size_t kAlignment = 8;
constexpr std::size_t kLinked =
    kRecordHeaderBytes - sizeof(RecordLink);  // the header without its link

template <std::unsigned_integral Integer>
void put(Bytes& out, Integer value) {
  for (std::size_t i = sizeof(Integer); i-- > 0;)
    out.push_back(static_cast<std::uint8_t>(value >> (8 * i) & 0xffU));
}

void put(Bytes& out, ByteView bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

// Reads forward; the caller has made sure of the length.
class Cursor {
 public:
  explicit Cursor(ByteView bytes) : rest_(bytes) {}

  template <class Integer>
  Integer take() {
    Integer value = 0;
    for (std::size_t i = 0; i < sizeof(Integer); ++i)
      value = static_cast<Integer>(value << 8U | rest_[i]);
    rest_ = rest_.subspan(sizeof(Integer));
    return value;
  }
  template <std::size_t N>
  void take(std::array<std::uint8_t, N>& out) {
    std::copy_n(rest_.begin(), N, out.begin());
    rest_ = rest_.subspan(N);
  }
  bool take(std::string_view expected) {
    const bool same = as_text(rest_.first(expected.size())) == expected;
    rest_ = rest_.subspan(expected.size());
    return same;
  }

 private:
  ByteView rest_;
};

template <>
std::uint8_t Cursor::take<std::uint8_t>() {
  const std::uint8_t value = rest_.front();
  rest_ = rest_.subspan(1);
  return value;
}

RecordLink link_of(ByteView bytes) {
  const Digest digest = sha256(bytes);
  RecordLink link{};
  std::copy_n(digest.begin(), link.size(), link.begin());
  return link;
}

// The link covers the header up to itself, and entry and sealed part behind it.
RecordLink record_link(ByteView header, ByteView payload) {
  Bytes covered;
  covered.reserve(header.size() + payload.size());
  put(covered, header);
  put(covered, payload);
  return link_of(covered);
}

std::size_t padded(std::size_t bytes) {
  return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

}  // namespace

Bytes SegmentHeader::encode() const {
  Bytes out;
  out.reserve(kSegmentHeaderBytes);
  put(out, as_bytes(kSegmentMagic));
  put(out, kSegmentVersion);
  put(out, capacity);
  put(out, journal);
  put(out, number);
  put(out, first_sequence);
  put(out, first_index);
  put(out, previous);
  put(out, link_of(out));
  return out;
}

RecordLink SegmentHeader::link() const {
  const Bytes bytes = encode();
  RecordLink link{};
  std::copy(bytes.end() - static_cast<std::ptrdiff_t>(link.size()), bytes.end(), link.begin());
  return link;
}

Result<SegmentHeader> SegmentHeader::parse(ByteView bytes) {
  if (bytes.size() < kSegmentHeaderBytes) return failure("a journal segment without its header");
  Cursor cursor(bytes);
  if (!cursor.take(kSegmentMagic)) return failure("not a journal segment");
  if (cursor.take<std::uint32_t>() != kSegmentVersion)
    return failure("a journal segment of another version",
                   "start the lokaald that wrote it, or one that is newer");
  SegmentHeader header;
  header.capacity = cursor.take<std::uint32_t>();
  cursor.take(header.journal);
  header.number = cursor.take<std::uint64_t>();
  header.first_sequence = cursor.take<std::uint64_t>();
  header.first_index = cursor.take<std::uint64_t>();
  cursor.take(header.previous);
  const Bytes again = header.encode();
  if (!std::equal(again.begin(), again.end(), bytes.begin()))
    return failure("a journal segment whose header does not match its checksum");
  return header;
}

// A first write that was torn can leave the magic with zeros behind it, but no other version.
bool is_segment_of_other_version(ByteView bytes) {
  if (bytes.size() < kSegmentHeaderBytes) return false;
  Cursor cursor(bytes);
  if (!cursor.take(kSegmentMagic)) return false;
  const auto version = cursor.take<std::uint32_t>();
  return version != 0 && version != kSegmentVersion;
}

std::size_t record_bytes(std::size_t entry_bytes, std::size_t sealed_bytes) {
  return padded(kRecordHeaderBytes + entry_bytes + sealed_bytes);
}

RecordLink encode_record(Bytes& out, const RecordHeader& header, ByteView entry, ByteView sealed) {
  if (out.size() % kAlignment != 0 || entry.size() > kMaxEntryBytes ||
      sealed.size() > kMaxSealedBytes || header.leaf == entry.empty())
    throw std::logic_error("a journal record that cannot be");
  const std::size_t start = out.size();
  put(out, as_bytes(kRecordMagic));
  put(out, kRecordVersion);
  put(out, static_cast<std::uint8_t>((header.leaf ? kFlagLeaf : 0U) |
                                     (header.begins_log ? kFlagBeginsLog : 0U)));
  put(out, header.batch_left);
  put(out, static_cast<std::uint32_t>(entry.size()));
  put(out, static_cast<std::uint32_t>(sealed.size()));
  put(out, header.sequence);
  put(out, header.group);
  put(out, header.index);
  put(out, header.key_slot);
  put(out, std::uint32_t{0});
  put(out, header.previous);
  const std::size_t link_place = out.size();
  put(out, RecordLink{});
  put(out, entry);
  put(out, sealed);
  const ByteView record = ByteView(out).subspan(start);
  const RecordLink link = record_link(record.first(kLinked), record.subspan(kRecordHeaderBytes));
  std::copy(link.begin(), link.end(), out.begin() + static_cast<std::ptrdiff_t>(link_place));
  out.resize(padded(out.size()));
  return link;
}

std::optional<RecordView> record_at(ByteView segment, std::size_t offset) {
  if (offset > segment.size() || segment.size() - offset < kRecordHeaderBytes) return std::nullopt;
  const ByteView rest = segment.subspan(offset);
  Cursor cursor(rest);
  if (!cursor.take(kRecordMagic) || cursor.take<std::uint8_t>() != kRecordVersion)
    return std::nullopt;
  RecordView record;
  RecordHeader& header = record.header;
  const auto flags = cursor.take<std::uint8_t>();
  header.leaf = (flags & kFlagLeaf) != 0;
  header.begins_log = (flags & kFlagBeginsLog) != 0;
  header.batch_left = cursor.take<std::uint16_t>();
  const std::size_t entry_bytes = cursor.take<std::uint32_t>();
  const std::size_t sealed_bytes = cursor.take<std::uint32_t>();
  header.sequence = cursor.take<std::uint64_t>();
  header.group = cursor.take<std::uint64_t>();
  header.index = cursor.take<std::uint64_t>();
  header.key_slot = cursor.take<std::uint32_t>();
  const auto unused = cursor.take<std::uint32_t>();
  cursor.take(header.previous);
  cursor.take(record.link);
  if ((flags & ~(kFlagLeaf | kFlagBeginsLog)) != 0 || unused != 0 || entry_bytes > kMaxEntryBytes ||
      sealed_bytes > kMaxSealedBytes || header.leaf == (entry_bytes == 0) ||
      (header.key_slot == kNoKeySlot) != (sealed_bytes == 0))
    return std::nullopt;
  record.bytes = record_bytes(entry_bytes, sealed_bytes);
  if (record.bytes > rest.size()) return std::nullopt;
  const std::size_t used = kRecordHeaderBytes + entry_bytes + sealed_bytes;
  const ByteView padding = rest.first(record.bytes).subspan(used);
  if (std::any_of(padding.begin(), padding.end(), [](std::uint8_t byte) { return byte != 0; }) ||
      record_link(rest.first(kLinked),
                  rest.subspan(kRecordHeaderBytes, entry_bytes + sealed_bytes)) != record.link)
    return std::nullopt;
  record.entry = rest.subspan(kRecordHeaderBytes, entry_bytes);
  record.sealed = rest.subspan(kRecordHeaderBytes + entry_bytes, sealed_bytes);
  record.offset = offset;
  return record;
}

}  // namespace lokaal
