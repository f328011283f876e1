#include "adapters/packet_filter/elements.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <set>
#include <utility>

#include "core/policy/marks.hpp"

namespace lokaal::packet_filter {
namespace {

void append(Key& key, std::uint32_t mark) {
  std::array<std::uint8_t, sizeof mark> raw{};
  std::memcpy(raw.data(), &mark, sizeof mark);
  key.insert(key.end(), raw.begin(), raw.end());
}

// Later of two deadlines, where none is never.
std::optional<WallTime> later(std::optional<WallTime> a, std::optional<WallTime> b) {
  if (!a || !b) return std::nullopt;
  return std::max(*a, *b);
}

SetId of_family(const IpAddress& address, SetId v4, SetId v6) {
  return address.family == IpFamily::v4 ? v4 : v6;
}

class Computation {
 public:
  Computation(const FilterLayout& layout, const DesiredState& desired, WallTime now)
      : layout_(layout), desired_(desired), now_(now) {}

  // For one address alone.
  void compute_peer(Elements& elements, const Peer& peer, DeviceNumber device) {
    for (const Device& known : desired_.devices)
      if (known.number == device && device != 0) cohorts_.emplace(device, known.cohort());
    find_rooms();
    std::swap(elements, elements_);
    add_peer(peer, device);
    std::swap(elements, elements_);
  }

  Elements compute_policy() {
    add_building();
    for (const RoomPort& port : layout_.rooms) {
      const auto room = desired_.rooms.find(port.room);
      if (room != desired_.rooms.end()) add_room(port.number, room->second);
    }
    return std::move(elements_);
  }

  Elements compute_peers(const Peers& peers) {
    for (const Device& device : desired_.devices)
      if (device.number != 0) cohorts_.emplace(device.number, device.cohort());
    find_rooms();
    for (const auto& [peer, device] : peers) add_peer(peer, device);
    return std::move(elements_);
  }

 private:
  bool runs(WallTime until) const { return until > now_; }
  bool runs(std::optional<WallTime> until) const { return !until || runs(*until); }
  static std::optional<WallTime> deadline(std::optional<WallTime> until) {
    return until == WallTime::max() ? std::nullopt : until;
  }

  void find_rooms() {
    for (const RoomPort& port : layout_.rooms) {
      const auto room = desired_.rooms.find(port.room);
      if (room != desired_.rooms.end()) rooms_.emplace(port.number, &room->second);
    }
  }

  void add_building() {
    for (const ServiceNumber service : desired_.social)
      if (service != kUnclassified) elements_.add(SetId::social, key_of(service));
    for (const Cohort cohort : desired_.social_cohorts)
      elements_.add(SetId::social_cohorts, key_of(mark_of(cohort)));
    for (const DeviceNumber device : desired_.cut)
      if (device != 0) elements_.add(SetId::cut_devices, key_of(mark_of(device)));
    add_overlay(SetId::phone_free, desired_.phone_free);
    add_overlay(SetId::social_free, desired_.social_free);
    for (const auto& [device, exam] : desired_.candidates) {
      if (device == 0 || !runs(exam.until)) continue;
      elements_.add(SetId::candidates, key_of(mark_of(device)), deadline(exam.until));
      for (const ServiceNumber service : exam.allowed)
        if (service != kUnclassified)
          elements_.add(SetId::candidate_allowed, key_of(mark_of(device, service)));
    }
  }

  void add_overlay(SetId set, const std::optional<DesiredOverlay>& overlay) {
    if (!overlay || !runs(overlay->until)) return;
    for (const Cohort cohort : overlay->cohorts)
      elements_.add(set, key_of(mark_of(cohort)), deadline(overlay->until));
  }

  void add_room(RoomNumber number, const DesiredRoom& room) {
    // An exam is an overlay. Were it ever a base mode, the room has none, and is closed.
    if (room.mode != Mode::exam)
      elements_.add(SetId::room_modes, key_of(room_mode_mark(number, room.mode)));
    if (room.exam && runs(room.exam->until)) {
      elements_.add(SetId::exams, key_of(number), deadline(room.exam->until));
      for (const ServiceNumber service : room.exam->allowed)
        if (service != kUnclassified) elements_.add(SetId::exam_allowed, key_of(number, service));
    }
    for (const DesiredGrant& grant : room.grants)
      if (grant.service != kUnclassified && runs(grant.until))
        elements_.add(SetId::grants, key_of(number, mark_of(grant.device, grant.service)),
                      deadline(grant.until));
    add_numbers(SetId::usable_devices, number, room.usable_devices);
    add_numbers(SetId::unusable_devices, number, room.unusable_devices);
    for (const Cohort cohort : room.usable_away)
      elements_.add(SetId::usable_away, key_of(number, mark_of(cohort)));
    for (const Cohort cohort : room.unusable_lesson)
      elements_.add(SetId::unusable_lesson, key_of(number, mark_of(cohort)));
  }

