// A school in network namespaces: a router with two governed rooms and an outside. Its ends are
// packet sockets, so that any number of devices can be spoken for, and real hosts for real sockets.
//
//   room A  10.1.0.0/24  fd01::/64    br-a, a bridge with one port
//   room B  10.2.0.0/24  fd02::/64    lan-b0
//           10.3.0.0/24  fd03::/64    lan-b1
//   outside 192.0.2.0/24 fd09::/64    wan
//
// In each the router is .1, the real host .10; all other addresses are neighbours by declaration,
// at the MAC that station() says. The thread that makes the network lives in the router from then
// on.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "adapters/packet_filter/packet_filter.hpp"
#include "tests/unit/adapters/packet_filter/frames.hpp"

namespace lokaal::test {

enum class Link : std::uint8_t { room_a, room_b0, room_b1, outside };
inline constexpr std::array kLinks = {Link::room_a, Link::room_b0, Link::room_b1, Link::outside};

// Who is at an address.
struct Station {
  Link link = Link::room_a;
  std::uint8_t host = 0;

  Mac mac() const;
  IpAddress address(IpFamily family) const;
};
inline constexpr std::uint8_t kRealHost = 10;

FilterLayout school_layout();
RoomId room_a();
RoomId room_b();
// The room behind a link; none outside.
std::optional<RoomId> room_of(Link link);
RoomNumber number_of(Link link);

class Namespace {
 public:
  Namespace();
  ~Namespace();
  Namespace(const Namespace&) = delete;
  Namespace& operator=(const Namespace&) = delete;

  int fd() const { return fd_; }
  // Runs something in a thread inside.
  void run(const std::function<void()>& work) const;
  // Commands for `ip -batch`.
  void ip(const std::string& commands) const;

 private:
  int fd_ = -1;
};

// The calling thread lives in the namespace from then on.
void enter(int fd);
// What one thread sends over veth is worked off in order as long as it stays on its processor.
void stay_on_one_processor();
// Sees all frames that come to this interface; sends any. The caller closes it.
int packet_socket(const char* interface);

class Network {
 public:
  Network();
  ~Network();

  const Namespace& host(Link link) const { return *hosts_[static_cast<std::size_t>(link)]; }

  // Sends a UDP probe from one station towards another (through the router); its id.
  std::uint32_t probe(const Station& from, const Station& to, IpFamily family,
                      std::uint16_t from_port, std::uint16_t to_port);
  void send(const Station& from, const Bytes& frame);
  Hop hop_from(const Station& station) const;

  // Waits until all that was sent is through the router, and says which probes came out, and where.
  // (One more probe is sent from a device that is never refused. The thread is bound to one
  // processor, so that what it sent first comes out first.)
  std::map<std::uint32_t, Link> settle();
  // The same of what has come out by now; waits for nothing.
  std::map<std::uint32_t, Link> arrived();
  // All frames that these saw last, by link.
  const std::vector<Seen>& seen(Link link) const { return seen_[static_cast<std::size_t>(link)]; }

  // A probe alone: whether it comes out at the other end.
  bool passes(const Station& from, const Station& to, IpFamily family,
              std::uint16_t from_port = 4000, std::uint16_t to_port = 443);

 private:
  void drain();

  std::array<std::unique_ptr<Namespace>, kLinks.size()> hosts_;
  std::array<int, kLinks.size()> sockets_{};
  std::array<std::vector<Seen>, kLinks.size()> seen_;
  std::uint32_t next_id_ = 1;
};

// The infrastructure device by which settle() knows: in every state that a test applies.
Station sentinel();
Device sentinel_device();

}  // namespace lokaal::test
