// Datagrams with the interface they came in by and the address they were sent to, so that the
// answer leaves from there (IP_PKTINFO, IPV6_RECVPKTINFO; Linux ip(7) and ipv6(7)).
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstddef>
#include <optional>
#include <span>

#include "core/base/bytes.hpp"
#include "core/base/ip.hpp"
#include "daemon/dns_server/snapshot.hpp"

namespace lokaal {

// Where a datagram came from, and where it was sent to.
struct DatagramPath {
  sockaddr_storage peer{};
  socklen_t peer_size = 0;
  IpAddress source;
  InterfaceIndex interface = 0;
  IpAddress local;
};

// Asks the kernel to say how packets arrived; before bind or listen. False: it will not.
bool enable_packet_info(int socket, IpFamily family);

// One datagram that fits the buffer, without waiting; its size. `path` is only set then.
// Nothing: none is there. Zero: one was there that cannot be served, and is gone.
std::optional<std::size_t> receive_datagram(int socket, std::span<std::uint8_t> buffer,
                                            DatagramPath& path);

// Answers by the same interface, from the address that was asked. Without waiting: what the
// kernel's buffer does not take is lost, as datagrams are.
void send_datagram(int socket, ByteView message, const DatagramPath& path);

// The interface by which an accepted TCP connection came; 0 if the kernel does not say.
InterfaceIndex arrival_interface(int socket, IpFamily family);

}  // namespace lokaal
