#include "adapters/journal/journal_reader.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "adapters/journal/opened_record.hpp"

namespace lokaal {

JournalReader::JournalReader(std::string directory, std::shared_ptr<JournalDisk> disk)
    : disk_(disk ? std::move(disk) : std::make_shared<PosixDisk>()),
      directory_(std::move(directory)) {}

Result<std::vector<std::uint64_t>> JournalReader::segments() const {
  std::vector<std::string> names;
  if (const int error = disk_->list(directory_, names); error < 0)
    return disk_failure(directory_, "cannot be listed", error);
  std::vector<std::uint64_t> numbers;
  for (const std::string& name : names)
    if (const auto number = number_of_file(name, kSegmentSuffix)) numbers.push_back(*number);
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

Result<Bytes> JournalReader::bytes_of(std::uint64_t segment) const {
  const auto file = DiskFile::open(*disk_, path(segment_name(segment)), O_RDONLY);
  if (!file) return tl::unexpected(file.error());
  return file->read_all(kMaxSegmentBytes);
}

// Puts the cursor at the begin of the segment that holds the record.
Result<void> JournalReader::find(std::uint64_t sequence) {
  const auto numbers = segments();
  if (!numbers) return tl::unexpected(numbers.error());
  for (auto number = numbers->rbegin(); number != numbers->rend(); ++number) {
    const auto bytes = bytes_of(*number);
    if (!bytes) return tl::unexpected(bytes.error());
    const auto header = SegmentHeader::parse(*bytes);
    if (!header || header->first_sequence > sequence) continue;  // unused yet, or later
    cursor_ = {*number, header->first_sequence, kSegmentHeaderBytes, header->link()};
    return {};
  }
  return failure(fmt::format("record {} is no longer in the journal", sequence),
                 Place{directory_, 0, 0}, "what was made from it before is all there is");
}

// As far as this segment goes.
Result<void> JournalReader::read_segment(std::uint64_t from, std::uint64_t until,
                                         const JournalFold& each) {
  const auto bytes = bytes_of(cursor_.segment);
  if (!bytes) return tl::unexpected(bytes.error());
  const auto header = SegmentHeader::parse(*bytes);
  if (!header) return tl::unexpected(header.error());
  const auto keys = read_keys(*disk_, path(keys_name(cursor_.segment)));
  if (!keys) return tl::unexpected(keys.error());
  while (cursor_.sequence < until) {
    const auto record = record_at(*bytes, cursor_.offset);
    if (!record || record->header.sequence != cursor_.sequence ||
        record->header.previous != cursor_.link)
      return {};
    if (cursor_.sequence >= from) {
      const auto opened = open_record(*record, header->journal, *keys ? &**keys : nullptr);
      if (!opened) return tl::unexpected(opened.error());
      if (auto done = each(opened->view()); !done) return done;
    }
    cursor_ = {cursor_.segment, cursor_.sequence + 1, record->offset + record->bytes, record->link};
  }
  return {};
}

Result<void> JournalReader::read(std::uint64_t from, std::uint64_t until, const JournalFold& each) {
  if (from >= until) return {};
  if (cursor_.segment == 0 || cursor_.sequence != from) {
    if (auto found = find(from); !found) return found;
  }
  while (cursor_.sequence < until) {
    if (auto done = read_segment(from, until, each); !done) {
      cursor_ = {};
      return done;
    }
    const Cursor reached = cursor_;
    if (reached.sequence >= until) return {};
    // The rest is in the next segment, whose header continues this one.
    if (auto found = find(reached.sequence); !found) return found;
    if (cursor_.segment == reached.segment) {
      cursor_ = {};
      return failure(fmt::format("record {} cannot be read back", reached.sequence),
                     Place{path(segment_name(reached.segment)), 0, 0},
                     "the journal is damaged: restart lokaald, which says where");
    }
  }
  return {};
}

}  // namespace lokaal
