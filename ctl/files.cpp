#include "ctl/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

namespace lokaal::ctl {
namespace {

constexpr std::size_t kLimit = 4 * 1024 * 1024;

class File {
 public:
  File(const std::string& path, int flags, mode_t mode = 0)
      : fd_(path == "-" && flags == O_RDONLY ? ::dup(STDIN_FILENO)
                                             : ::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { close(); }

  bool ok() const { return fd_ >= 0; }
  int get() const { return fd_; }
  bool close() {
    const int fd = fd_;
    fd_ = -1;
    return fd < 0 || ::close(fd) == 0;
  }

 private:
  int fd_;
};

tl::unexpected<Error> system_failure(const std::string& path) {
  return failure(path + ": " + std::generic_category().message(errno));
}

Result<void> write_all(File& file, const std::string& path, std::string_view text) {
  if (!file.ok()) return system_failure(path);
  while (!text.empty()) {
    const ssize_t written = ::write(file.get(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return system_failure(path);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(file.get()) != 0 || !file.close()) return system_failure(path);
  return {};
}

}  // namespace

Result<std::string> read_file(const std::string& path) {
  File file(path, O_RDONLY);
  if (!file.ok()) return system_failure(path);
  std::string out;
  char buffer[65536];
  for (;;) {
    const ssize_t got = ::read(file.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_failure(path);
    if (got == 0) return out;
    out.append(buffer, static_cast<std::size_t>(got));
    if (out.size() > kLimit) return failure(path + ": over 4 MiB");
  }
}

Result<std::string> read_line_file(const std::string& path) {
  auto text = read_file(path);
  if (text) text->erase(text->find_last_not_of(" \t\r\n") + 1);
  return text;
}

Result<void> write_new_secret(const std::string& path, std::string_view text) {
  File file(path, O_WRONLY | O_CREAT | O_EXCL, S_IRUSR | S_IWUSR);
  if (!file.ok() && errno == EEXIST)
    return failure(path + " exists", "a key is never overwritten: choose another --out");
  auto done = write_all(file, path, text);
  // Half a key that cannot be made again is no key.
  if (!done && file.ok()) ::unlink(path.c_str());
  return done;
}

Result<void> write_file(const std::string& path, std::string_view text) {
  const std::string fresh = path + ".new";
  File file(fresh, O_WRONLY | O_CREAT | O_TRUNC, S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH);
  if (auto done = write_all(file, fresh, text); !done) return done;
  if (std::rename(fresh.c_str(), path.c_str()) != 0) return system_failure(path);
  return {};
}

Result<PrivateJwk> read_key(const std::string& path) {
  const auto text = read_file(path);
  if (!text) return tl::unexpected(text.error());
  auto key = private_jwk(*text);
  if (!key) return with_context(path, key.error());
  if (key->kid.empty()) return failure(path + ": the key has no kid");
  return key;
}

}  // namespace lokaal::ctl
