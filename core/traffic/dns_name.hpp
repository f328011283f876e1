// Domain names in a DNS message (RFC 1035 section 3.1 and 4.1.4): bounded reading of what a
// stranger sent.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/bytes.hpp"

namespace lokaal {

// RFC 1035 section 2.3.4; both count length octets, the name also its root label.
inline constexpr std::size_t kMaxDnsName = 255;
inline constexpr std::size_t kMaxDnsLabel = 63;

struct ReadName {
  Bytes wire;           // uncompressed, ASCII letters in lower case, ending in the root label
  std::size_t end = 0;  // first octet after the name where it stood
};

// Reads the name at `at`. A compression pointer must point to before the part that it ends, so
// every name ends. Nothing if the name is broken, too long, or of another label type.
std::optional<ReadName> read_dns_name(ByteView message, std::size_t at);

// The octet after the name at `at`, without following pointers; they must point backwards.
std::optional<std::size_t> skip_dns_name(ByteView message, std::size_t at);

// "www.example.org" of a wire name, without a final dot; the root is ".". Octets other than visible
// ASCII, and dots and backslashes within a label, become \DDD (RFC 1035 section 5.1), so that a dot
// in the text is always the border of a label.
std::string dns_name_text(ByteView wire);

// The wire form of a host name as written in configuration (no escapes), in lower case.
std::optional<Bytes> dns_name_wire(std::string_view text);

// Whether `name` is `ancestor` or below it; both as dns_name_text() gives them.
bool is_at_or_below(std::string_view name, std::string_view ancestor);

// ASCII only (RFC 4343).
std::uint8_t dns_lower(std::uint8_t octet);

}  // namespace lokaal
