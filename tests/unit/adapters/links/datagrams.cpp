#include "tests/unit/adapters/links/datagrams.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <stdexcept>

namespace lokaal::lab {
namespace {

constexpr int kPatienceMs = 5000;

socklen_t fill(sockaddr_storage& storage, const IpAddress& address, std::uint16_t port) {
  if (address.family == IpFamily::v4) {
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_port = htons(port);
    std::memcpy(&in.sin_addr, address.bytes.data(), 4);
    std::memcpy(&storage, &in, sizeof in);
    return sizeof in;
  }
  sockaddr_in6 in{};
  in.sin6_family = AF_INET6;
  in.sin6_port = htons(port);
  std::memcpy(&in.sin6_addr, address.bytes.data(), 16);
  std::memcpy(&storage, &in, sizeof in);
  return sizeof in;
}

void check(int result, const char* what) {
  if (result < 0) throw std::runtime_error(std::string(what) + ": " + std::strerror(errno));
}

sockaddr* generic(sockaddr_storage& storage) {
  return reinterpret_cast<sockaddr*>(&storage);
}

}  // namespace

std::ostream& operator<<(std::ostream& out, Fate fate) {
  return out << (fate == Fate::arrived ? "arrived" : fate == Fate::refused ? "refused" : "lost");
}

Port::Port(const Namespace& where, const std::string& address)
    : address_(IpAddress::parse(address).value()) {
  const int family = address_.family == IpFamily::v4 ? AF_INET : AF_INET6;
  where.in([&] { fd_ = ::socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0); });
  check(fd_, "socket");
  // ip(7): ICMP errors are told to a socket that is not connected, too.
  const int on = 1;
  const bool v4 = address_.family == IpFamily::v4;
  check(::setsockopt(fd_, v4 ? IPPROTO_IP : IPPROTO_IPV6, v4 ? IP_RECVERR : IPV6_RECVERR, &on,
                     sizeof on),
        "setsockopt");
  static std::uint16_t next = 20'000;
  port_ = next++;
  sockaddr_storage storage{};
  const socklen_t size = fill(storage, address_, port_);
  check(::bind(fd_, generic(storage), size), "bind");
}

Port::~Port() {
  ::close(fd_);
}

Fate Port::send_to(const Port& other) {
  std::array<char, 512> buffer{};
  while (::recv(other.fd_, buffer.data(), buffer.size(), MSG_DONTWAIT) >= 0) {
  }
  sockaddr_storage storage{};
  const socklen_t size = fill(storage, other.address_, other.port_);
  if (::sendto(fd_, "probe", 5, 0, generic(storage), size) != 5) return Fate::refused;
  std::array<pollfd, 2> fds{{{other.fd_, POLLIN, 0}, {fd_, 0, 0}}};
  ::poll(fds.data(), fds.size(), kPatienceMs);
  if ((fds[1].revents & POLLERR) == 0) {
    return (fds[0].revents & POLLIN) != 0 ? Fate::arrived : Fate::lost;
  }
  while (::recv(fd_, buffer.data(), buffer.size(), MSG_ERRQUEUE | MSG_DONTWAIT) >= 0) {
  }
  int error = 0;
  socklen_t length = sizeof error;
  ::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &length);
  return Fate::refused;
}

}  // namespace lokaal::lab
