#include "daemon/whereabouts/whereabouts.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace lokaal {

std::map<Mac, KnownDevice> devices_by_mac(const std::map<DeviceId, Device>& devices) {
  std::map<Mac, KnownDevice> by_mac;
  for (const auto& [id, device] : devices)
    for (const Mac& mac : device.macs) by_mac[mac] = {device.number, device.cohort()};
  return by_mac;
}

Result<std::unique_ptr<Whereabouts>> Whereabouts::watch(boost::asio::any_io_executor executor,
                                                        const std::vector<RoomPort>& rooms,
                                                        const std::map<DeviceId, Device>& devices,
                                                        PacketFilter& filter) {
  std::unique_ptr<Whereabouts> made(new Whereabouts(rooms, devices, filter));
  auto links = watch_links(executor);
  if (!links) return tl::unexpected(links.error());
  made->links_ = std::move(*links);
  auto neighbours = watch_neighbours(executor);
  if (!neighbours) return tl::unexpected(neighbours.error());
  made->neighbours_ = std::move(*neighbours);

  Whereabouts* self = made.get();
  self->links_->on_change([self](const LinkChange&) {
    if (self->changed_) self->changed_(self->seen());
  });
  self->neighbours_->on_change(
      [self](const NeighbourChange& change) { self->neighbour_changed(change); });
  const auto alarm = [](const Error& error) {
    spdlog::error("the kernel's notices about links end: {}", error.text());
  };
  self->links_->on_error(alarm);
  self->neighbours_->on_error(alarm);
  for (const Neighbour& neighbour : self->neighbours_->all()) self->tell_filter(neighbour, true);
  return made;
}

Whereabouts::Whereabouts(const std::vector<RoomPort>& rooms,
                         const std::map<DeviceId, Device>& devices, PacketFilter& filter)
    : filter_(filter), rooms_(rooms), by_mac_(devices_by_mac(devices)) {}

Whereabouts::Seen Whereabouts::seen() const {
  Seen seen;
  for (const RoomPort& room : rooms_)
    for (const std::string& name : room.interfaces)
      if (const auto link = links_->find(name)) seen.interfaces[link->index] = room.room;
  auto devices = std::make_shared<NeighbourDevices>();
  for (const Neighbour& neighbour : neighbours_->all()) {
    const auto known = by_mac_.find(neighbour.mac);
    if (known != by_mac_.end()) (*devices)[{neighbour.link, neighbour.address}] = known->second;
  }
  seen.neighbours = std::move(devices);
  return seen;
}

// The kernel tells of every neighbour that it confirmed or doubts; what matters is who is where.
void Whereabouts::neighbour_changed(const NeighbourChange& change) {
  if (tell_filter(change.neighbour, change.presence != Appearance::gone) && changed_)
    changed_(seen());
}

bool Whereabouts::tell_filter(const Neighbour& neighbour, bool there) {
  const RoomPort* room = room_of(neighbour.link);
  if (!room) return false;
  const NeighbourKey key{neighbour.link, neighbour.address};
  const auto known = by_mac_.find(neighbour.mac);
  const auto told = told_.find(key);
  std::optional<DeviceNumber> device;
  if (there && known != by_mac_.end()) device = known->second.device;
  if (told == told_.end() ? !device : device == told->second) return false;
  // Not being told who is at the far end is the strict side: it is then judged as kind "other".
  if (auto done = filter_.set_responder(room->number, neighbour.address, device); !done)
    spdlog::warn("a responder is not known to the kernel: {}", done.error().text());
  if (device) {
    told_[key] = *device;
  } else {
    told_.erase(key);
  }
  return true;
}

const RoomPort* Whereabouts::room_of(InterfaceIndex link) const {
  const auto found = links_->find(link);
  if (!found) return nullptr;
  for (const RoomPort& room : rooms_)
    if (std::find(room.interfaces.begin(), room.interfaces.end(), found->name) !=
        room.interfaces.end())
      return &room;
  return nullptr;
}

}  // namespace lokaal
