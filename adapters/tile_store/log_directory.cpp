#include "adapters/tile_store/log_directory.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "adapters/tile_store/log_file.hpp"
#include "core/evidence/tiles.hpp"

namespace lokaal {

std::string private_path(std::uint64_t index) {
  return std::string(kPrivateFolder) + "/" + std::to_string(index) + ".json";
}

Result<std::optional<std::string>> LogDirectory::read(const std::string& path) const {
  const std::string where = full(path);
  // O_NONBLOCK: a FIFO in a file's place must not hang the reader.
  const Descriptor file(::open(where.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.ok() && (errno == ENOENT || errno == ENOTDIR)) return std::nullopt;
  if (!file.ok()) return log_file_failure(where, "cannot be opened");
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return log_file_failure(where, "cannot be examined");
  if (!S_ISREG(info.st_mode)) return failure("is not a regular file", Place{where, 0, 0});
  std::string bytes;
  std::array<char, 64UL * 1024> chunk{};
  while (true) {
    const ssize_t got = ::read(file.get(), chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return log_file_failure(where, "cannot be read");
    if (got == 0) return bytes;
    bytes.append(chunk.data(), static_cast<std::size_t>(got));
    if (bytes.size() > kMaxBundleBytes)
      return failure("is longer than any file of a log", Place{where, 0, 0});
  }
}

}  // namespace lokaal