  void add_numbers(SetId set, RoomNumber room, const std::set<DeviceNumber>& devices) {
    for (const DeviceNumber device : devices)
      if (device != 0) elements_.add(set, key_of(room, mark_of(device)));
  }

  void add_peer(const Peer& peer, DeviceNumber device) {
    const auto cohort_found = cohorts_.find(device);
    const Cohort cohort = cohort_found == cohorts_.end() ? Cohort{} : cohort_found->second;
    const Key key = key_of(peer.room, peer.address);
    const auto add = [&](SetId v4, SetId v6, std::optional<WallTime> until = std::nullopt) {
      elements_.add(of_family(peer.address, v4, v6), key, until);
    };
    if (cohort.kind == Kind::infrastructure) {
      add(SetId::peer_spared4, SetId::peer_spared6);
      return;
    }
    add(SetId::peer_known4, SetId::peer_known6);
    if (desired_.cut.contains(device)) add(SetId::peer_closed4, SetId::peer_closed6);
    const auto exam = desired_.candidates.find(device);
    if (exam != desired_.candidates.end() && runs(exam->second.until))
      add(SetId::peer_closed4, SetId::peer_closed6, deadline(exam->second.until));
    if (desired_.phone_free && runs(desired_.phone_free->until) &&
        desired_.phone_free->cohorts.contains(cohort))
      add(SetId::peer_closed4, SetId::peer_closed6, deadline(desired_.phone_free->until));

    const auto room_found = rooms_.find(peer.room);
    if (room_found == rooms_.end()) return;
    const DesiredRoom& room = *room_found->second;
    const bool forbidden = room.unusable_devices.contains(device);
    const bool allowed = room.usable_devices.contains(device);
    if (!forbidden && (allowed || room.usable_away.contains(cohort)))
      add(SetId::peer_usable_away4, SetId::peer_usable_away6);
    if (forbidden || (!allowed && room.unusable_lesson.contains(cohort)))
      add(SetId::peer_unusable_lesson4, SetId::peer_unusable_lesson6);
  }

