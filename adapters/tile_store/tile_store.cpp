#include "adapters/tile_store/tile_store.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <set>
#include <system_error>

#include "adapters/tile_store/log_file.hpp"

namespace lokaal {
namespace {

// What is being written, under a name that no file of the log has.
constexpr const char* kUnfinished = "unfinished";
constexpr mode_t kPublicFile = 0644;
constexpr mode_t kPublicFolder = 0755;
constexpr mode_t kPrivateFile = 0600;
constexpr mode_t kPrivateOnly = 0700;

}  // namespace

std::string TileStore::unfinished() const {
  return files_.full(kUnfinished);
}

Result<TileStore> TileStore::open(const std::string& directory) {
  struct stat info {};
  const std::string parent = folder_of(directory);
  if (::stat(parent.c_str(), &info) != 0) {
    if (auto made = make_folder(parent, kPublicFolder); !made) return tl::unexpected(made.error());
  }
  if (auto made = make_folder(directory, kPublicFolder); !made) return tl::unexpected(made.error());
  if (::stat(directory.c_str(), &info) != 0 || !S_ISDIR(info.st_mode))
    return failure("is not a directory", Place{directory, 0, 0}, "name another, or move it away");
  return TileStore(directory);
}

// Every folder between the log's own and the file.
Result<void> TileStore::make_folders(const std::string& path, mode_t mode) {
  for (auto slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1))
    if (auto made = make_folder(files_.full(path.substr(0, slash)), mode); !made) return made;
  return {};
}

Result<void> TileStore::put_one(const LogFile& file) {
  const std::string path = file.name.path();
  const auto there = files_.read(path);
  if (!there) return tl::unexpected(there.error());
  if (*there && **there == file.bytes) return {};
  if (*there)
    return failure("holds other bytes than the journal gives for it, and is left as it is",
                   Place{files_.full(path), 0, 0},
                   "somebody changed it, or the journal: keep a copy of both before anything else");
  if (auto made = make_folders(path, kPublicFolder); !made) return made;
  if (auto done = write_fresh(unfinished(), file.bytes, kPublicFile); !done) return done;
  // link, not rename: what has appeared under that name meanwhile is not overwritten.
  if (::link(unfinished().c_str(), files_.full(path).c_str()) != 0)
    return log_file_failure(files_.full(path), "cannot be put in place");
  if (::unlink(unfinished().c_str()) != 0)
    return log_file_failure(unfinished(), "cannot be removed");
  return {};
}

Result<void> TileStore::put(const std::vector<LogFile>& files) {
  std::set<std::string> folders;
  for (const LogFile& file : files) {
    if (auto done = put_one(file); !done) return done;
    folders.insert(folder_of(files_.full(file.name.path())));
  }
  for (const std::string& folder : folders)
    if (auto done = sync_folder(folder); !done) return done;
  return {};
}

Result<void> TileStore::drop_partial(const TileName& full) {
  const std::string folder = files_.full(full.path()) + ".p";
  std::error_code error;
  std::filesystem::remove_all(folder, error);
  if (!error) return {};
  errno = error.value();
  return log_file_failure(folder, "cannot be removed");
}

Result<void> TileStore::replace(const std::string& path, std::string_view bytes) {
  if (auto done = write_fresh(unfinished(), bytes, kPublicFile); !done) return done;
  if (std::rename(unfinished().c_str(), files_.full(path).c_str()) != 0)
    return log_file_failure(files_.full(path), "cannot be replaced");
  return sync_folder(files_.directory());
}

Result<void> TileStore::put_private(std::uint64_t index, std::string_view text) {
  const std::string path = private_path(index);
  const auto there = files_.read(path);
  if (!there) return tl::unexpected(there.error());
  if (*there && **there == text) return {};
  if (auto made = make_folders(path, kPrivateOnly); !made) return made;
  if (auto done = write_fresh(unfinished(), text, kPrivateFile); !done) return done;
  if (std::rename(unfinished().c_str(), files_.full(path).c_str()) != 0)
    return log_file_failure(files_.full(path), "cannot be put in place");
  return sync_folder(files_.full(kPrivateFolder));
}

Result<void> TileStore::erase_private(std::uint64_t index) {
  const std::string path = files_.full(private_path(index));
  if (::unlink(path.c_str()) == 0) return sync_folder(files_.full(kPrivateFolder));
  if (errno == ENOENT || errno == ENOTDIR) return {};
  return log_file_failure(path, "cannot be erased");
}

}  // namespace lokaal
