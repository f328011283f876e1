// IP addresses and prefixes as values. Pure: no socket header is needed to name an address.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/bytes.hpp"

namespace lokaal {

enum class IpFamily : std::uint8_t { v4, v6 };

// Network byte order; IPv4 fills the first four bytes, the rest is zero.
struct IpAddress {
  IpFamily family = IpFamily::v4;
  std::array<std::uint8_t, 16> bytes{};

  // Dotted decimal without leading zeros, or RFC 4291 section 2.2 (with "::" and a dotted tail);
  // no zone, no brackets.
  static Result<IpAddress> parse(std::string_view text);
  // From 4 or 16 bytes of a packet or a kernel message.
  static Result<IpAddress> from(ByteView raw);

  ByteView raw() const { return {bytes.data(), family == IpFamily::v4 ? 4U : 16U}; }
  std::string text() const;  // RFC 5952
  auto operator<=>(const IpAddress&) const = default;
};

// "10.112.0.0/24"; an address without a length is a prefix of that one address.
struct IpPrefix {
  IpAddress address;  // host bits are zero
  std::uint8_t length = 0;

  // Host bits that are set are an error: one of the two halves would be a typing mistake.
  static Result<IpPrefix> parse(std::string_view text);

  bool contains(const IpAddress& other) const;
  std::string text() const;
  auto operator<=>(const IpPrefix&) const = default;
};

}  // namespace lokaal
