#include "adapters/entropy/entropy.hpp"

#include <sys/random.h>

#include <cerrno>
#include <system_error>

namespace lokaal {

Bytes random_bytes(std::size_t count) {
  Bytes bytes(count);
  std::size_t filled = 0;
  while (filled < count) {
    const ssize_t got = ::getrandom(bytes.data() + filled, count - filled, 0);
    if (got < 0) {
      if (errno == EINTR) continue;
      throw std::system_error(errno, std::generic_category(), "getrandom");
    }
    filled += static_cast<std::size_t>(got);
  }
  return bytes;
}

std::uint64_t random_number() {
  std::uint64_t number = 0;
  for (const std::uint8_t byte : random_bytes(sizeof number)) number = number << 8 | byte;
  return number;
}

std::string random_uuid() {
  Bytes bytes = random_bytes(16);
  // RFC 9562: the version in the high half of octet 6, the variant in the two high bits of octet 8.
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0FU) | 0x40U);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3FU) | 0x80U);
  std::string text = hex(bytes);
  for (const std::size_t place : {20U, 16U, 12U, 8U}) text.insert(place, 1, '-');
  return text;
}

}  // namespace lokaal
