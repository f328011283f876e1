// Who is where: address, MAC and interface, from the kernel's neighbour tables (ARP and ND).
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/links/link_watch.hpp"
#include "core/base/ip.hpp"
#include "core/base/result.hpp"
#include "core/devices/device.hpp"

namespace lokaal {

struct Neighbour {
  IpAddress address;
  Mac mac;
  std::uint32_t link = 0;  // interface index: link-local addresses are unique per link only
  std::string interface;   // its name when the kernel told; empty if it is gone already
  // Whether the kernel counts on it now. A device that was silent for a while is there, unconfirmed
  // (NUD_STALE); one that did not answer when asked (NUD_FAILED) is gone.
  bool confirmed = false;

  auto operator<=>(const Neighbour&) const = default;
};

struct NeighbourChange {
  Appearance presence = Appearance::appeared;
  Neighbour neighbour;  // gone: as it was last

  bool operator==(const NeighbourChange&) const = default;
};

// Threads and namespace: as LinkWatch.
class NeighbourWatch {
 public:
  using ChangeHandler = std::function<void(const NeighbourChange&)>;
  using ErrorHandler = std::function<void(const Error&)>;

  virtual ~NeighbourWatch() = default;

  virtual std::vector<Neighbour> all() const = 0;
  // Several where a link-local address is known on several links.
  virtual std::vector<Neighbour> at(const IpAddress& address) const = 0;
  virtual std::vector<Neighbour> of(const Mac& mac) const = 0;

  // One handler each. What is known already is not announced: see all().
  virtual void on_change(ChangeHandler handler) = 0;
  virtual void on_error(ErrorHandler handler) = 0;
};

// By rtnetlink. Has read both tables when it returns. Notices that the kernel had to drop (a burst
// longer than the receive buffer, in bytes) are made good by reading the tables again.
Result<std::unique_ptr<NeighbourWatch>> watch_neighbours(
    const boost::asio::any_io_executor& executor, int receive_buffer = 4 * 1024 * 1024);

}  // namespace lokaal
