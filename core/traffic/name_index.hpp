// Which entry a DNS name belongs to: exact names, and suffixes that match on label boundaries.
// The longest match wins. Letters compare as ASCII without case.
//
// Looking up allocates nothing and takes one hash probe per label, at most as many labels as the
// longest indexed name has. Building is not thread-safe; looking up is, from any number of threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

namespace lokaal {

class NameIndex {
 public:
  using Value = std::uint32_t;
  static constexpr Value kNone = 0xffffffff;

  // Names as the catalogue's lint leaves them: lower case, no dot at either end.
  // False: that name is there already, in that role; the first stays.
  bool add_suffix(std::string_view name, Value value);
  bool add_host(std::string_view name, Value value);

  // The value, or kNone. `name` is in presentation form (RFC 1035 section 5.1), with or without the
  // trailing dot; an escaped dot is no label boundary. Over 255 bytes: kNone.
  Value find(std::string_view name) const;
  // `wire` is an uncompressed name (RFC 1035 section 3.1), with or without the root's zero byte.
  // Malformed: kNone.
  Value find_wire(std::span<const std::uint8_t> wire) const;

  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    Value suffix = kNone;
    Value host = kNone;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };

  Entry& entry(std::string_view name);
  // `folded` is lower case; a label begins at each of `starts`.
  Value find_folded(std::string_view folded, std::span<const std::uint8_t> starts) const;

  std::unordered_map<std::string, Entry, Hash, std::equal_to<>> entries_;
  std::size_t most_labels_ = 0;
};

}  // namespace lokaal
