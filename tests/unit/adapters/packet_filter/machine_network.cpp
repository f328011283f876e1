#include "tests/unit/adapters/packet_filter/machine_network.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <stdexcept>

#include "core/policy/marks.hpp"

namespace lokaal::test {
namespace {

constexpr Station kLast{Link::room_a, 39};
constexpr std::chrono::seconds kPatience{20};
const Mac kOwnMac{{0x02, 0xff, 0, 0, 0, 11}};
const Mac kOtherMac{{0x02, 0xff, 0, 0, 0, 1}};

std::array<std::uint8_t, 4> payload(std::uint32_t id) {
  return {static_cast<std::uint8_t>(id >> 24), static_cast<std::uint8_t>(id >> 16),
          static_cast<std::uint8_t>(id >> 8), static_cast<std::uint8_t>(id)};
}

}  // namespace

MachineNetwork::MachineNetwork() {
  stay_on_one_processor();
  const Namespace machine;
  enter(machine.fd());
  std::string here = "link set lo up\n";
  std::string there = "link set lo up\n";
  here += fmt::format("link add eth0 type veth peer name eth0 netns /proc/{}/fd/{}\n", ::getpid(),
                      beyond_.fd());
  here += fmt::format("link set eth0 address {} up\n", kOwnMac.text());
  there += fmt::format("link set eth0 address {} up\n", kOtherMac.text());
  for (const IpFamily family : {IpFamily::v4, IpFamily::v6}) {
    const int bits = family == IpFamily::v4 ? 24 : 64;
    const char* at_once = family == IpFamily::v4 ? "" : " nodad";
    const std::string own = kSelf.address(family).text();
    here += fmt::format("address add {}/{} dev eth0{}\n", own, bits, at_once);
    there +=
        fmt::format("neighbour add {} lladdr {} dev eth0 nud permanent\n", own, kOwnMac.text());
    for (std::uint8_t host = 20; host <= kLast.host; ++host) {
      const std::string other = Station{Link::room_a, host}.address(family).text();
      here += fmt::format("neighbour add {} lladdr {} dev eth0 nud permanent\n", other,
                          kOtherMac.text());
      there += fmt::format("address add {}/{} dev eth0{}\n", other, bits, at_once);
    }
  }
  machine.ip(here);
  beyond_.ip(there);
  beyond_.run([this] { wire_ = packet_socket("eth0"); });
  own_ = open_socket(IpFamily::v4, SOCK_DGRAM);
  const std::uint32_t mark = kGuardMark;
  if (::setsockopt(own_.fd(), SOL_SOCKET, SO_MARK, &mark, sizeof mark) != 0)
    throw std::runtime_error("SO_MARK");
}

MachineNetwork::~MachineNetwork() {
  ::close(wire_);
}

Socket& MachineNetwork::port(std::uint16_t number, IpFamily family) {
  auto [place, added] = ports_.try_emplace({number, family});
  if (!added) return place->second;
  place->second = open_socket(family, SOCK_DGRAM);
  const Name name(kSelf.address(family), number);
  if (::bind(place->second.fd(), name.get(), name.size) != 0)
    throw std::runtime_error(fmt::format("port {}: {}", number, std::strerror(errno)));
  return place->second;
}

// A refusal may show at once (EPERM): what counts is what comes out.
std::uint32_t MachineNetwork::say(const Socket& from, const Station& to, IpFamily family,
                                  std::uint16_t to_port) {
  const std::uint32_t id = next_id_++;
  const auto data = payload(id);
  const Name name(to.address(family), to_port);
  ::sendto(from.fd(), data.data(), data.size(), 0, name.get(), name.size);
  return id;
}

std::uint32_t MachineNetwork::hear(const Station& from, IpFamily family, std::uint16_t from_port,
                                   std::uint16_t to_port) {
  const std::uint32_t id = next_id_++;
  const Bytes frame = udp_frame(
      {kOtherMac, kOwnMac}, {from.address(family), kSelf.address(family), from_port, to_port}, id);
  if (::send(wire_, frame.data(), frame.size(), 0) < 0) throw std::runtime_error("send");
  return id;
}

std::uint32_t MachineNetwork::out(std::uint16_t from, const Station& other, IpFamily family) {
  return say(port(from, family), other, family, kDoor);
}
std::uint32_t MachineNetwork::back_in(std::uint16_t to, const Station& other, IpFamily family) {
  port(to, family);
  return hear(other, family, kDoor, to);
}
std::uint32_t MachineNetwork::in(const Station& other, std::uint16_t from, IpFamily family) {
  port(kDoor, family);
  return hear(other, family, from, kDoor);
}
std::uint32_t MachineNetwork::back_out(const Station& other, std::uint16_t to, IpFamily family) {
  return say(port(kDoor, family), other, family, to);
}

void MachineNetwork::drain(std::set<std::uint32_t>& came) {
  std::array<std::uint8_t, 2048> buffer{};
  ssize_t size = 0;
  while ((size = ::recv(wire_, buffer.data(), buffer.size(), 0)) >= 0) {
    const auto seen = parse_frame(ByteView(buffer.data(), static_cast<std::size_t>(size)));
    if (seen && seen->id != 0) came.insert(seen->id);
  }
  for (const auto& [port, socket] : ports_)
    while ((size = ::recv(socket.fd(), buffer.data(), buffer.size(), 0)) >= 0)
      if (size == 4)
        came.insert(static_cast<std::uint32_t>(buffer[0]) << 24 |
                    static_cast<std::uint32_t>(buffer[1]) << 16 |
                    static_cast<std::uint32_t>(buffer[2]) << 8 | buffer[3]);
}

std::set<std::uint32_t> MachineNetwork::settle() {
  const std::uint32_t last = say(own_, kLast, IpFamily::v4, 4001);
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  std::set<std::uint32_t> came;
  while (came.count(last) == 0) {
    if (std::chrono::steady_clock::now() > deadline)
      throw std::runtime_error("what lokaald itself sends did not come out");
    pollfd waiting{wire_, POLLIN, 0};
    ::poll(&waiting, 1, 100);
    drain(came);
  }
  came.erase(last);
  return came;
}

}  // namespace lokaal::test
