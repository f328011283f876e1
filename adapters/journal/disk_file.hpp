// An open file of the journal, over the seam; its errors say which file and what to do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "adapters/journal/journal_disk.hpp"
#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace lokaal {

// "what: strerror", with the file as its place and the mend that fits the error. `error` is -errno.
tl::unexpected<Error> disk_failure(const std::string& path, const char* what, std::int64_t error);

class DiskFile {
 public:
  static Result<DiskFile> open(JournalDisk& disk, std::string path, int flags, mode_t mode = 0600);
  // nullopt where there is no such file.
  static Result<std::optional<DiskFile>> open_existing(JournalDisk& disk, std::string path,
                                                       int flags);
  DiskFile(DiskFile&& other) noexcept
      : disk_(other.disk_), fd_(std::exchange(other.fd_, -1)), path_(std::move(other.path_)) {}
  DiskFile& operator=(DiskFile&& other) noexcept {
    std::swap(disk_, other.disk_);
    std::swap(fd_, other.fd_);
    std::swap(path_, other.path_);
    return *this;
  }
  ~DiskFile() {
    if (fd_ >= 0) disk_->close(fd_);
  }

  const std::string& path() const { return path_; }
  int fd() const { return fd_; }

  // All of it: what the system call left over is gone on with.
  Result<void> write(ByteView bytes, std::uint64_t offset) const;
  Result<Bytes> read_all(std::uint64_t max_bytes) const;
  Result<void> allocate(std::uint64_t bytes) const;
  Result<void> sync_data() const;
  Result<void> sync() const;

 private:
  DiskFile(JournalDisk& disk, int fd, std::string path)
      : disk_(&disk), fd_(fd), path_(std::move(path)) {}

  JournalDisk* disk_;
  int fd_;
  std::string path_;
};

Result<void> sync_directory(JournalDisk& disk, const std::string& directory);

}  // namespace lokaal
