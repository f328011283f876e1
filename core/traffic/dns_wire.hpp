// Octets and header bits that the DNS message files share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/base/bytes.hpp"

namespace lokaal::dns_wire {

// Header fields (RFC 1035 section 4.1.1; AD and CD: RFC 4035 section 3).
inline constexpr std::size_t kIdAt = 0;
inline constexpr std::size_t kFlagsAt = 2;
inline constexpr std::size_t kQuestionsAt = 4;
inline constexpr std::size_t kAnswersAt = 6;
inline constexpr std::size_t kAuthorityAt = 8;
inline constexpr std::size_t kAdditionalAt = 10;

inline constexpr std::uint16_t kResponse = 0x8000;
inline constexpr std::uint16_t kOpcode = 0x7800;
inline constexpr std::uint16_t kAuthoritative = 0x0400;
inline constexpr std::uint16_t kTruncated = 0x0200;
inline constexpr std::uint16_t kRecursionDesired = 0x0100;
inline constexpr std::uint16_t kRecursionAvailable = 0x0080;
inline constexpr std::uint16_t kReserved = 0x0040;
inline constexpr std::uint16_t kAuthenticData = 0x0020;
inline constexpr std::uint16_t kCheckingDisabled = 0x0010;
inline constexpr std::uint16_t kRcode = 0x000F;

// The DO bit in the TTL field of an OPT record (RFC 6891 section 6.1.4).
inline constexpr std::uint32_t kDnssecOk = 0x8000;
inline constexpr std::uint16_t kEdeOption = 15;  // RFC 8914 section 2

// The caller has checked that the octets are there.
inline std::uint16_t get16(ByteView bytes, std::size_t at) {
  return static_cast<std::uint16_t>((bytes[at] << 8U) | bytes[at + 1]);
}
inline std::uint32_t get32(ByteView bytes, std::size_t at) {
  return (static_cast<std::uint32_t>(get16(bytes, at)) << 16U) | get16(bytes, at + 2);
}
inline void set16(std::span<std::uint8_t> bytes, std::size_t at, std::size_t value) {
  bytes[at] = static_cast<std::uint8_t>(value >> 8U);
  bytes[at + 1] = static_cast<std::uint8_t>(value);
}
inline void set32(std::span<std::uint8_t> bytes, std::size_t at, std::uint32_t value) {
  set16(bytes, at, value >> 16U);
  set16(bytes, at + 2, value & 0xFFFFU);
}
inline void put16(Bytes& bytes, std::size_t value) {
  bytes.push_back(static_cast<std::uint8_t>(value >> 8U));
  bytes.push_back(static_cast<std::uint8_t>(value));
}
inline void put32(Bytes& bytes, std::uint32_t value) {
  put16(bytes, value >> 16U);
  put16(bytes, value & 0xFFFFU);
}
inline void put(Bytes& bytes, ByteView more) {
  bytes.insert(bytes.end(), more.begin(), more.end());
}

}  // namespace lokaal::dns_wire
