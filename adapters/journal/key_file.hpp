// The keys of one segment's private parts: random, synced before any of them is used, overwritten
// to erase. Layout in docs/decisions/0010-journal-format.md.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/journal/disk_file.hpp"
#include "core/base/crypto.hpp"
#include "core/evidence/journal_record.hpp"

namespace lokaal {

// Gives that many bytes of entropy (adapters/entropy).
using RandomBytes = std::function<Bytes(std::size_t count)>;

// The names in a journal's folder.
std::string segment_name(std::uint64_t number);  // "00000001.segment"
std::string keys_name(std::uint64_t number);     // "00000001.keys"
inline constexpr const char* kSegmentSuffix = ".segment";
inline constexpr const char* kKeysSuffix = ".keys";
// "00000012.segment" -> 12
std::optional<std::uint64_t> number_of_file(std::string_view name, std::string_view suffix);

struct KeySlots {
  JournalId journal{};
  std::vector<AeadKey> keys;

  // A new file's content.
  static KeySlots fresh(const JournalId& journal, std::uint32_t slots, const RandomBytes& random);
  Bytes encode() const;
  static Result<KeySlots> parse(ByteView bytes);
};

// nullopt: there is no such file (all its keys were erased with it).
Result<std::optional<KeySlots>> read_keys(JournalDisk& disk, const std::string& path);

// Overwrites these slots with zeros and syncs.
Result<void> erase_keys(JournalDisk& disk, const std::string& path,
                        const std::vector<std::uint32_t>& slots);

}  // namespace lokaal
