#include "adapters/packet_filter/learned.hpp"

#include "adapters/packet_filter/script.hpp"
#include "core/policy/marks.hpp"

namespace lokaal::packet_filter {
namespace {

std::uint32_t device_in(const Key& key) {
  return mark_from(std::span<const std::uint8_t>(key).first<4>());
}

}  // namespace

Changes Learned::plan(DeviceNumber device, const IpAddress& address, ServiceNumber service,
                      std::chrono::milliseconds ttl, SteadyTime now) const {
  const SetId set = address.family == IpFamily::v4 ? SetId::learned4 : SetId::learned6;
  const Name name{set, key_of(mark_of(device), address)};
  const Entry entry{class_chain(service), steady_as_wall(now + ttl)};
  Changes changes;
  const auto known = entries_.find(name);
  if (known != entries_.end()) {
    if (known->second.datum == entry.datum && *known->second.until >= *entry.until) return changes;
    changes.refresh.push_back({name.first, name.second, known->second});
    changes.remove.push_back({name.first, name.second, known->second});
  } else {
    evict(changes, device);
  }
  changes.insert.push_back({name.first, name.second, entry});
  return changes;
}

// Makes room for one more: of the device if it has its share, else of whichever ends first.
void Learned::evict(Changes& changes, DeviceNumber device) const {
  const auto own = by_device_.find(mark_of(device));
  const std::set<std::pair<WallTime, Name>>* from = nullptr;
  if (own != by_device_.end() && own->second.size() >= most_per_device_)
    from = &own->second;
  else if (entries_.size() >= most_)
    from = &by_end_;
  if (from == nullptr || from->empty()) return;
  const Name& name = from->begin()->second;
  const Entry& entry = entries_.at(name);
  changes.refresh.push_back({name.first, name.second, entry});
  changes.remove.push_back({name.first, name.second, entry});
}

void Learned::take(const Changes& changes) {
  for (const Change& change : changes.remove) {
    const auto known = entries_.find({change.set, change.key});
    if (known == entries_.end()) continue;
    const std::pair<WallTime, Name> end{*known->second.until, known->first};
    by_end_.erase(end);
    const auto device = by_device_.find(device_in(change.key));
    device->second.erase(end);
    if (device->second.empty()) by_device_.erase(device);
    entries_.erase(known);
  }
  for (const Change& change : changes.insert) {
    const Name name{change.set, change.key};
    entries_[name] = change.entry;
    by_end_.emplace(*change.entry.until, name);
    by_device_[device_in(change.key)].emplace(*change.entry.until, name);
  }
}

void Learned::add_to(Elements& elements, SteadyTime now, WallTime wall_now) const {
  const WallTime steady_now = steady_as_wall(now);
  for (const auto& [name, entry] : entries_)
    if (*entry.until > steady_now)
      elements.add(name.first, name.second, wall_now + (*entry.until - steady_now), entry.datum);
}

}  // namespace lokaal::packet_filter
