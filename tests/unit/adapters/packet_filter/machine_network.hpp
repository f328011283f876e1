// A machine that keeps its own traffic, and all that is beyond its cable: real sockets of the
// machine at this end, a packet socket at the other, which speaks for any number of hosts.
//
//   machine  10.1.0.11  fd01::b      others  10.1.0.20 to .39  fd01::14 to ::27
//
// The thread that makes it lives in the machine from then on.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <vector>

#include "tests/unit/adapters/packet_filter/network.hpp"
#include "tests/unit/adapters/packet_filter/sockets.hpp"

namespace lokaal::test {

class MachineNetwork {
 public:
  static constexpr Station kSelf{Link::room_a, 11};
  static constexpr std::uint16_t kDoor = 443;  // where the machine listens, and everybody else

  MachineNetwork();
  ~MachineNetwork();

  // UDP from this port of the machine to an other's door, and back. What it carries: its id.
  std::uint32_t out(std::uint16_t port, const Station& other, IpFamily family);
  std::uint32_t back_in(std::uint16_t port, const Station& other, IpFamily family);
  // UDP from an other's port to the machine's door, and back.
  std::uint32_t in(const Station& other, std::uint16_t port, IpFamily family);
  std::uint32_t back_out(const Station& other, std::uint16_t port, IpFamily family);

  // Waits until all that was sent is through, and says which came out at the other end. (One more
  // is sent from a socket with the guard mark, which is never refused.)
  std::set<std::uint32_t> settle();
  // The ports of UDP from the machine's `port` on, as the socket that is theirs stays open.
  void close_ports() { ports_.clear(); }

  const Namespace& beyond() const { return beyond_; }

 private:
  Socket& port(std::uint16_t number, IpFamily family);
  std::uint32_t say(const Socket& from, const Station& to, IpFamily family, std::uint16_t port);
  std::uint32_t hear(const Station& from, IpFamily family, std::uint16_t from_port,
                     std::uint16_t to_port);
  void drain(std::set<std::uint32_t>& came);

  Namespace beyond_;
  int wire_ = -1;
  std::map<std::pair<std::uint16_t, IpFamily>, Socket> ports_;
  Socket own_;
  std::uint32_t next_id_ = 1;
};

}  // namespace lokaal::test
