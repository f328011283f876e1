// The kernel's judgement of every packet from and to a governed room.
//
// One implementation: the nftables table `inet lokaal` (make_nftables_filter). Its set `applied`
// (type mark) has one element, the low 32 bits of the generation that the kernel holds, changed in
// the same transaction as all the rest: whoever observes reads it there. The table is closed
// by itself: a room without a mode, a mark that matches nothing, an invalid packet are refused; and
// a room whose table is gone is closed by the routing guard, which demands kGuardMark
// (core/policy/marks.hpp) of every packet that it forwards from or to a room.
//
// The host must have net.netfilter.nf_conntrack_tcp_loose=0 (or the middle of a TCP stream is taken
// for its beginning) and no flowtable for rooms' traffic (it would pass by every rule).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/ip.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "core/policy/desired_state.hpp"

namespace lokaal {

inline constexpr std::string_view kFilterTable = "lokaal";  // of family inet

// What TCP segments it cuts on their way from a server to a device it logs to this NFLOG group, at
// a bounded rate: the IP header and what follows, as many bytes of it. 128 is an IPv6 and a TCP
// header with all options, and some more.
inline constexpr std::uint16_t kCutLogGroup = 1913;
inline constexpr std::uint32_t kCutLogSnaplen = 128;

// A room's number and the interfaces that its devices are behind.
struct RoomPort {
  RoomId room;
  RoomNumber number = 0;
  std::vector<std::string> interfaces;

  bool operator==(const RoomPort&) const = default;
};

enum class Transport : std::uint8_t { tcp, udp };

struct GatewayPort {
  Transport transport = Transport::tcp;
  std::uint16_t port = 0;

  auto operator<=>(const GatewayPort&) const = default;
};

// A TCP port of a server that governed machines need in every mode: the broker.
struct ServerPort {
  IpAddress address;
  std::uint16_t port = 0;

  auto operator<=>(const ServerPort&) const = default;
};

// Who the machine is that keeps its own traffic.
struct MachineEnd {
  DeviceNumber device = 0;
  Cohort cohort;

  bool operator==(const MachineEnd&) const = default;
};

// Of a gateway, which judges both ends of what it forwards from and to its rooms; or, with
// `machine`, of a machine in one room, without interfaces, that judges its own end of everything.
struct FilterLayout {
  std::vector<RoomPort> rooms;
  std::uint16_t dns_port = 5354;  // where lokaald answers; rooms' port 53 is redirected to it
  // Ports of the gateway itself that a governed device may reach in every mode (the portal),
  // besides DHCP, DNS, NTP, neighbour and router discovery.
  std::vector<GatewayPort> always_open;
  // What devices of kind lab-pc reach in every mode; on a machine, what it does.
  std::vector<ServerPort> servers;
  std::optional<MachineEnd> machine;

  bool operator==(const FilterLayout&) const = default;
};

struct Applied {
  Generation generation = 0;          // of the DesiredState that the kernel has acknowledged
  std::size_t elements = 0;           // map and set elements that were added or removed
  std::chrono::microseconds took{0};  // from sending the batch to its acknowledgement
};

struct FilterFailure {
  enum class Kind : std::uint8_t {
    refused,  // the kernel said no; what it held before still holds; the next apply tries all again
    lost,     // our table is gone or was changed by someone: install again
  };
  Kind kind = Kind::refused;
  Error error;
};

// What somebody else did to our table.
struct Drift {
  std::string found;    // for the record: "room_modes: 1 missing, 1 foreign"; empty: nothing
  bool mended = false;  // only elements differed, and are as we left them; else: install again
};

// Thread-safe: all calls may come from any thread; they wait for one another (an apply holds the
// lock for microseconds, an install for milliseconds).
class PacketFilter {
 public:
  virtual ~PacketFilter() = default;

  // Puts up the whole table in one transaction. While an older one of ours is replaced, for some
  // tenths of a second, nothing passes from or to a room. Nothing but our own table is touched.
  // What was learned, and who the responders are, is kept. Names that the layout gives are checked
  // first.
  virtual Result<Applied> install(const FilterLayout& layout, const DesiredState& desired,
                                  WallTime now) = 0;

  // Makes the kernel hold `desired`: one batch with what differs from what it acknowledged last.
  // A deadline that has passed at `now` counts as ended; WallTime::max() never ends by itself.
  // Needs an install before.
  virtual tl::expected<Applied, FilterFailure> apply(const DesiredState& desired, WallTime now) = 0;

  // `address` was given to this device (0: any that is not known) in a DNS answer for a name of
  // this service. Flows of that device to it that have no class yet get this one, for `ttl` from
  // now on. A later answer for the same address replaces the earlier. The number of addresses is
  // bounded per device and in all: the ones that would end first go first.
  virtual Result<void> learn(DeviceNumber device, const IpAddress& address, ServiceNumber service,
                             std::chrono::milliseconds ttl) = 0;

  // Which device of the inventory has `address` in this room (from the neighbour table), for
  // judging flows that somebody else begins towards it. None: not known, or gone.
  virtual Result<void> set_responder(RoomNumber room, const IpAddress& address,
                                     std::optional<DeviceNumber> device) = 0;

  // Holds the whole table, elements too, against what we left. Where only elements differ they are
  // put right in one batch, and nothing else notices. (apply looks at the rules by itself when
  // anyone has changed any since.)
  virtual Result<Drift> mend(WallTime now) = 0;

  // The netlink port that element changes come from, by which a watch of the kernel's notices can
  // tell them from others'. Constant.
  virtual std::uint32_t netlink_port() const = 0;

  // Takes our table away. Rooms are then closed by the routing guard, if it stands.
  virtual Result<void> remove() = 0;
};

// In the network namespace of the calling thread, for good. Root (CAP_NET_ADMIN) is needed.
Result<std::unique_ptr<PacketFilter>> make_nftables_filter();

}  // namespace lokaal
