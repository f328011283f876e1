// Which interface is which room, and which address is which device: kept up to date from the
// kernel, and handed to the packet filter and the DNS server.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "adapters/links/link_watch.hpp"
#include "adapters/links/neighbour_watch.hpp"
#include "adapters/packet_filter/packet_filter.hpp"
#include "core/base/result.hpp"
#include "core/devices/device.hpp"
#include "daemon/dns_server/snapshot.hpp"

namespace lokaal {

// The inventory, by what the kernel sees of a device.
std::map<Mac, KnownDevice> devices_by_mac(const std::map<DeviceId, Device>& devices);

// One thread, that of the executor.
class Whereabouts {
 public:
  struct Seen {
    std::map<InterfaceIndex, RoomId> interfaces;
    std::shared_ptr<const NeighbourDevices> neighbours;
  };
  using Changed = std::function<void(const Seen&)>;

  // Reads what the kernel knows now, and goes on. The filter must outlive it.
  static Result<std::unique_ptr<Whereabouts>> watch(boost::asio::any_io_executor executor,
                                                    const std::vector<RoomPort>& rooms,
                                                    const std::map<DeviceId, Device>& devices,
                                                    PacketFilter& filter);

  Seen seen() const;
  // Told from now on, on the executor.
  void on_change(Changed changed) { changed_ = std::move(changed); }

 private:
  Whereabouts(const std::vector<RoomPort>& rooms, const std::map<DeviceId, Device>& devices,
              PacketFilter& filter);

  void neighbour_changed(const NeighbourChange& change);
  // Whether that was news.
  bool tell_filter(const Neighbour& neighbour, bool there);
  const RoomPort* room_of(InterfaceIndex link) const;

  PacketFilter& filter_;
  std::vector<RoomPort> rooms_;
  std::map<Mac, KnownDevice> by_mac_;
  std::map<NeighbourKey, DeviceNumber> told_;  // what the filter holds
  std::unique_ptr<LinkWatch> links_;
  std::unique_ptr<NeighbourWatch> neighbours_;
  Changed changed_;
};

}  // namespace lokaal
