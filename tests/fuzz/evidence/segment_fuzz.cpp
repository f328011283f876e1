// A journal segment after anything that can happen to a disk.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "core/evidence/journal_scan.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lokaal;
  const ByteView segment(data, size);
  const auto header = SegmentHeader::parse(segment);
  std::uint64_t records = 0;
  const auto count = [&](const RecordView& record) {
    if (record.offset + record.bytes > size) std::abort();
    ++records;
  };
  if (!header) {
    if (scan_headless(segment, {}).end != 0) std::abort();
    scan_records(segment, 0, {}, count);
    return 0;
  }
  const ChainState start{header->first_sequence, header->first_index, header->link()};
  const auto scan = scan_records(segment, kSegmentHeaderBytes, start, count);
  if (scan.after.next_sequence - start.next_sequence != records || scan.end > size) std::abort();
  return 0;
}
