#include "daemon/control/whom.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/base/nearest.hpp"

namespace lokaal {
namespace {

const Device* with_mac(const State& state, const Mac& mac) {
  for (const auto& [id, device] : state.devices)
    if (std::find(device.macs.begin(), device.macs.end(), mac) != device.macs.end()) return &device;
  return nullptr;
}

const Device* with_number(const State& state, DeviceNumber number) {
  for (const auto& [id, device] : state.devices)
    if (device.number == number) return &device;
  return nullptr;
}

// Rooms where the kernel sees a neighbour now.
template <class Fits>
std::set<RoomId> rooms_of(const DnsSnapshot* dns, Fits fits) {
  std::set<RoomId> rooms;
  if (!dns || !dns->neighbours) return rooms;
  for (const auto& [key, device] : *dns->neighbours) {
    const auto room = dns->interfaces.find(key.interface);
    if (room != dns->interfaces.end() && fits(key, device)) rooms.insert(room->second);
  }
  return rooms;
}

std::set<RoomId> rooms_with_prefix(const Configuration& configuration, const IpAddress& address) {
  std::set<RoomId> rooms;
  for (const RoomConfiguration& room : configuration.rooms)
    for (const IpPrefix& prefix : room.prefixes)
      if (prefix.contains(address)) rooms.insert(room.name);
  return rooms;
}

const Device* with_address(const ControlView& view, const IpAddress& address) {
  if (!view.dns || !view.dns->neighbours) return nullptr;
  for (const auto& [key, known] : *view.dns->neighbours)
    if (key.address == address) return with_number(view.state, known.device);
  return nullptr;
}

Result<RoomId> only(const std::set<RoomId>& rooms, const std::string& text) {
  const std::string mend = "name the room that is meant: --room ROOM";
  if (rooms.size() == 1) return *rooms.begin();
  if (rooms.empty())
    return failure(fmt::format("{} belongs to no room and is attached in none now", text), mend);
  return failure(fmt::format("{} is attached in more than one room", text), mend);
}

Result<RoomId> named_room(const State& state, const RoomId& room) {
  if (state.rooms.count(room) > 0) return room;
  std::vector<std::string> known;
  for (const auto& [id, each] : state.rooms) known.push_back(id.str());
  return failure(fmt::format("this gateway has no room \"{}\"", room.str()),
                 mend_by_nearest(room.str(), known));
}

}  // namespace

Result<Endpoint> find_endpoint(const ControlView& view, const std::string& text,
                               const std::optional<RoomId>& room) {
  Endpoint out;
  std::set<RoomId> attached;
  if (const auto address = IpAddress::parse(text)) {
    out.device = with_address(view, *address);
    attached =
        rooms_of(view.dns, [&](const auto& key, const auto&) { return key.address == *address; });
    if (attached.empty()) attached = rooms_with_prefix(view.site.configuration, *address);
  } else if (const auto mac = Mac::parse(text)) {
    out.device = with_mac(view.state, *mac);
  } else {
    const auto found = view.state.devices.find(DeviceId(text));
    if (found == view.state.devices.end())
      return failure(fmt::format("the inventory has no device \"{}\"", text),
                     "name it by its id there, or by its MAC or IP address");
    out.device = &found->second;
  }
  if (room || (out.device && out.device->room && attached.empty())) {
    auto named = named_room(view.state, room ? *room : *out.device->room);
    if (!named) return tl::unexpected(named.error());
    out.room = std::move(*named);
    return out;
  }
  if (attached.empty() && out.device)
    attached = rooms_of(view.dns, [&](const auto&, const KnownDevice& known) {
      return known.device == out.device->number;
    });
  auto here = only(attached, text);
  if (!here) return tl::unexpected(here.error());
  out.room = std::move(*here);
  return out;
}

}  // namespace lokaal
