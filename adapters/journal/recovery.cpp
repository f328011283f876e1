#include "adapters/journal/recovery.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <utility>
#include <vector>

#include "adapters/journal/opened_record.hpp"

namespace lokaal {
namespace {

constexpr const char* kDamageMend =
    "records that were durable are gone: copy the folder away first; to go on without them, name "
    "an "
    "empty folder as the journal's directory";

bool all_zero(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

class Reading {
 public:
  Reading(JournalDisk& disk, std::string directory, const JournalFold& fold,
          JournalRecovery& recovery)
      : disk_(disk), directory_(std::move(directory)), fold_(fold), recovery_(recovery) {}

  Result<JournalState> run();

 private:
  Result<std::vector<std::uint64_t>> take_stock();
  Result<void> read_segment(std::uint64_t number, bool last);
  Result<void> read_unused(std::uint64_t number);
  Result<SegmentScan> scan(std::uint64_t number, ByteView bytes, const KeySlots* keys,
                           std::uint32_t& next_slot);
  Result<void> deliver(const RecordView& record, const KeySlots* keys);
  Result<void> write_again(std::uint64_t number, ByteView bytes);
  Result<void> move_aside(std::uint64_t number, ByteView bytes, const SegmentScan& scan);
  Result<void> keep_open(std::uint64_t number, std::uint64_t capacity, std::uint64_t offset,
                         std::optional<KeySlots> keys, std::uint32_t next_slot);

  std::string path(const std::string& name) const { return directory_ + "/" + name; }
  tl::unexpected<Error> damage(std::uint64_t number, std::size_t at, const std::string& why) const {
    return failure(fmt::format("the journal is damaged at byte {}: {}", at, why),
                   Place{path(segment_name(number)), 0, 0}, kDamageMend);
  }

  JournalDisk& disk_;
  std::string directory_;
  const JournalFold& fold_;
  JournalRecovery& recovery_;
  JournalState state_;
  std::set<std::string> names_;  // of the folder
  bool founded_ = false;         // the journal's id is known
};

// The segments' numbers, ascending. Removes what an interrupted preparation left.
Result<std::vector<std::uint64_t>> Reading::take_stock() {
  std::vector<std::string> names;
  if (const int error = disk_.list(directory_, names); error < 0)
    return disk_failure(directory_, "cannot be listed", error);
  std::set<std::uint64_t> segments, keys;
  names_.insert(names.begin(), names.end());
  for (const std::string& name : names) {
    if (const auto number = number_of_file(name, kSegmentSuffix)) segments.insert(*number);
    if (const auto number = number_of_file(name, kKeysSuffix)) keys.insert(*number);
    if (name == SegmentMaker::kUnfinishedSegment || name == SegmentMaker::kUnfinishedKeys)
      disk_.unlink(path(name));
  }
  std::vector<std::uint64_t> ordered(segments.begin(), segments.end());
  for (std::size_t i = 1; i < ordered.size(); ++i) {
    if (ordered[i] != ordered[i - 1] + 1)
      return damage(ordered[i - 1] + 1, 0, "this segment is missing");
  }
  // Keys are put in place before their segment: without it none of them was ever used.
  for (const std::uint64_t number : keys) {
    if (!ordered.empty() && number <= ordered.back()) continue;
    if (ordered.empty() && number > 1) return damage(1, 0, "the segments are missing");
    disk_.unlink(path(keys_name(number)));
  }
  return ordered;
}

// Hands a record to the fold, with its private part if its key is still there.
Result<void> Reading::deliver(const RecordView& record, const KeySlots* keys) {
  const auto opened = open_record(record, state_.journal, keys);
  if (!opened) return tl::unexpected(opened.error());
  ++recovery_.records;
  return fold_(opened->view());
}

Result<SegmentScan> Reading::scan(std::uint64_t number, ByteView bytes, const KeySlots* keys,
                                  std::uint32_t& next_slot) {
  const auto header = SegmentHeader::parse(bytes);
  if (!header && is_segment_of_other_version(bytes))
    return failure(header.error().message, Place{path(segment_name(number)), 0, 0},
                   header.error().mend);
  if (!header) return scan_headless(bytes, state_.chain);
  const bool first = state_.chain == ChainState{} && !founded_;
  if (!founded_) state_.journal = header->journal;
  founded_ = true;
  // The first segment that is still there may chain to one that was removed when its term was over.
  if (first) state_.chain = {header->first_sequence, header->first_index, header->previous};
  if (header->journal != state_.journal || header->number != number ||
      ChainState{header->first_sequence, header->first_index, header->previous} != state_.chain)
    return damage(number, 0, "this segment does not follow the one before it");
  if (header->capacity != bytes.size()) return damage(number, 0, "the file's size has changed");
  state_.chain.link = header->link();
  Result<void> delivered;
  auto result =
      scan_records(bytes, kSegmentHeaderBytes, state_.chain, [&](const RecordView& record) {
        if (!delivered) return;
        if (record.header.key_slot != kNoKeySlot) {
          next_slot = std::max(next_slot, record.header.key_slot + 1);
          state_.key_places.push_back({record.header.sequence, number, record.header.key_slot});
        }
        delivered = deliver(record, keys);
      });
  if (!delivered) return with_context(path(segment_name(number)), delivered.error());
  return result;
}

// What was read may stand in the page cache alone: after a failed sync the kernel calls those pages
// clean and gives them back until the next power cut. Written and synced once more, it is durable
// or this fails.
Result<void> Reading::write_again(std::uint64_t number, ByteView bytes) {
  std::size_t end = bytes.size();
  while (end > 0 && bytes[end - 1] == 0) --end;
  auto file = DiskFile::open(disk_, path(segment_name(number)), O_RDWR);
  if (!file) return tl::unexpected(file.error());
  auto done = file->write(bytes.first(end), 0);
  return done ? file->sync_data() : done;
}

// Keeps the torn bytes in a file of their own, then zeroes them where they were.
Result<void> Reading::move_aside(std::uint64_t number, ByteView bytes, const SegmentScan& scan) {
  std::size_t end = bytes.size();
  while (end > scan.end && bytes[end - 1] == 0) --end;
  const ByteView torn = bytes.first(end).subspan(scan.end);
  std::string name;
  for (int copy = 0; name.empty() || names_.contains(name); ++copy)
    name = fmt::format("torn-{:08}-{}-{}", number, scan.end, copy);
  auto saved = DiskFile::open(disk_, path(name), O_RDWR | O_CREAT | O_EXCL);
  if (!saved) return tl::unexpected(saved.error());
  Result<void> done = saved->write(torn, 0);
  if (done) done = saved->sync();
  if (done) done = sync_directory(disk_, directory_);
  if (!done) return done;
  auto segment = DiskFile::open(disk_, path(segment_name(number)), O_RDWR);
  if (!segment) return tl::unexpected(segment.error());
  done = segment->write(Bytes(torn.size()), scan.end);
  if (done) done = segment->sync_data();
  if (!done) return done;
  recovery_.repair = JournalRepair{saved->path(), torn.size(), scan.why};
  return {};
}

Result<void> Reading::keep_open(std::uint64_t number, std::uint64_t capacity, std::uint64_t offset,
                                std::optional<KeySlots> keys, std::uint32_t next_slot) {
  if (!keys || (founded_ && keys->journal != state_.journal))
    return failure("the keys of the journal's newest segment are missing or another's",
                   Place{path(keys_name(number)), 0, 0},
                   "put the key file back beside its segment");
  if (!founded_) state_.journal = keys->journal;
  founded_ = true;
  auto file = DiskFile::open(disk_, path(segment_name(number)), O_RDWR);
  if (!file) return tl::unexpected(file.error());
  for (std::size_t used = 0; used < std::min<std::size_t>(next_slot, keys->keys.size()); ++used)
    keys->keys[used] = AeadKey{};
  OpenSegment segment{number, std::move(*file), capacity, offset, std::move(*keys), next_slot};
  (offset > 0 ? state_.current : state_.spare).emplace(std::move(segment));
  return {};
}

// Zeros behind the last segment that is in use: the spare one. A second can only be the rest of an
// interrupted start, and goes.
Result<void> Reading::read_unused(std::uint64_t number) {
  if (state_.spare) {
    disk_.unlink(path(segment_name(number)));
    disk_.unlink(path(keys_name(number)));
    return {};
  }
  auto keys = read_keys(disk_, path(keys_name(number)));
  if (!keys) return tl::unexpected(keys.error());
  const auto file = DiskFile::open(disk_, path(segment_name(number)), O_RDONLY);
  if (!file) return tl::unexpected(file.error());
  const auto bytes = file->read_all(kMaxSegmentBytes);
  if (!bytes) return tl::unexpected(bytes.error());
  state_.last_number = number;
  return keep_open(number, bytes->size(), 0, std::move(*keys), 0);
}

Result<void> Reading::read_segment(std::uint64_t number, bool last) {
  Bytes bytes;
  {
    const auto file = DiskFile::open(disk_, path(segment_name(number)), O_RDONLY);
    if (!file) return tl::unexpected(file.error());
    auto read = file->read_all(kMaxSegmentBytes);
    if (!read) return tl::unexpected(read.error());
    bytes = std::move(*read);
  }
  if (last) {
    if (auto written = write_again(number, bytes); !written) return written;
  }
  auto keys = read_keys(disk_, path(keys_name(number)));
  if (!keys) return tl::unexpected(keys.error());
  std::uint32_t next_slot = 0;
  const auto result = scan(number, bytes, *keys ? &**keys : nullptr, next_slot);
  if (!result) return tl::unexpected(result.error());
  if (result->stop == ScanStop::damage) return damage(number, result->bad_at, result->why);
  if (result->stop == ScanStop::torn_tail && !last)
    return damage(number, result->bad_at, result->why + ", and a later segment is in use");
  if (result->end == 0 && !last)
    return damage(number, 0, "this segment is empty, and a later one is in use");
  if (result->stop == ScanStop::torn_tail) {
    if (auto moved = move_aside(number, bytes, *result); !moved) return moved;
  }
  state_.chain = result->after;
  state_.last_number = number;
  ++recovery_.segments;
  if (!last) return {};
  // A first write that was torn leaves no header: then this segment is unused again.
  return keep_open(number, bytes.size(), result->end, std::move(*keys), next_slot);
}

Result<JournalState> Reading::run() {
  const auto numbers = take_stock();
  if (!numbers) return tl::unexpected(numbers.error());
  // How many are in use: all up to the last that holds anything.
  std::size_t used = 0;
  for (std::size_t i = numbers->size(); i-- > 0 && used == 0;) {
    const auto file = DiskFile::open(disk_, path(segment_name((*numbers)[i])), O_RDONLY);
    if (!file) return tl::unexpected(file.error());
    const auto bytes = file->read_all(kMaxSegmentBytes);
    if (!bytes) return tl::unexpected(bytes.error());
    if (!all_zero(*bytes)) used = i + 1;
  }
  for (std::size_t i = 0; i < numbers->size(); ++i) {
    const auto done =
        i < used ? read_segment((*numbers)[i], i + 1 == used) : read_unused((*numbers)[i]);
    if (!done) return tl::unexpected(done.error());
  }
  recovery_.next_sequence = state_.chain.next_sequence;
  recovery_.next_index = state_.chain.next_index;
  return std::move(state_);
}

}  // namespace

Result<JournalState> recover_journal(JournalDisk& disk, const std::string& directory,
                                     const JournalFold& fold, JournalRecovery& recovery) {
  return Reading(disk, directory, fold, recovery).run();
}

}  // namespace lokaal
