// Which addresses were answered to which device for which service, as long as it counts. Pure.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <set>
#include <utility>

#include "adapters/packet_filter/elements.hpp"

namespace lokaal::packet_filter {

class Learned {
 public:
  static constexpr std::size_t kMost = 65536;
  static constexpr std::size_t kMostPerDevice = 1024;

  explicit Learned(std::size_t most = kMost, std::size_t most_per_device = kMostPerDevice)
      : most_(most), most_per_device_(most_per_device) {}

  // What the kernel has to change for this; nothing if it is known already for as long. Elements'
  // deadlines are steady time since boot, as if it were wall time: `steady_as_wall`.
  Changes plan(DeviceNumber device, const IpAddress& address, ServiceNumber service,
               std::chrono::milliseconds ttl, SteadyTime now) const;
  // The kernel has taken what plan() said.
  void take(const Changes& changes);

  // Adds what still counts, as elements whose deadlines are wall time.
  void add_to(Elements& elements, SteadyTime now, WallTime wall_now) const;

  std::size_t size() const { return entries_.size(); }

  static WallTime steady_as_wall(SteadyTime time) { return WallTime(time.time_since_epoch()); }

 private:
  using Name = std::pair<SetId, Key>;

  void evict(Changes& changes, DeviceNumber device) const;

  std::size_t most_;
  std::size_t most_per_device_;
  std::map<Name, Entry> entries_;
  std::set<std::pair<WallTime, Name>> by_end_;
  std::map<std::uint32_t, std::set<std::pair<WallTime, Name>>> by_device_;
};

}  // namespace lokaal::packet_filter
