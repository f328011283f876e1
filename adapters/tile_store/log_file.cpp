#include "adapters/tile_store/log_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace lokaal {
namespace {

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t done = ::write(fd, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(done));
  }
  return true;
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

tl::unexpected<Error> log_file_failure(const std::string& path, const char* what) {
  const int error = errno;
  std::string mend;
  if (error == ENOSPC || error == EDQUOT) mend = "free some space";
  if (error == EACCES || error == EPERM) mend = "give this user access to it";
  if (error == EROFS) mend = "mount it for writing";
  if (error == ENOENT) mend = "check the path";
  if (error == EIO) mend = "replace the disk: it no longer keeps what it is given";
  return failure(std::string(what) + ": " + std::generic_category().message(error),
                 Place{path, 0, 0}, std::move(mend));
}

Result<void> write_fresh(const std::string& path, std::string_view bytes, mode_t mode) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT)
    return log_file_failure(path, "cannot be removed");
  const Descriptor file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode));
  // The umask of a service is not meant for what is published.
  if (!file.ok() || ::fchmod(file.get(), mode) != 0)
    return log_file_failure(path, "cannot be made");
  if (!write_all(file.get(), bytes) || ::fsync(file.get()) != 0) {
    auto error = log_file_failure(path, "cannot be written");
    ::unlink(path.c_str());
    return error;
  }
  return {};
}

Result<void> sync_folder(const std::string& path) {
  const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.ok() || ::fsync(folder.get()) != 0) return log_file_failure(path, "cannot be synced");
  return {};
}

Result<void> make_folder(const std::string& path, mode_t mode) {
  if (::mkdir(path.c_str(), mode) == 0) {
    if (::chmod(path.c_str(), mode) != 0) return log_file_failure(path, "cannot be made");
    return sync_folder(folder_of(path));
  }
  if (errno != EEXIST) return log_file_failure(path, "cannot be made");
  return {};
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace lokaal
