#include "core/base/ip.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace lokaal {
namespace {

std::optional<unsigned> number(std::string_view text, int base, std::size_t digits) {
  unsigned value = 0;
  if (text.empty() || text.size() > digits) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Four decimal octets into `out`. A leading zero is refused: some readers take it for octal.
bool parse_v4(std::string_view text, std::uint8_t* out) {
  for (int i = 0; i < 4; ++i) {
    const std::size_t dot = i < 3 ? text.find('.') : text.size();
    if (dot == std::string_view::npos) return false;
    const std::string_view octet = text.substr(0, dot);
    const auto value = number(octet, 10, 3);
    if (!value || *value > 255 || (octet.size() > 1 && octet.front() == '0')) return false;
    *out++ = static_cast<std::uint8_t>(*value);
    if (i < 3) text.remove_prefix(dot + 1);
  }
  return true;
}

// Groups of one side of "::" (or of the whole) as bytes; nullopt: malformed or over 16 bytes.
std::optional<Bytes> parse_groups(std::string_view text, bool may_end_dotted) {
  Bytes bytes;
  while (!text.empty()) {
    const std::size_t colon = std::min(text.find(':'), text.size());
    const std::string_view group = text.substr(0, colon);
    if (colon == text.size() && may_end_dotted && group.find('.') != std::string_view::npos) {
      std::array<std::uint8_t, 4> tail{};
      if (!parse_v4(group, tail.data())) return std::nullopt;
      bytes.insert(bytes.end(), tail.begin(), tail.end());
    } else {
      const auto value = number(group, 16, 4);
      if (!value) return std::nullopt;
      bytes.push_back(static_cast<std::uint8_t>(*value >> 8U));
      bytes.push_back(static_cast<std::uint8_t>(*value & 0xFFU));
    }
    if (bytes.size() > 16) return std::nullopt;
    if (colon == text.size()) break;
    text.remove_prefix(colon + 1);
    if (text.empty()) return std::nullopt;  // a colon at the end
  }
  return bytes;
}

bool parse_v6(std::string_view text, std::array<std::uint8_t, 16>& out) {
  if (text.size() > 45) return false;
  const std::size_t gap = text.find("::");
  if (gap == std::string_view::npos) {
    const auto all = parse_groups(text, true);
    if (!all || all->size() != 16) return false;
    std::copy(all->begin(), all->end(), out.begin());
    return true;
  }
  const auto head = parse_groups(text.substr(0, gap), false);
  const auto tail = parse_groups(text.substr(gap + 2), true);
  // "::" stands for at least one group.
  if (!head || !tail || head->size() + tail->size() > 14) return false;
  std::copy(head->begin(), head->end(), out.begin());
  std::copy_backward(tail->begin(), tail->end(), out.end());
  return true;
}

std::string text_v6(const std::array<std::uint8_t, 16>& bytes) {
  std::array<unsigned, 8> groups{};
  for (std::size_t i = 0; i < 8; ++i) {
    groups[i] = (static_cast<unsigned>(bytes[2 * i]) << 8U) | bytes[2 * i + 1];
  }
  // RFC 5952: the first longest run of at least two zero groups becomes "::".
  std::size_t best = 8;
  std::size_t best_length = 1;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t length = 0;
    while (i + length < 8 && groups[i + length] == 0) ++length;
    if (length > best_length) {
      best = i;
      best_length = length;
    }
  }
  std::string text;
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == best) {
      text += "::";
      i += best_length - 1;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ':';
    text += fmt::format("{:x}", groups[i]);
  }
  return text;
}

}  // namespace

Result<IpAddress> IpAddress::parse(std::string_view text) {
  IpAddress address;
  if (text.find(':') == std::string_view::npos) {
    if (parse_v4(text, address.bytes.data())) return address;
  } else {
    address.family = IpFamily::v6;
    if (parse_v6(text, address.bytes)) return address;
  }
  return failure(fmt::format("\"{}\" is not an IP address", text.substr(0, 64)));
}

Result<IpAddress> IpAddress::from(ByteView raw) {
  if (raw.size() != 4 && raw.size() != 16) return failure("an IP address has 4 or 16 bytes");
  IpAddress address;
  address.family = raw.size() == 4 ? IpFamily::v4 : IpFamily::v6;
  std::copy(raw.begin(), raw.end(), address.bytes.begin());
  return address;
}

std::string IpAddress::text() const {
  if (family == IpFamily::v6) return text_v6(bytes);
  return fmt::format("{}.{}.{}.{}", bytes[0], bytes[1], bytes[2], bytes[3]);
}

Result<IpPrefix> IpPrefix::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  auto address = IpAddress::parse(text.substr(0, slash));
  if (!address) return tl::unexpected(address.error());
  const unsigned bits = address->family == IpFamily::v4 ? 32 : 128;
  unsigned length = bits;
  if (slash != std::string_view::npos) {
    const auto given = number(text.substr(slash + 1), 10, 3);
    if (!given || *given > bits) {
      return failure(
          fmt::format("\"{}\" has no prefix length of 0 to {}", text.substr(0, 64), bits));
    }
    length = *given;
  }
  const IpPrefix prefix{*address, static_cast<std::uint8_t>(length)};
  for (unsigned bit = length; bit < bits; ++bit) {
    if ((address->bytes[bit / 8] >> (7U - bit % 8) & 1U) != 0) {
      return failure(fmt::format("\"{}\" has bits behind its prefix length", text),
                     "write the network's first address");
    }
  }
  return prefix;
}

bool IpPrefix::contains(const IpAddress& other) const {
  if (other.family != address.family) return false;
  for (unsigned bit = 0; bit < length; ++bit) {
    const unsigned shift = 7U - bit % 8;
    if ((address.bytes[bit / 8] >> shift & 1U) != (other.bytes[bit / 8] >> shift & 1U)) {
      return false;
    }
  }
  return true;
}

std::string IpPrefix::text() const {
  return fmt::format("{}/{}", address.text(), length);
}

}  // namespace lokaal
