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

void Whereabouts::neighbour_changed(const NeighbourChange& change) {
  // Only being confirmed or not tells nobody anything new.
  if (change.presence == Appearance::changed && by_mac_.count(change.neighbour.mac) == 0) return;
  tell_filter(change.neighbour, change.presence != Appearance::gone);
  if (changed_) changed_(seen());
}

void Whereabouts::tell_filter(const Neighbour& neighbour, bool there) {
  const RoomPort* room = room_of(neighbour.link);
  const auto known = by_mac_.find(neighbour.mac);
  if (!room || known == by_mac_.end()) return;
  const auto device =
      there ? std::optional<DeviceNumber>(known->second.device) : std::optional<DeviceNumber>();
  // Not being told who is at the far end is the strict side: it is then judged as kind "other".
  if (auto told = filter_.set_responder(room->number, neighbour.address, device); !told)
    spdlog::warn("a responder is not known to the kernel: {}", told.error().text());
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
