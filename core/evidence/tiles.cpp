#include "core/evidence/tiles.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace lokaal {
namespace {

constexpr std::string_view kRoot = "tile/";
constexpr std::string_view kEntries = "entries";
constexpr std::size_t kGroup = 3;

std::string number_path(std::uint64_t number) {
  std::string digits = std::to_string(number);
  digits.insert(0, (kGroup - digits.size() % kGroup) % kGroup, '0');
  std::string path;
  for (std::size_t at = 0; at < digits.size(); at += kGroup) {
    if (at + kGroup < digits.size()) {
      path.append("x").append(digits, at, kGroup).append("/");
    } else {
      path.append(digits, at, kGroup);
    }
  }
  return path;
}

// A decimal number as the standard library reads it; the caller compares its canonical form.
std::optional<std::uint64_t> number_from(std::string_view digits) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size())
    return std::nullopt;
  return number;
}

std::string without_groups(std::string_view path) {
  std::string digits;
  for (const char c : path)
    if (c != 'x' && c != '/') digits.push_back(c);
  return digits;
}

std::string tile_bytes(const std::vector<Digest>& hashes) {
  std::string bytes;
  bytes.reserve(hashes.size() * sizeof(Digest));
  for (const Digest& hash : hashes) bytes.append(as_text(hash));
  return bytes;
}

// The root of a full tile's subtree: the hash that the level above holds.
Digest full_tile_root(const std::vector<Digest>& hashes) {
  TreeFrontier subtree;
  for (const Digest& hash : hashes) subtree.append(hash);
  return subtree.root();
}

}  // namespace

std::string TileName::path() const {
  std::string out(kRoot);
  out += level ? std::to_string(*level) : std::string(kEntries);
  out += "/" + number_path(number);
  if (!full()) out += ".p/" + std::to_string(width);
  return out;
}

std::optional<TileName> TileName::parse(std::string_view path) {
  if (!path.starts_with(kRoot) || path.size() > 80) return std::nullopt;
  std::string_view rest = path.substr(kRoot.size());
  const auto slash = rest.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  TileName name;
  if (rest.substr(0, slash) != kEntries) {
    const auto level = number_from(rest.substr(0, slash));
    if (!level || *level >= kTileLevels) return std::nullopt;
    name.level = static_cast<unsigned>(*level);
  }
  rest.remove_prefix(slash + 1);
  if (const auto partial = rest.find(".p/"); partial != std::string_view::npos) {
    const auto width = number_from(rest.substr(partial + 3));
    if (!width || *width == 0 || *width >= kTileWidth) return std::nullopt;
    name.width = static_cast<unsigned>(*width);
    rest = rest.substr(0, partial);
  }
  const auto number = number_from(without_groups(rest));
  if (!number) return std::nullopt;
  name.number = *number;
  if (name.path() != path) return std::nullopt;  // leading zeros, a missing x, a foreign sign
  return name;
}

unsigned tile_width(unsigned level, std::uint64_t number, std::uint64_t size) {
  if (level >= kTileLevels) return 0;
  const std::uint64_t hashes = size >> (8 * level);
  if (number > hashes / kTileWidth) return 0;
  return static_cast<unsigned>(
      std::min<std::uint64_t>(hashes - number * kTileWidth, std::uint64_t{kTileWidth}));
}

std::vector<TileName> tiles_of(std::uint64_t size) {
  std::vector<TileName> out;
  const auto row = [&](std::optional<unsigned> level) {
    for (std::uint64_t number = 0;; ++number) {
      const unsigned width = tile_width(level.value_or(0), number, size);
      if (width == 0) return;
      out.push_back({level, number, width});
    }
  };
  row(std::nullopt);
  for (unsigned level = 0; level < kTileLevels && size >> (8 * level) > 0; ++level) row(level);
  return out;
}

Result<std::vector<std::string_view>> parse_bundle(std::string_view bundle, unsigned width) {
  std::vector<std::string_view> entries;
  while (!bundle.empty()) {
    if (entries.size() == width) return failure("bytes behind its last entry");
    if (bundle.size() < 2) return failure("half a length at its end");
    const auto length = static_cast<std::size_t>(static_cast<unsigned char>(bundle[0])) << 8 |
                        static_cast<std::size_t>(static_cast<unsigned char>(bundle[1]));
    bundle.remove_prefix(2);
    if (bundle.size() < length)
      return failure("entry " + std::to_string(entries.size()) + " of it is cut off");
    entries.push_back(bundle.substr(0, length));
    bundle.remove_prefix(length);
  }
  if (entries.size() != width)
    return failure(std::to_string(entries.size()) + " entries where " + std::to_string(width) +
                   " belong");
  return entries;
}

Result<std::vector<Digest>> parse_tile(std::string_view tile, unsigned width) {
  if (tile.size() != width * sizeof(Digest))
    return failure(std::to_string(tile.size()) + " bytes where " + std::to_string(width) +
                   " hashes of 32 bytes belong");
  std::vector<Digest> hashes(width);
  for (std::size_t i = 0; i < width; ++i) {
    const ByteView bytes = as_bytes(tile.substr(i * sizeof(Digest), sizeof(Digest)));
    std::copy(bytes.begin(), bytes.end(), hashes[i].begin());
  }
  return hashes;
}

void TileBuilder::append(std::string_view entry) {
  bundle_.push_back(static_cast<char>(entry.size() >> 8 & 0xffU));
  bundle_.push_back(static_cast<char>(entry.size() & 0xffU));
  bundle_.append(entry);
  const Digest leaf = leaf_hash(as_bytes(entry));
  frontier_.append(leaf);
  if (size() % kTileWidth == 0)
    full_.push_back(
        {{std::nullopt, size() / kTileWidth - 1, kTileWidth}, std::exchange(bundle_, {})});
  add_hash(0, leaf);
}

void TileBuilder::add_hash(unsigned level, const Digest& hash) {
  if (levels_.size() == level) levels_.emplace_back();
  Level& here = levels_[level];
  here.hashes.push_back(hash);
  if (here.hashes.size() < kTileWidth) return;
  full_.push_back({{level, here.number, kTileWidth}, tile_bytes(here.hashes)});
  const Digest above = full_tile_root(here.hashes);
  here.hashes.clear();
  ++here.number;
  add_hash(level + 1, above);
}

std::vector<LogFile> TileBuilder::take_full() {
  return std::exchange(full_, {});
}

std::vector<LogFile> TileBuilder::partial() const {
  std::vector<LogFile> out;
  if (!bundle_.empty())
    out.push_back(
        {{std::nullopt, size() / kTileWidth, static_cast<unsigned>(size() % kTileWidth)}, bundle_});
  for (unsigned level = 0; level < levels_.size(); ++level) {
    const Level& here = levels_[level];
    if (here.hashes.empty()) continue;
    out.push_back(
        {{level, here.number, static_cast<unsigned>(here.hashes.size())}, tile_bytes(here.hashes)});
  }
  return out;
}

}  // namespace lokaal
