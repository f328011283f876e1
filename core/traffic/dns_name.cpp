#include "core/traffic/dns_name.hpp"

#include <fmt/format.h>

namespace lokaal {
namespace {

// The two high bits of a length octet (RFC 1035 section 4.1.4).
constexpr std::uint8_t kTypeMask = 0xC0;
constexpr std::uint8_t kPointer = 0xC0;
// A name of 255 octets has at most 127 labels, so a longer chain says nothing and only costs time.
constexpr int kMaxPointers = 127;

std::optional<std::size_t> pointer_target(ByteView message, std::size_t at) {
  if (at + 1 >= message.size()) return std::nullopt;
  return (static_cast<std::size_t>(message[at] & ~kTypeMask) << 8U) | message[at + 1];
}

}  // namespace

std::uint8_t dns_lower(std::uint8_t octet) {
  return octet >= 'A' && octet <= 'Z' ? static_cast<std::uint8_t>(octet + ('a' - 'A')) : octet;
}

std::optional<ReadName> read_dns_name(ByteView message, std::size_t at) {
  ReadName name;
  std::size_t part = at;  // where the run of labels that is being read began
  std::optional<std::size_t> end;
  int pointers = 0;
  for (;;) {
    if (at >= message.size()) return std::nullopt;
    const std::uint8_t length = message[at];
    if ((length & kTypeMask) == kPointer) {
      const auto target = pointer_target(message, at);
      if (!target || *target >= part || ++pointers > kMaxPointers) return std::nullopt;
      if (!end) end = at + 2;
      at = part = *target;
      continue;
    }
    if ((length & kTypeMask) != 0) return std::nullopt;
    if (at + 1 + length > message.size()) return std::nullopt;
    if (name.wire.size() + 1 + length > kMaxDnsName) return std::nullopt;
    name.wire.push_back(length);
    for (std::size_t i = 1; i <= length; ++i) name.wire.push_back(dns_lower(message[at + i]));
    at += 1U + length;
    if (length == 0) break;
  }
  name.end = end.value_or(at);
  return name;
}

std::optional<std::size_t> skip_dns_name(ByteView message, std::size_t at) {
  const std::size_t start = at;
  while (at < message.size()) {
    const std::uint8_t length = message[at];
    if ((length & kTypeMask) == kPointer) {
      const auto target = pointer_target(message, at);
      if (!target || *target >= start) return std::nullopt;
      return at + 2;
    }
    if ((length & kTypeMask) != 0) return std::nullopt;
    at += 1U + length;
    if (at - start > kMaxDnsName) return std::nullopt;
    if (length == 0) return at <= message.size() ? std::optional(at) : std::nullopt;
  }
  return std::nullopt;
}

std::string dns_name_text(ByteView wire) {
  if (wire.size() <= 1) return ".";
  std::string text;
  for (std::size_t at = 0; at < wire.size() && wire[at] != 0;) {
    const std::size_t length = wire[at];
    if (!text.empty()) text.push_back('.');
    for (std::size_t i = at + 1; i <= at + length && i < wire.size(); ++i) {
      const std::uint8_t octet = wire[i];
      if (octet > 0x20 && octet < 0x7F && octet != '.' && octet != '\\')
        text.push_back(static_cast<char>(octet));
      else
        text += fmt::format("\\{:03}", octet);
    }
    at += 1 + length;
  }
  return text;
}

std::optional<Bytes> dns_name_wire(std::string_view text) {
  Bytes wire;
  if (text.empty()) return std::nullopt;
  if (text == ".") return Bytes{0};
  if (text.back() == '.') text.remove_suffix(1);
  while (true) {
    const std::size_t dot = text.find('.');
    const std::string_view label = text.substr(0, dot);
    if (label.empty() || label.size() > kMaxDnsLabel) return std::nullopt;
    wire.push_back(static_cast<std::uint8_t>(label.size()));
    for (const char c : label) wire.push_back(dns_lower(static_cast<std::uint8_t>(c)));
    if (dot == std::string_view::npos) break;
    text.remove_prefix(dot + 1);
  }
  wire.push_back(0);
  if (wire.size() > kMaxDnsName) return std::nullopt;
  return wire;
}

bool is_at_or_below(std::string_view name, std::string_view ancestor) {
  if (name.size() == ancestor.size()) return name == ancestor;
  return name.size() > ancestor.size() && name.ends_with(ancestor) &&
         name[name.size() - ancestor.size() - 1] == '.';
}

}  // namespace lokaal
