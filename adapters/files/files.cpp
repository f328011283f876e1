#include "adapters/files/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <system_error>

namespace lokaal {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const { return fd_; }
  bool ok() const { return fd_ >= 0; }

 private:
  int fd_;
};

tl::unexpected<Error> file_failure(const std::string& path, const std::string& message,
                                   std::string mend = {}) {
  return failure(message, Place{path, 0, 0}, std::move(mend));
}

tl::unexpected<Error> system_failure(const std::string& path, const char* what) {
  const int error = errno;
  std::string mend;
  if (error == ENOENT) mend = "check the path";
  if (error == EACCES) mend = "give the service's user access to it";
  if (error == ENOSPC) mend = "free some space";
  return file_failure(path, std::string(what) + ": " + std::generic_category().message(error),
                      std::move(mend));
}

Result<std::string> read_open_file(const std::string& path, int fd, std::size_t max_bytes) {
  std::string text;
  std::string chunk(std::min<std::size_t>(max_bytes + 1, 64UL * 1024), '\0');
  while (true) {
    const ssize_t got = ::read(fd, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_failure(path, "cannot be read");
    if (got == 0) return text;
    text.append(chunk, 0, static_cast<std::size_t>(got));
    if (text.size() > max_bytes)
      return file_failure(path, "is over " + std::to_string(max_bytes) + " bytes");
  }
}

Result<std::string> read_checked(const std::string& path, std::size_t max_bytes, bool secret) {
  // O_NONBLOCK: a FIFO in a file's place must not hang the start.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.ok()) return system_failure(path, "cannot be opened");
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return system_failure(path, "cannot be examined");
  if (!S_ISREG(info.st_mode)) return file_failure(path, "is not a regular file");
  if (secret && (info.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return file_failure(path, "holds a secret and is open to others than its owner",
                        "chmod 600 " + path);
  if (secret && info.st_uid != ::geteuid() && info.st_uid != 0)
    return file_failure(path, "holds a secret and belongs to another user",
                        "chown it to the service's user");
  return read_open_file(path, file.get(), max_bytes);
}

// -1 and errno, or 0.
int write_all(int fd, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t done = ::write(fd, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return -1;
    bytes = bytes.subspan(static_cast<std::size_t>(done));
  }
  return 0;
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t max_bytes) {
  return read_checked(path, max_bytes, false);
}

Result<std::string> read_private_file(const std::string& path, std::size_t max_bytes) {
  return read_checked(path, max_bytes, true);
}

Result<std::vector<std::string>> toml_files(const std::string& path) {
  std::error_code ec;
  if (!std::filesystem::is_directory(path, ec)) return std::vector<std::string>{path};
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(path, ec))
    if (entry.path().extension() == ".toml") files.push_back(entry.path().string());
  if (ec) return file_failure(path, "cannot be listed: " + ec.message());
  std::sort(files.begin(), files.end());
  if (files.empty()) return file_failure(path, "holds no *.toml file", "name a folder that does");
  return files;
}

Result<void> write_file_atomically(const std::string& path, ByteView bytes, mode_t mode) {
  const std::string temporary = path + ".new";
  // Left over from a stop halfway; nothing reads it.
  if (::unlink(temporary.c_str()) != 0 && errno != ENOENT)
    return system_failure(temporary, "cannot be removed");
  {
    const Descriptor file(
        ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file.ok()) return system_failure(temporary, "cannot be created");
    // fchmod: what the umask would take away was asked for.
    if (::fchmod(file.get(), mode) != 0 || write_all(file.get(), bytes) != 0 ||
        ::fsync(file.get()) != 0) {
      auto error = system_failure(temporary, "cannot be written");
      ::unlink(temporary.c_str());
      return error;
    }
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    auto error = system_failure(path, "cannot be replaced");
    ::unlink(temporary.c_str());
    return error;
  }
  const Descriptor folder(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.ok() || ::fsync(folder.get()) != 0)
    return system_failure(path, "was replaced, but its folder cannot be synced");
  return {};
}

}  // namespace lokaal
