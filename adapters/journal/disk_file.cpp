#include "adapters/journal/disk_file.hpp"

#include <fcntl.h>

#include <cerrno>
#include <system_error>

namespace lokaal {

tl::unexpected<Error> disk_failure(const std::string& path, const char* what, std::int64_t error) {
  const int number = static_cast<int>(-error);
  std::string mend;
  switch (number) {
    case ENOSPC:
    case EDQUOT:
      mend = "free some space; tightening and endings go on meanwhile";
      break;
    case EACCES:
    case EPERM:
      mend = "give the folder to the service's user";
      break;
    case ENOENT:
      mend = "check the journal's folder in the configuration";
      break;
    case EROFS:
      mend = "mount the file system writable";
      break;
    case EIO:
      mend = "the disk is failing: replace it, then restart";
      break;
    default:
      break;
  }
  return failure(std::string(what) + ": " + std::generic_category().message(number),
                 Place{path, 0, 0}, std::move(mend));
}

Result<DiskFile> DiskFile::open(JournalDisk& disk, std::string path, int flags, mode_t mode) {
  const int fd = disk.open(path, flags, mode);
  if (fd < 0) return disk_failure(path, "cannot be opened", fd);
  return DiskFile(disk, fd, std::move(path));
}

Result<std::optional<DiskFile>> DiskFile::open_existing(JournalDisk& disk, std::string path,
                                                        int flags) {
  const int fd = disk.open(path, flags, 0);
  if (fd == -ENOENT) return std::optional<DiskFile>{};
  if (fd < 0) return disk_failure(path, "cannot be opened", fd);
  return std::optional<DiskFile>(DiskFile(disk, fd, std::move(path)));
}

Result<void> DiskFile::write(ByteView bytes, std::uint64_t offset) const {
  while (!bytes.empty()) {
    const ssize_t done = disk_->write_at(fd_, bytes, offset);
    if (done == -EINTR) continue;
    if (done < 0) return disk_failure(path_, "cannot be written", done);
    if (done == 0) return disk_failure(path_, "cannot be written", -EIO);
    bytes = bytes.subspan(static_cast<std::size_t>(done));
    offset += static_cast<std::uint64_t>(done);
  }
  return {};
}

Result<Bytes> DiskFile::read_all(std::uint64_t max_bytes) const {
  const std::int64_t size = disk_->size(fd_);
  if (size < 0) return disk_failure(path_, "cannot be examined", size);
  if (static_cast<std::uint64_t>(size) > max_bytes)
    return failure("is over " + std::to_string(max_bytes) + " bytes", Place{path_, 0, 0});
  Bytes bytes(static_cast<std::size_t>(size));
  std::size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t got = disk_->read_at(fd_, bytes.data() + have, bytes.size() - have, have);
    if (got == -EINTR) continue;
    if (got < 0) return disk_failure(path_, "cannot be read", got);
    if (got == 0) return failure("became shorter while it was read", Place{path_, 0, 0});
    have += static_cast<std::size_t>(got);
  }
  return bytes;
}

Result<void> DiskFile::allocate(std::uint64_t bytes) const {
  const int error = disk_->allocate(fd_, bytes);
  if (error < 0) return disk_failure(path_, "cannot be given its space", error);
  return {};
}

Result<void> DiskFile::sync_data() const {
  const int error = disk_->sync_data(fd_);
  if (error < 0) return disk_failure(path_, "cannot be synced", error);
  return {};
}

Result<void> DiskFile::sync() const {
  const int error = disk_->sync(fd_);
  if (error < 0) return disk_failure(path_, "cannot be synced", error);
  return {};
}

Result<void> sync_directory(JournalDisk& disk, const std::string& directory) {
  const auto folder = DiskFile::open(disk, directory, O_RDONLY | O_DIRECTORY);
  if (!folder) return tl::unexpected(folder.error());
  return folder->sync();
}

}  // namespace lokaal
