// Real sockets of the namespace that the calling thread is in.
#pragma once

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <utility>

#include "core/base/ip.hpp"

namespace lokaal::test {

class Socket {
 public:
  Socket() = default;
  explicit Socket(int fd) : fd_(fd) {}
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Socket() {
    if (fd_ >= 0) ::close(fd_);
  }
  int fd() const { return fd_; }

 private:
  int fd_ = -1;
};

struct Name {
  sockaddr_storage storage{};
  socklen_t size = 0;

  Name(const IpAddress& address, std::uint16_t port) {
    if (address.family == IpFamily::v4) {
      sockaddr_in in{};
      in.sin_family = AF_INET;
      in.sin_port = htons(port);
      std::memcpy(&in.sin_addr, address.bytes.data(), 4);
      std::memcpy(&storage, &in, size = sizeof in);
    } else {
      sockaddr_in6 in{};
      in.sin6_family = AF_INET6;
      in.sin6_port = htons(port);
      std::memcpy(&in.sin6_addr, address.bytes.data(), 16);
      std::memcpy(&storage, &in, size = sizeof in);
    }
  }
  sockaddr* mutable_get() { return reinterpret_cast<sockaddr*>(&storage); }            // NOLINT
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }  // NOLINT
};

inline Socket open_socket(IpFamily family, int type) {
  Socket socket(::socket(family == IpFamily::v4 ? AF_INET : AF_INET6,
                         type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(socket.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  return socket;
}

inline bool ready(const Socket& socket, short events, int milliseconds = 10000) {
  pollfd waiting{socket.fd(), events, 0};
  return ::poll(&waiting, 1, milliseconds) == 1;
}

inline int error_of(const Socket& socket) {
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(socket.fd(), SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

}  // namespace lokaal::test
