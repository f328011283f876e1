#include "adapters/packet_tap/packet_sender.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace lokaal {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor& operator=(Descriptor&&) = delete;

  int get() const { return fd_; }

 private:
  int fd_;
};

tl::unexpected<Error> system_failure(const char* what) {
  return failure(fmt::format("{}: {}", what, std::strerror(errno)),
                 errno == EPERM ? "CAP_NET_RAW and CAP_NET_ADMIN are needed" : "");
}

// Of IPPROTO_RAW: what is sent brings its IP header, and nothing is received (raw(7)).
Result<Descriptor> raw_socket(int family, std::uint32_t mark) {
  Descriptor socket(::socket(family, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_RAW));
  if (socket.get() < 0) return system_failure("a raw socket");
  if (::setsockopt(socket.get(), SOL_SOCKET, SO_MARK, &mark, sizeof mark) != 0)
    return system_failure("the mark of a raw socket");
  return socket;
}

class RawPacketSender final : public PacketSender {
 public:
  RawPacketSender(Descriptor v4, Descriptor v6) : v4_(std::move(v4)), v6_(std::move(v6)) {}

  Result<void> send(const IpAddress& destination, ByteView packet) override {
    if (destination.family == IpFamily::v4) {
      sockaddr_in to{};
      to.sin_family = AF_INET;
      std::memcpy(&to.sin_addr, destination.raw().data(), sizeof to.sin_addr);
      return send(v4_, packet, to);
    }
    sockaddr_in6 to{};
    to.sin6_family = AF_INET6;
    std::memcpy(&to.sin6_addr, destination.raw().data(), sizeof to.sin6_addr);
    return send(v6_, packet, to);
  }

 private:
  template <class Address>
  static Result<void> send(const Descriptor& socket, ByteView packet, const Address& to) {
    const ssize_t sent = ::sendto(socket.get(), packet.data(), packet.size(), MSG_DONTWAIT,
                                  reinterpret_cast<const sockaddr*>(&to), sizeof to);  // NOLINT
    if (sent < 0) return system_failure("sending a packet");
    return {};
  }

  Descriptor v4_;
  Descriptor v6_;
};

}  // namespace

Result<std::unique_ptr<PacketSender>> make_packet_sender(std::uint32_t mark) {
  auto v4 = raw_socket(AF_INET, mark);
  if (!v4) return tl::unexpected(v4.error());
  auto v6 = raw_socket(AF_INET6, mark);
  if (!v6) return tl::unexpected(v6.error());
  return std::make_unique<RawPacketSender>(std::move(*v4), std::move(*v6));
}

}  // namespace lokaal
