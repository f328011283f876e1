// UDP between namespaces, with a definite answer to "did it arrive".
#pragma once

#include <cstdint>
#include <ostream>
#include <string>

#include "core/base/ip.hpp"
#include "tests/unit/adapters/links/namespaces.hpp"

namespace lokaal::lab {

enum class Fate : std::uint8_t {
  arrived,
  refused,  // the sender was told so by ICMP
  lost      // neither within the time that a slow machine may take
};
std::ostream& operator<<(std::ostream& out, Fate fate);

// A UDP socket bound to one address.
class Port {
 public:
  Port(const Namespace& where, const std::string& address);
  ~Port();
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;

  // Sends one datagram and waits until it is known what became of it.
  Fate send_to(const Port& other);

 private:
  IpAddress address_;
  std::uint16_t port_ = 0;
  int fd_ = -1;
};

}  // namespace lokaal::lab
