// The system calls of the journal, in one seam: tests put a disk here that fails, tears and
// forgets.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/bytes.hpp"

namespace lokaal {

// Every call returns what its namesake returns, with -errno in place of -1. Called from one thread
// at a time: by open_journal(), then by the journal's own thread.
class JournalDisk {
 public:
  virtual ~JournalDisk() = default;

  virtual int make_directory(const std::string& path) = 0;  // 0 also where it exists
  virtual int list(const std::string& directory, std::vector<std::string>& names) = 0;
  virtual int open(const std::string& path, int flags, mode_t mode) = 0;
  virtual int close(int fd) = 0;
  virtual int lock(int fd) = 0;  // exclusive, without waiting; -EWOULDBLOCK where another holds it
  virtual std::int64_t size(int fd) = 0;
  // May do less than asked.
  virtual ssize_t read_at(int fd, std::uint8_t* out, std::size_t count, std::uint64_t offset) = 0;
  virtual ssize_t write_at(int fd, ByteView bytes, std::uint64_t offset) = 0;
  virtual int allocate(int fd, std::uint64_t bytes) = 0;
  virtual int sync_data(int fd) = 0;  // fdatasync
  virtual int sync(int fd) = 0;       // fsync, of directories too
  virtual int rename(const std::string& from, const std::string& to) = 0;
  virtual int unlink(const std::string& path) = 0;
};

class PosixDisk final : public JournalDisk {
 public:
  int make_directory(const std::string& path) override;
  int list(const std::string& directory, std::vector<std::string>& names) override;
  int open(const std::string& path, int flags, mode_t mode) override;
  int close(int fd) override;
  int lock(int fd) override;
  std::int64_t size(int fd) override;
  ssize_t read_at(int fd, std::uint8_t* out, std::size_t count, std::uint64_t offset) override;
  ssize_t write_at(int fd, ByteView bytes, std::uint64_t offset) override;
  int allocate(int fd, std::uint64_t bytes) override;
  int sync_data(int fd) override;
  int sync(int fd) override;
  int rename(const std::string& from, const std::string& to) override;
  int unlink(const std::string& path) override;
};

}  // namespace lokaal
