#include "daemon/dns_server/packet_info.hpp"

#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace lokaal {
namespace {

// RFC 2292's name for the option that Linux answers for streams; in6.h of glibc hides it behind
// IPV6_2292PKTOPTIONS.
constexpr int kTcpPacketInfoV6 = IPV6_2292PKTOPTIONS;

// Room for one packet information of either family.
struct alignas(cmsghdr) ControlBuffer {
  std::array<char, CMSG_SPACE(sizeof(in6_pktinfo)) + CMSG_SPACE(sizeof(in_pktinfo))> bytes{};
};

template <class T>
IpAddress address_of(const T& raw) {
  std::array<std::uint8_t, sizeof(T)> bytes{};
  std::memcpy(bytes.data(), &raw, sizeof(T));
  return IpAddress::from(bytes).value_or(IpAddress{});
}

template <class T>
T raw_of(const IpAddress& address) {
  T raw{};
  std::memcpy(&raw, address.bytes.data(), sizeof(T));
  return raw;
}

template <class T>
T data_of(const cmsghdr* header) {
  T value{};
  std::memcpy(&value, CMSG_DATA(header), sizeof(T));
  return value;
}

// Interface and local address out of what the kernel told beside the packet.
void read_control(msghdr& message, DatagramPath& path) {
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_PKTINFO) {
      const auto info = data_of<in_pktinfo>(header);
      path.interface = static_cast<InterfaceIndex>(info.ipi_ifindex);
      path.local = address_of(info.ipi_addr);
    } else if (header->cmsg_level == IPPROTO_IPV6 &&
               (header->cmsg_type == IPV6_PKTINFO || header->cmsg_type == IPV6_2292PKTINFO)) {
      const auto info = data_of<in6_pktinfo>(header);
      path.interface = info.ipi6_ifindex;
      path.local = address_of(info.ipi6_addr);
    }
  }
}

void read_peer(DatagramPath& path) {
  if (path.peer.ss_family == AF_INET) {
    sockaddr_in peer{};
    std::memcpy(&peer, &path.peer, sizeof(peer));
    path.source = address_of(peer.sin_addr);
  } else {
    sockaddr_in6 peer{};
    std::memcpy(&peer, &path.peer, sizeof(peer));
    path.source = address_of(peer.sin6_addr);
  }
}

template <class T>
void put_control(msghdr& message, ControlBuffer& control, int level, int type, const T& info) {
  message.msg_control = control.bytes.data();
  message.msg_controllen = CMSG_SPACE(sizeof(T));
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = level;
  header->cmsg_type = type;
  header->cmsg_len = CMSG_LEN(sizeof(T));
  std::memcpy(CMSG_DATA(header), &info, sizeof(T));
}

}  // namespace

bool enable_packet_info(int socket, IpFamily family) {
  const int on = 1;
  if (family == IpFamily::v4)
    return setsockopt(socket, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)) == 0;
  return setsockopt(socket, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on)) == 0;
}

std::optional<std::size_t> receive_datagram(int socket, std::span<std::uint8_t> buffer,
                                            DatagramPath& path) {
  path = DatagramPath{};
  ControlBuffer control;
  iovec part{buffer.data(), buffer.size()};
  msghdr message{};
  message.msg_name = &path.peer;
  message.msg_namelen = sizeof(path.peer);
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.bytes.data();
  message.msg_controllen = control.bytes.size();
  const ssize_t size = recvmsg(socket, &message, MSG_DONTWAIT);
  // Anything but "nothing there" is an earlier answer's ICMP error: told once, and of no use here.
  if (size < 0) return errno == EAGAIN ? std::nullopt : std::optional<std::size_t>(0);
  if ((message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) return 0;
  path.peer_size = message.msg_namelen;
  read_control(message, path);
  read_peer(path);
  return static_cast<std::size_t>(size);
}

void send_datagram(int socket, ByteView bytes, const DatagramPath& path) {
  Bytes copy(bytes.begin(), bytes.end());  // iovec is not const
  sockaddr_storage peer = path.peer;
  ControlBuffer control;
  iovec part{copy.data(), copy.size()};
  msghdr message{};
  message.msg_name = &peer;
  message.msg_namelen = path.peer_size;
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (path.local.family == IpFamily::v4) {
    in_pktinfo info{};
    info.ipi_ifindex = static_cast<int>(path.interface);
    info.ipi_spec_dst = raw_of<in_addr>(path.local);
    put_control(message, control, IPPROTO_IP, IP_PKTINFO, info);
  } else {
    in6_pktinfo info{};
    info.ipi6_ifindex = path.interface;
    info.ipi6_addr = raw_of<in6_addr>(path.local);
    put_control(message, control, IPPROTO_IPV6, IPV6_PKTINFO, info);
  }
  static_cast<void>(sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL));
}

InterfaceIndex arrival_interface(int socket, IpFamily family) {
  ControlBuffer control;
  auto size = static_cast<socklen_t>(control.bytes.size());
  const bool v4 = family == IpFamily::v4;
  if (getsockopt(socket, v4 ? IPPROTO_IP : IPPROTO_IPV6, v4 ? IP_PKTOPTIONS : kTcpPacketInfoV6,
                 control.bytes.data(), &size) != 0)
    return 0;
  msghdr message{};
  message.msg_control = control.bytes.data();
  message.msg_controllen = size;
  DatagramPath path;
  read_control(message, path);
  return path.interface;
}

}  // namespace lokaal
