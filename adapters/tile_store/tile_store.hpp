// Writes a log directory so that a power cut at any moment leaves one that verifies: every file is
// synced before it has its name, and its folder afterwards; the caller writes bundles and tiles
// before the checkpoint that speaks of them.
//
// A file of the log is never changed: putting other bytes under its name is an error, and so the
// tree that was once published stays. One thread, one process; everything blocks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/tile_store/log_directory.hpp"
#include "core/base/result.hpp"
#include "core/evidence/tiles.hpp"

namespace lokaal {

class TileStore {
 public:
  // Makes the directory if it is missing, and its parent if only that is.
  static Result<TileStore> open(const std::string& directory);

  // Bundles before tiles, as TileBuilder gives them. Files that are there already with these bytes
  // stay; with other bytes: an Error, and nothing is changed.
  Result<void> put(const std::vector<LogFile>& files);
  // The partial forms of a full tile that is there: nobody needs them any more (C2SP tlog-tiles,
  // "Partial tiles").
  Result<void> drop_partial(const TileName& full);

  // Takes the place of the checkpoint, the policy or the keys at once or not at all.
  Result<void> replace(const std::string& path, std::string_view bytes);

  // `private/<index>.json`, for its owner's eyes only. Written once; the same text again is fine.
  Result<void> put_private(std::uint64_t index, std::string_view text);
  // Deletes it; one that is not there is fine.
  Result<void> erase_private(std::uint64_t index);

  const LogDirectory& files() const { return files_; }

 private:
  explicit TileStore(std::string directory) : files_(std::move(directory)) {}

  Result<void> put_one(const LogFile& file);
  Result<void> make_folders(const std::string& path, mode_t mode);
  std::string unfinished() const;

  LogDirectory files_;
};

}  // namespace lokaal
