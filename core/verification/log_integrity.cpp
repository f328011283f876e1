#include "core/verification/log_integrity.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "core/evidence/cosignature.hpp"
#include "core/evidence/tiles.hpp"

namespace lokaal {
namespace {

constexpr const char* kCheckpoint = "checkpoint";
// A log of more entries is none of ours: 64 days at the highest rate that a gateway can sync.
constexpr std::uint64_t kMostEntries = 50'000'000;

class Reading {
 public:
  Reading(const ReadLogFile& read, const TrustPolicy& policy, Findings& findings)
      : read_(read), policy_(policy), findings_(findings) {}

  Result<LogContent> run();

 private:
  void fault(FindingKind kind, std::string file, std::string detail,
             std::optional<std::uint64_t> index = {}) {
    findings_.add({kind, std::move(file), index, {}, {}, std::move(detail)});
  }

  // False: nothing to go by.
  Result<bool> read_checkpoint();
  void check_signature(const SignedNote& note);
  void check_cosignatures(const SignedNote& note);
  Result<std::optional<std::string>> read_tile(const TileName& name, std::string& path);
  Result<void> read_bundles();
  Result<void> read_hashes();
  void compare();
  void compare_upper_tiles(const std::vector<Digest>& leaves);
  Result<void> look_behind();
  Result<bool> exists(std::optional<unsigned> level, std::uint64_t number, unsigned from_width);