  const FilterLayout& layout_;
  const DesiredState& desired_;
  WallTime now_;
  std::map<DeviceNumber, Cohort> cohorts_;
  std::map<RoomNumber, const DesiredRoom*> rooms_;
  Elements elements_;
};

}  // namespace

std::uint32_t mark_from(std::span<const std::uint8_t, 4> raw) {
  std::uint32_t mark = 0;
  std::memcpy(&mark, raw.data(), sizeof mark);
  return mark;
}

std::uint32_t room_mode_mark(RoomNumber room, Mode mode) {
  return static_cast<std::uint32_t>(room) << 8 | static_cast<std::uint32_t>(mode);
}

Key key_of(std::uint32_t mark) {
  Key key;
  append(key, mark);
  return key;
}

Key key_of(std::uint32_t first, std::uint32_t second) {
  Key key;
  append(key, first);
  append(key, second);
  return key;
}

Key key_of(std::uint32_t mark, const IpAddress& address) {
  Key key;
  append(key, mark);
  const ByteView raw = address.raw();
  key.insert(key.end(), raw.begin(), raw.end());
  return key;
}

Key key_of(const Mac& mac) {
  return {mac.bytes.begin(), mac.bytes.end()};
}

Key key_of(const Mac& mac, std::uint32_t mark) {
  Key key = key_of(mac);
  key.resize(8);  // 48 bits fill two words
  append(key, mark);
  return key;
}

void Elements::add(SetId set, Key key, std::optional<WallTime> until, Datum datum) {
  const auto [entry, added] =
      sets_[index_of(set)].emplace(std::move(key), Entry{std::move(datum), until});
  if (!added) entry->second.until = later(entry->second.until, until);
}

void Elements::merge(const Elements& other) {
  for (const SetSpec& set : kSets)
    for (const auto& [key, entry] : other.of(set.id)) add(set.id, key, entry.until, entry.datum);
}

Elements compute_inventory(const DesiredState& desired) {
  std::map<Mac, std::uint32_t> identities;
  for (const Device& device : desired.devices) {
    const std::uint32_t identity = mark_of(device.number) | mark_of(device.cohort());
    for (const Mac& mac : device.macs) {
      const auto [known, added] = identities.emplace(mac, identity);
      // A MAC that two devices claim is not spared because one of them would be.
      if (!added && (known->second & kKindMask) == mark_of(Cohort{Kind::infrastructure, false}))
        known->second = identity;
    }
  }
  Elements elements;
  for (const auto& [mac, identity] : identities) {
    elements.add(SetId::devices, key_of(mac), std::nullopt, identity);
    elements.add(SetId::identities, key_of(mac, identity));
  }
  return elements;
}

Elements compute_peers(const FilterLayout& layout, const DesiredState& desired, const Peers& peers,
                       WallTime now) {
  return Computation(layout, desired, now).compute_peers(peers);
}

Elements compute_policy(const FilterLayout& layout, const DesiredState& desired, WallTime now) {
  return Computation(layout, desired, now).compute_policy();
}

Elements compute_elements(const FilterLayout& layout, const DesiredState& desired,
                          const Peers& peers, WallTime now) {
  Elements elements = compute_policy(layout, desired, now);
  elements.merge(compute_inventory(desired));
  elements.merge(compute_peers(layout, desired, peers, now));
  return elements;
}

bool same_for_peers(const DesiredState& one, const DesiredState& other) {
  const auto same_room = [](const auto& a, const auto& b) {
    return a.first == b.first && a.second.usable_away == b.second.usable_away &&
           a.second.unusable_lesson == b.second.unusable_lesson &&
           a.second.usable_devices == b.second.usable_devices &&
           a.second.unusable_devices == b.second.unusable_devices;
  };
  return one.cut == other.cut && one.candidates == other.candidates &&
         one.phone_free == other.phone_free &&
         std::equal(one.rooms.begin(), one.rooms.end(), other.rooms.begin(), other.rooms.end(),
                    same_room);
}

std::optional<WallTime> first_deadline_of_peers(const DesiredState& desired, WallTime now) {
  std::optional<WallTime> first;
  const auto consider = [&](WallTime until) {
    if (until > now && (!first || until < *first)) first = until;
  };
  for (const auto& [device, exam] : desired.candidates) consider(exam.until);
  if (desired.phone_free && desired.phone_free->until) consider(*desired.phone_free->until);
  return first;
}

void add_peer_elements(Elements& elements, const FilterLayout& layout, const DesiredState& desired,
                       const Peer& peer, DeviceNumber device, WallTime now) {
  Computation(layout, desired, now).compute_peer(elements, peer, device);
}

Elements Elements::of_peer(const Peer& peer) const {
  const Key key = key_of(peer.room, peer.address);
  Elements part;
  for (const SetSpec& set : kSets) {
    if (!is_peer_set(set.id)) continue;
    const auto found = of(set.id).find(key);
    if (found != of(set.id).end()) part.add(set.id, key, found->second.until, found->second.datum);
  }
  return part;
}

void Elements::replace_peer(const Peer& peer, const Elements& with) {
  const Key key = key_of(peer.room, peer.address);
  for (const SetSpec& set : kSets) {
    if (!is_peer_set(set.id)) continue;
    sets_[index_of(set.id)].erase(key);
    const auto found = with.of(set.id).find(key);
    if (found != with.of(set.id).end()) sets_[index_of(set.id)].insert(*found);
  }
}

Changes changes_between(const Elements& before, const Elements& after) {
  Changes changes;
  for (const SetSpec& set : kSets) {
    const auto& old_entries = before.of(set.id);
    const auto& new_entries = after.of(set.id);
    for (const auto& [key, entry] : old_entries) {
      const auto kept = new_entries.find(key);
      if (kept != new_entries.end() && kept->second == entry) continue;
      if (entry.until) changes.refresh.push_back({set.id, key, entry});
      changes.remove.push_back({set.id, key, entry});
    }
    for (const auto& [key, entry] : new_entries) {
      const auto known = old_entries.find(key);
      if (known != old_entries.end() && known->second == entry) continue;
      changes.insert.push_back({set.id, key, entry});
    }
  }
  return changes;
}

void append(Changes& changes, Changes more) {
  const auto move = [](std::vector<Change>& to, std::vector<Change>& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  };
  move(changes.refresh, more.refresh);
  move(changes.remove, more.remove);
  move(changes.insert, more.insert);
}

}  // namespace lokaal::packet_filter
