// The files of a log directory (C2SP tlog-tiles): their names, what each must hold, and the making
// of them from entries. Pure; adapters/tile_store writes them.
//
//   tile/<level>/<number>[.p/<width>]      hashes of 32 bytes, 256 in a full tile: the nodes
//                                          (8 * level, 256 * number ...) of the Merkle tree
//   tile/entries/<number>[.p/<width>]      the entries below a level-0 tile, each after its length
//                                          (u16, big-endian)
// A number is written in groups of three digits, all but the last with an x before: x001/x234/067.
// What a file holds follows from its name and the log's content, so none is ever changed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/evidence/merkle.hpp"

namespace lokaal {

inline constexpr unsigned kTileWidth = 256;
// Levels 0 to 7 hold 2^64 leaves; the specification bounds the level at 63.
inline constexpr unsigned kTileLevels = 8;
inline constexpr std::size_t kMaxBundleBytes = kTileWidth * (2UL + 65'535UL);

struct TileName {
  std::optional<unsigned> level;  // none: an entry bundle
  std::uint64_t number = 0;
  unsigned width = kTileWidth;  // 1 to 256; below 256 it is a partial tile

  bool full() const { return width == kTileWidth; }
  std::string path() const;
  // Only what path() gives.
  static std::optional<TileName> parse(std::string_view path);

  bool operator==(const TileName&) const = default;
};

// The widest form of every file that a log of `size` entries has: bundles first, then the levels
// from below, each in the order of its numbers.
std::vector<TileName> tiles_of(std::uint64_t size);
// How wide tile `number` of `level` (or the bundle, at level 0) is in a log of `size` entries; 0:
// there is none.
unsigned tile_width(unsigned level, std::uint64_t number, std::uint64_t size);

// The entries of a bundle, as views into it: exactly `width`, and nothing behind them.
Result<std::vector<std::string_view>> parse_bundle(std::string_view bundle, unsigned width);
// Exactly `width` hashes.
Result<std::vector<Digest>> parse_tile(std::string_view tile, unsigned width);

struct LogFile {
  TileName name;
  std::string bytes;

  bool operator==(const LogFile&) const = default;
};

// Makes the files of a log from its entries. Keeps what the unfinished tiles need: at most 255
// entries and 255 hashes a level.
class TileBuilder {
 public:
  // An entry has at most 65,535 bytes.
  void append(std::string_view entry);

  // The files that have become full since the last call, in the order in which to write them.
  std::vector<LogFile> take_full();
  // The partial files of the log as it is, bundle first.
  std::vector<LogFile> partial() const;

  std::uint64_t size() const { return frontier_.size(); }
  Digest root() const { return frontier_.root(); }

 private:
  struct Level {
    std::uint64_t number = 0;  // of the unfinished tile
    std::vector<Digest> hashes;
  };

  void add_hash(unsigned level, const Digest& hash);

  TreeFrontier frontier_;
  std::string bundle_;
  std::vector<Level> levels_;
  std::vector<LogFile> full_;
};

}  // namespace lokaal