  const ReadLogFile& read_;
  const TrustPolicy& policy_;
  Findings& findings_;
  std::string note_text_;
  LogContent out_;
  // Level and number of every tile that is there and of its right length -> its hashes.
  std::map<std::pair<unsigned, std::uint64_t>, std::vector<Digest>> tiles_;
  std::map<std::pair<unsigned, std::uint64_t>, std::string> tile_paths_;
};

Result<bool> Reading::read_checkpoint() {
  auto text = read_(kCheckpoint);
  if (!text) return tl::unexpected(text.error());
  if (!*text) {
    fault(FindingKind::checkpoint_missing, kCheckpoint, "there is no checkpoint");
    return false;
  }
  note_text_ = **text;
  const auto note = SignedNote::parse(note_text_);
  if (!note) {
    fault(FindingKind::checkpoint_malformed, kCheckpoint, note.error().message);
    return false;
  }
  auto checkpoint = Checkpoint::parse(note->text);
  if (!checkpoint) {
    fault(FindingKind::checkpoint_malformed, kCheckpoint, checkpoint.error().message);
    return false;
  }
  if (checkpoint->size > kMostEntries) {
    fault(FindingKind::checkpoint_malformed, kCheckpoint,
          "it speaks of " + std::to_string(checkpoint->size) + " entries");
    return false;
  }
  out_.checkpoint = std::move(*checkpoint);
  check_signature(*note);
  check_cosignatures(*note);
  return true;
}

void Reading::check_signature(const SignedNote& note) {
  std::vector<NoteVerifier> known;
  for (const NoteVerifier& log : policy_.logs)
    if (log.name == out_.checkpoint->origin) known.push_back(log);
  if (known.empty())
    return fault(
        FindingKind::log_unknown, kCheckpoint,
        "it is of the log " + out_.checkpoint->origin + ", which the policy does not name");
  const auto good = note.verify(known);
  if (good) {
    out_.signed_by = good->front().vkey();
    return;
  }
  std::string detail = good.error().message;
  for (const NoteSignature& line : note.signatures)
    if (line.name == out_.checkpoint->origin && line.key_id != known.front().key_id())
      detail += "; it carries a signature of that name by another key (" + hex(line.key_id) +
                ", the policy has " + hex(known.front().key_id()) + ")";
  fault(FindingKind::signature_wrong, kCheckpoint, detail);
}

void Reading::check_cosignatures(const SignedNote& note) {
  std::set<std::string> names;
  for (const TrustPolicy::Witness& witness : policy_.witnesses) {
    const auto at = cosigned_at(note, witness.key);
    if (!at) {
      fault(FindingKind::cosignature_wrong, kCheckpoint, witness.name + ": " + at.error().message);
    } else if (*at) {
      names.insert(witness.name);
      out_.cosigners.push_back({witness.name, **at});
    }
  }
  if (!policy_.met_by(names))
    fault(FindingKind::quorum_missing, kCheckpoint,
          "the policy's quorum \"" + policy_.quorum + "\" is not met by the " +
              std::to_string(names.size()) + " cosignatures that hold");
}

// The file of that width, or the full one that took its place when the log grew.
Result<std::optional<std::string>> Reading::read_tile(const TileName& name, std::string& path) {
  path = name.path();
  auto bytes = read_(path);
  if (!bytes || *bytes || name.full()) return bytes;
  TileName full = name;
  full.width = kTileWidth;
  bytes = read_(full.path());
  if (bytes && *bytes) path = full.path();
  return bytes;
}

Result<void> Reading::read_bundles() {
  const std::uint64_t size = out_.checkpoint->size;
  for (std::uint64_t number = 0; number * kTileWidth < size; ++number) {
    const TileName name{std::nullopt, number, tile_width(0, number, size)};
    std::string path;
    const auto bytes = read_tile(name, path);
    if (!bytes) return tl::unexpected(bytes.error());
    if (!*bytes) {
      fault(FindingKind::bundle_missing, path, "it is not there");
      return {};
    }
    const auto entries = parse_bundle(**bytes, path == name.path() ? name.width : kTileWidth);
    if (!entries) {
      fault(FindingKind::bundle_malformed, path, entries.error().message);
      return {};
    }
    for (unsigned i = 0; i < name.width; ++i) out_.entries.emplace_back((*entries)[i]);
  }
  return {};
}

Result<void> Reading::read_hashes() {
  const std::uint64_t size = out_.checkpoint->size;
  for (unsigned level = 0; level < kTileLevels && size >> (8 * level) > 0; ++level) {
    for (std::uint64_t number = 0; tile_width(level, number, size) > 0; ++number) {
      const TileName name{level, number, tile_width(level, number, size)};
      std::string path;
      const auto bytes = read_tile(name, path);
      if (!bytes) return tl::unexpected(bytes.error());
      if (!*bytes) {
        fault(FindingKind::tile_missing, path, "it is not there");
        continue;
      }
      auto hashes = parse_tile(**bytes, path == name.path() ? name.width : kTileWidth);
      if (!hashes) {
        fault(FindingKind::tile_malformed, path, hashes.error().message);
        continue;
      }
      hashes->resize(name.width);
      tiles_[{level, number}] = std::move(*hashes);
      tile_paths_[{level, number}] = path;
    }
  }
  return {};
}

Digest root_over(const std::vector<Digest>& leaves) {
  TreeFrontier tree;
  for (const Digest& leaf : leaves) tree.append(leaf);
  return tree.root();
}

// Which of the two is wrong, the signed root tells: it can be the root of one of them only.
void Reading::compare() {
  const std::uint64_t size = out_.checkpoint->size;
  std::vector<Digest> from_entries;
  from_entries.reserve(out_.entries.size());
  for (const std::string& entry : out_.entries) from_entries.push_back(leaf_hash(as_bytes(entry)));
  std::vector<Digest> from_tiles;
  for (std::uint64_t number = 0; tile_width(0, number, size) > 0; ++number) {
    const auto tile = tiles_.find({0, number});
    if (tile == tiles_.end()) break;
    from_tiles.insert(from_tiles.end(), tile->second.begin(), tile->second.end());
  }
  const bool all_entries = from_entries.size() == size;
  const bool all_tiles = from_tiles.size() == size;
  out_.whole = all_entries && root_over(from_entries) == out_.checkpoint->root;
  const bool tiles_hold = all_tiles && root_over(from_tiles) == out_.checkpoint->root;
  const std::size_t both = std::min(from_entries.size(), from_tiles.size());
  for (std::size_t i = 0; i < both; ++i) {
    if (from_entries[i] == from_tiles[i]) continue;
    if (out_.whole) {
      fault(FindingKind::tile_altered, tile_paths_[{0, i / kTileWidth}],
            "its hash of entry " + std::to_string(i) + " is not that entry's", i);
      continue;
    }
    out_.altered.insert(i);
    fault(FindingKind::entry_altered, out_.file_of(i),
          tiles_hold ? "the signed hash of this entry is another"
                     : "its hash and the tile's differ, and neither gives the signed root",
          i);
  }
  if (all_entries && !out_.whole && !tiles_hold)
    fault(FindingKind::root_mismatch, kCheckpoint,
          "the root of these entries is " + hash_text(root_over(from_entries)) +
              ", the checkpoint has " + hash_text(out_.checkpoint->root));
  compare_upper_tiles(out_.whole ? from_entries : from_tiles);
}

void Reading::compare_upper_tiles(const std::vector<Digest>& leaves) {
  MerkleTree tree;
  for (const Digest& leaf : leaves) tree.append(leaf);
  const NodeSource nodes = tree.nodes();
  for (const auto& [place, hashes] : tiles_) {
    const auto [level, number] = place;
    if (level == 0) continue;
    for (std::size_t i = 0; i < hashes.size(); ++i) {
      const auto node = nodes(8 * level, number * kTileWidth + i);
      if (!node || *node == hashes[i]) continue;
      fault(FindingKind::tile_altered, tile_paths_[place],
            "hash " + std::to_string(i) + " of it is not that of the tile below");
    }
  }
}

Result<bool> Reading::exists(std::optional<unsigned> level, std::uint64_t number,
                             unsigned from_width) {
  for (unsigned width = from_width; width <= kTileWidth; ++width) {
    const auto bytes = read_(TileName{level, number, width}.path());
    if (!bytes) return tl::unexpected(bytes.error());
    if (*bytes) return true;
  }
  return false;
}

// Files beyond the checkpoint: an older one was put back, unless the log is just being written.
Result<void> Reading::look_behind() {
  const std::uint64_t size = out_.checkpoint->size;
  const std::uint64_t number = size / kTileWidth;
  const auto width = static_cast<unsigned>(size % kTileWidth);
  for (const std::optional<unsigned> level : {std::optional<unsigned>(), std::optional(0U)}) {
    for (const auto& [at, from] : {std::pair(number, width + 1), std::pair(number + 1, 1U)}) {
      const auto more = exists(level, at, from);
      if (!more) return tl::unexpected(more.error());
      if (!*more) continue;
      const auto again = read_(kCheckpoint);
      if (!again) return tl::unexpected(again.error());
      if (*again && **again != note_text_) return {};  // it has moved on meanwhile
      fault(FindingKind::checkpoint_behind, kCheckpoint,
            "it speaks of " + std::to_string(size) + " entries, and the files hold more");
      return {};
    }
  }
  return {};
}

Result<LogContent> Reading::run() {
  const auto usable = read_checkpoint();
  if (!usable) return tl::unexpected(usable.error());
  if (!*usable) return std::move(out_);
  if (auto done = read_bundles(); !done) return tl::unexpected(done.error());
  if (auto done = read_hashes(); !done) return tl::unexpected(done.error());
  compare();
  if (auto done = look_behind(); !done) return tl::unexpected(done.error());
  return std::move(out_);
}

}  // namespace

std::string LogContent::file_of(std::uint64_t index) const {
  const std::uint64_t number = index / kTileWidth;
  const unsigned width = checkpoint ? tile_width(0, number, checkpoint->size) : kTileWidth;
  return TileName{std::nullopt, number, width == 0 ? kTileWidth : width}.path();
}

Result<LogContent> read_log(const ReadLogFile& read, const TrustPolicy& policy,
                            Findings& findings) {
  return Reading(read, policy, findings).run();
}

}  // namespace lokaal
