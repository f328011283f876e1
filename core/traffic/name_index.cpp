#include "core/traffic/name_index.hpp"

#include <algorithm>
#include <array>

namespace lokaal {
namespace {

constexpr std::size_t kLongestName = 255;  // RFC 1035 section 2.3.4
constexpr std::size_t kMostLabels = 128;
// Stands in a wire label for a byte that would read as a boundary; no indexed name has it.
constexpr char kForeign = '\0';

char fold(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

NameIndex::Entry& NameIndex::entry(std::string_view name) {
  const auto labels = static_cast<std::size_t>(std::count(name.begin(), name.end(), '.')) + 1;
  most_labels_ = std::max(most_labels_, labels);
  return entries_.try_emplace(std::string(name)).first->second;
}

bool NameIndex::add_suffix(std::string_view name, Value value) {
  Entry& found = entry(name);
  if (found.suffix != kNone) return false;
  found.suffix = value;
  return true;
}

bool NameIndex::add_host(std::string_view name, Value value) {
  Entry& found = entry(name);
  if (found.host != kNone) return false;
  found.host = value;
  return true;
}

NameIndex::Value NameIndex::find(std::string_view name) const {
  std::array<char, kLongestName> folded;
  std::array<std::uint8_t, kMostLabels> starts;
  if (name.size() > folded.size() || name.empty()) return kNone;
  std::size_t count = 0;
  starts[count++] = 0;
  bool escaped = false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    folded[i] = fold(name[i]);
    const bool boundary = name[i] == '.' && !escaped;
    escaped = name[i] == '\\' && !escaped;
    if (!boundary || i + 1 == name.size()) continue;
    if (count == starts.size()) return kNone;
    starts[count++] = static_cast<std::uint8_t>(i + 1);
  }
  std::string_view text(folded.data(), name.size());
  const bool absolute = text.ends_with('.') && !text.ends_with("\\.");
  if (absolute) text.remove_suffix(1);
  return find_folded(text, {starts.data(), count});
}

NameIndex::Value NameIndex::find_wire(std::span<const std::uint8_t> wire) const {
  std::array<char, kLongestName> folded;
  std::array<std::uint8_t, kMostLabels> starts;
  std::size_t length = 0;
  std::size_t count = 0;
  std::size_t at = 0;
  if (wire.size() > kLongestName) return kNone;
  while (at < wire.size() && wire[at] != 0) {
    const std::size_t label = wire[at++];
    // 63 is the longest label; larger values are pointers and reserved (RFC 1035 section 4.1.4).
    if (label > 63 || label > wire.size() - at || count == starts.size()) return kNone;
    if (length > 0) folded[length++] = '.';
    starts[count++] = static_cast<std::uint8_t>(length);
    for (const std::size_t end = at + label; at < end; ++at) {
      const char c = static_cast<char>(wire[at]);
      folded[length++] = c == '.' ? kForeign : fold(c);
    }
  }
  if (count == 0 || (at < wire.size() && at + 1 != wire.size())) return kNone;
  return find_folded({folded.data(), length}, {starts.data(), count});
}

NameIndex::Value NameIndex::find_folded(std::string_view folded,
                                        std::span<const std::uint8_t> starts) const {
  const std::size_t skipped = starts.size() > most_labels_ ? starts.size() - most_labels_ : 0;
  for (std::size_t i = skipped; i < starts.size(); ++i) {
    const auto found = entries_.find(folded.substr(starts[i]));
    if (found == entries_.end()) continue;
    if (i == 0 && found->second.host != kNone) return found->second.host;
    if (found->second.suffix != kNone) return found->second.suffix;
  }
  return kNone;
}

}  // namespace lokaal
