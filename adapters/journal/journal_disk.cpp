#include "adapters/journal/journal_disk.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <memory>

namespace lokaal {
namespace {

template <class T>
T or_errno(T result) {
  return result < 0 ? static_cast<T>(-errno) : result;
}

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

}  // namespace

int PosixDisk::make_directory(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) return 0;
  return -errno;
}

int PosixDisk::list(const std::string& directory, std::vector<std::string>& names) {
  const std::unique_ptr<DIR, CloseDirectory> open(::opendir(directory.c_str()));
  if (!open) return -errno;
  errno = 0;
  while (const dirent* found = ::readdir(open.get())) names.emplace_back(&found->d_name[0]);
  return -errno;
}

int PosixDisk::open(const std::string& path, int flags, mode_t mode) {
  return or_errno(::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, mode));
}

int PosixDisk::close(int fd) {
  return or_errno(::close(fd));
}

int PosixDisk::lock(int fd) {
  return or_errno(::flock(fd, LOCK_EX | LOCK_NB));
}

std::int64_t PosixDisk::size(int fd) {
  struct stat info {};
  if (::fstat(fd, &info) != 0) return -errno;
  return info.st_size;
}

ssize_t PosixDisk::read_at(int fd, std::uint8_t* out, std::size_t count, std::uint64_t offset) {
  return or_errno(::pread(fd, out, count, static_cast<off_t>(offset)));
}

ssize_t PosixDisk::write_at(int fd, ByteView bytes, std::uint64_t offset) {
  return or_errno(::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset)));
}

int PosixDisk::allocate(int fd, std::uint64_t bytes) {
  return -::posix_fallocate(fd, 0, static_cast<off_t>(bytes));
}

int PosixDisk::sync_data(int fd) {
  return or_errno(::fdatasync(fd));
}

int PosixDisk::sync(int fd) {
  return or_errno(::fsync(fd));
}

int PosixDisk::rename(const std::string& from, const std::string& to) {
  return or_errno(::rename(from.c_str(), to.c_str()));
}

int PosixDisk::unlink(const std::string& path) {
  return or_errno(::unlink(path.c_str()));
}

}  // namespace lokaal
