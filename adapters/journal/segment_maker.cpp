#include "adapters/journal/segment_maker.hpp"

#include <fcntl.h>

#include <algorithm>
#include <utility>

namespace lokaal {
namespace {

// A step's writing: a few milliseconds on an SD card.
constexpr std::uint64_t kStepBytes = 128UL * 1024;

}  // namespace

SegmentMaker::SegmentMaker(JournalDisk& disk, std::string directory, SegmentShape shape,
                           JournalId journal, RandomBytes random)
    : disk_(disk),
      directory_(std::move(directory)),
      shape_(shape),
      journal_(journal),
      random_(std::move(random)) {}

Result<std::optional<OpenSegment>> SegmentMaker::step(std::uint64_t number) {
  const auto one_step = [&]() -> Result<std::optional<OpenSegment>> {
    const auto go_on = [](const Result<void>& done) -> Result<std::optional<OpenSegment>> {
      if (!done) return tl::unexpected(done.error());
      return std::optional<OpenSegment>{};
    };
    if (!file_) return go_on(begin());
    if (zeroed_ < shape_.segment_bytes) {
      const Bytes zeros(static_cast<std::size_t>(
          std::min<std::uint64_t>(kStepBytes, shape_.segment_bytes - zeroed_)));
      const auto written = file_->write(zeros, zeroed_);
      zeroed_ += zeros.size();
      // Synced step by step, so that no sync of an append finds megabytes before it.
      return go_on(written ? file_->sync_data() : written);
    }
    if (!keys_) return go_on(write_keys());
    auto made = finish(number);
    if (!made) return tl::unexpected(made.error());
    return std::optional<OpenSegment>(std::move(*made));
  };
  auto result = one_step();
  if (!result) abandon();
  return result;
}

// The space is claimed at once: a full disk is found here and not when something has to be written.
// Zeros are written over it all the same, since the first write into space that is only allocated
// changes the file system's own records, and makes every sync pay for that.
Result<void> SegmentMaker::begin() {
  abandon();
  auto file = DiskFile::open(disk_, path(kUnfinishedSegment), O_RDWR | O_CREAT | O_EXCL);
  if (!file) return tl::unexpected(file.error());
  file_.emplace(std::move(*file));
  return file_->allocate(shape_.segment_bytes);
}

Result<void> SegmentMaker::write_keys() {
  KeySlots keys = KeySlots::fresh(journal_, shape_.key_slots, random_);
  const auto file = DiskFile::open(disk_, path(kUnfinishedKeys), O_RDWR | O_CREAT | O_EXCL);
  if (!file) return tl::unexpected(file.error());
  auto done = file->write(keys.encode(), 0);
  if (done) done = file->sync();
  if (done) keys_ = std::move(keys);
  return done;
}

Result<OpenSegment> SegmentMaker::finish(std::uint64_t number) {
  if (auto synced = file_->sync(); !synced) return tl::unexpected(synced.error());
  // Keys first: a segment never stands without them; keys without a segment are removed at a start.
  const std::string keys_path = path(keys_name(number));
  const std::string segment_path = path(segment_name(number));
  if (const int error = disk_.rename(path(kUnfinishedKeys), keys_path); error < 0)
    return disk_failure(keys_path, "cannot be put in place", error);
  if (const int error = disk_.rename(path(kUnfinishedSegment), segment_path); error < 0)
    return disk_failure(segment_path, "cannot be put in place", error);
  if (auto synced = sync_directory(disk_, directory_); !synced)
    return tl::unexpected(synced.error());
  auto file = DiskFile::open(disk_, segment_path, O_RDWR);
  if (!file) return tl::unexpected(file.error());
  OpenSegment made{number, std::move(*file), shape_.segment_bytes, 0, std::move(*keys_), 0};
  file_.reset();
  keys_.reset();
  zeroed_ = 0;
  return made;
}

void SegmentMaker::abandon() {
  file_.reset();
  keys_.reset();
  zeroed_ = 0;
  disk_.unlink(path(kUnfinishedSegment));
  disk_.unlink(path(kUnfinishedKeys));
}

}  // namespace lokaal
