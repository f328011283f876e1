// The machine's disk, failing on request.
#pragma once

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <string>

#include "adapters/journal/journal_disk.hpp"

namespace lokaal {

class FaultyDisk final : public JournalDisk {
 public:
  std::atomic<int> sync_error{0};      // what fdatasync and fsync say, as errno; 0: all is well
  std::atomic<int> write_error{0};     // the same for writes
  std::atomic<int> allocate_error{0};  // and for allocation
  std::atomic<bool> short_writes{false};
  std::atomic<bool> quick{false};  // syncs cost nothing: where power cuts are made by hand
  std::atomic<int> syncs{0};

  int make_directory(const std::string& path) override { return real_.make_directory(path); }
  int list(const std::string& directory, std::vector<std::string>& names) override {
    return real_.list(directory, names);
  }
  int open(const std::string& path, int flags, mode_t mode) override {
    return real_.open(path, flags, mode);
  }
  int close(int fd) override { return real_.close(fd); }
  int lock(int fd) override { return real_.lock(fd); }
  std::int64_t size(int fd) override { return real_.size(fd); }
  ssize_t read_at(int fd, std::uint8_t* out, std::size_t count, std::uint64_t offset) override {
    return real_.read_at(fd, out, short_writes ? std::min<std::size_t>(count, 777) : count, offset);
  }
  ssize_t write_at(int fd, ByteView bytes, std::uint64_t offset) override {
    if (write_error != 0) return -write_error;
    if (!short_writes) return real_.write_at(fd, bytes, offset);
    if (interrupt_ = !interrupt_; interrupt_) return -EINTR;
    return real_.write_at(fd, bytes.first(std::min<std::size_t>(bytes.size(), 777)), offset);
  }
  int allocate(int fd, std::uint64_t bytes) override {
    return allocate_error != 0 ? -allocate_error : real_.allocate(fd, bytes);
  }
  int sync_data(int fd) override {
    ++syncs;
    if (sync_error != 0) return -sync_error;
    return quick ? 0 : real_.sync_data(fd);
  }
  int sync(int fd) override {
    if (sync_error != 0) return -sync_error;
    return quick ? 0 : real_.sync(fd);
  }
  int rename(const std::string& from, const std::string& to) override {
    return real_.rename(from, to);
  }
  int unlink(const std::string& path) override { return real_.unlink(path); }

 private:
  PosixDisk real_;
  bool interrupt_ = false;
};

}  // namespace lokaal
