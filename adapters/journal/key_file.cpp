#include "adapters/journal/key_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace lokaal {
namespace {

constexpr std::array<std::uint8_t, 8> kMagic = {'l', 'o', 'k', 'a', 'a', 'l', 'K', '1'};
constexpr std::size_t kHeaderBytes = 32;  // magic, number of slots (big-endian), 4 zeros, journal
constexpr std::size_t kSlotBytes = 32;
constexpr std::uint64_t kMaxFileBytes = 16UL * 1024 * 1024;

}  // namespace

std::string segment_name(std::uint64_t number) {
  return fmt::format("{:08}{}", number, kSegmentSuffix);
}
std::string keys_name(std::uint64_t number) {
  return fmt::format("{:08}{}", number, kKeysSuffix);
}

std::optional<std::uint64_t> number_of_file(std::string_view name, std::string_view suffix) {
  if (!name.ends_with(suffix)) return std::nullopt;
  name.remove_suffix(suffix.size());
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc{} || end != name.data() + name.size() || name.size() < 8 || number == 0)
    return std::nullopt;
  return number;
}

KeySlots KeySlots::fresh(const JournalId& journal, std::uint32_t slots, const RandomBytes& random) {
  KeySlots out{journal, std::vector<AeadKey>(slots)};
  const Bytes bytes = random(slots * kSlotBytes);
  for (std::size_t i = 0; i < slots; ++i)
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(i * kSlotBytes), kSlotBytes,
                out.keys[i].bytes.begin());
  return out;
}

Bytes KeySlots::encode() const {
  Bytes out(kMagic.begin(), kMagic.end());
  for (unsigned shift = 32; shift > 0; shift -= 8)
    out.push_back(static_cast<std::uint8_t>(keys.size() >> (shift - 8) & 0xffU));
  out.resize(16);
  out.insert(out.end(), journal.begin(), journal.end());
  for (const AeadKey& key : keys) out.insert(out.end(), key.bytes.begin(), key.bytes.end());
  return out;
}

Result<KeySlots> KeySlots::parse(ByteView bytes) {
  if (bytes.size() < kHeaderBytes || !std::equal(kMagic.begin(), kMagic.end(), bytes.begin()))
    return failure("is not a journal's key file");
  std::size_t slots = 0;
  for (std::size_t i = 8; i < 12; ++i) slots = slots << 8U | bytes[i];
  if (bytes.size() != kHeaderBytes + slots * kSlotBytes)
    return failure("is a key file of a wrong size");
  KeySlots out;
  std::copy_n(bytes.begin() + 16, out.journal.size(), out.journal.begin());
  out.keys.resize(slots);
  for (std::size_t i = 0; i < slots; ++i)
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(kHeaderBytes + i * kSlotBytes),
                kSlotBytes, out.keys[i].bytes.begin());
  return out;
}

Result<std::optional<KeySlots>> read_keys(JournalDisk& disk, const std::string& path) {
  const auto file = DiskFile::open_existing(disk, path, O_RDONLY);
  if (!file) return tl::unexpected(file.error());
  if (!*file) return std::optional<KeySlots>{};
  const auto bytes = (*file)->read_all(kMaxFileBytes);
  if (!bytes) return tl::unexpected(bytes.error());
  auto slots = KeySlots::parse(*bytes);
  if (!slots) return failure(slots.error().message, Place{path, 0, 0});
  return std::optional<KeySlots>(std::move(*slots));
}

Result<void> erase_keys(JournalDisk& disk, const std::string& path,
                        const std::vector<std::uint32_t>& slots) {
  const auto file = DiskFile::open_existing(disk, path, O_RDWR);
  if (!file) return tl::unexpected(file.error());
  if (!*file) return {};  // the whole file was erased
  const Bytes zeros(kSlotBytes);
  for (const std::uint32_t slot : slots) {
    const auto written = (*file)->write(zeros, kHeaderBytes + std::uint64_t{slot} * kSlotBytes);
    if (!written) return written;
  }
  return (*file)->sync_data();
}

}  // namespace lokaal
