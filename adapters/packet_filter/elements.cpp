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

class PolicyComputation {
 public:
  PolicyComputation(const DesiredState& desired, WallTime now) : desired_(desired), now_(now) {}

  Elements compute(const FilterLayout& layout) {
    elements_.add(SetId::applied, applied_key(desired_.generation));
    add_building();
    for (const RoomPort& port : layout.rooms) {
      const auto room = desired_.rooms.find(port.room);
      if (room != desired_.rooms.end()) add_room(port.number, room->second);
    }
    return std::move(elements_);
  }

 private:
  // Where exams of one room or candidate go: until when it is closed, which services any of them
  // allows, and until when another refuses those.
  struct ExamSets {
    SetId closed;
    SetId allowed;
    SetId refused;
  };

  bool runs(WallTime until) const { return until > now_; }
  bool runs(std::optional<WallTime> until) const { return !until || runs(*until); }

  void add_building() {
    for (const ServiceNumber service : desired_.life_safety)
      if (service != kUnclassified) elements_.add(SetId::life_safety, key_of(service));
    for (const ServiceNumber service : desired_.social)
      if (service != kUnclassified) elements_.add(SetId::social, key_of(service));
    for (const Cohort cohort : desired_.social_cohorts)
      elements_.add(SetId::social_cohorts, key_of(mark_of(cohort)));
    for (const DeviceNumber device : desired_.cut)
      if (device != 0) elements_.add(SetId::cut_devices, key_of(mark_of(device)));
    add_overlay(SetId::phone_free, desired_.phone_free);
    add_overlay(SetId::social_free, desired_.social_free);
    for (const auto& [device, exams] : desired_.candidates) {
      if (device == 0) continue;
      const auto key = [device = device](ServiceNumber service) {
        return key_of(mark_of(device, service));
      };
      add_exams({SetId::candidates, SetId::candidate_allowed, SetId::candidate_refused}, exams,
                key_of(mark_of(device)), key);
    }
    add_exemptions(SetId::exam_exempt, desired_.exam_exempt);
    add_exemptions(SetId::phone_exempt, desired_.phone_exempt);
    add_exemptions(SetId::social_exempt, desired_.social_exempt);
  }

  void add_overlay(SetId set, const std::optional<DesiredOverlay>& overlay) {
    if (!overlay || !runs(overlay->until)) return;
    for (const Cohort cohort : overlay->cohorts)
      elements_.add(set, key_of(mark_of(cohort)), deadline_of(overlay->until));
  }

  void add_exemptions(SetId set, const std::vector<DesiredExemption>& exemptions) {
    for (const DesiredExemption& exemption : exemptions)
      if (exemption.device != 0 && runs(exemption.until))
        elements_.add(set, key_of(mark_of(exemption.device, exemption.service)),
                      deadline_of(exemption.until));
  }

  // What an exam allows passes from the moment on at which no other one is left that does not.
  template <class KeyOfService>
  void add_exams(const ExamSets& sets, const std::vector<DesiredExam>& exams, const Key& closed,
                 const KeyOfService& key) {
    const auto latest = last_end(exams, now_);
    if (!latest) return;
    elements_.add(sets.closed, closed, deadline_of(*latest));
    for (const DesiredExam& exam : exams) {
      if (!runs(exam.until)) continue;
      for (const ServiceNumber service : exam.allowed) {
        const auto refused = last_refusal(exams, service);
        if (service == kUnclassified || refused == latest) continue;
        elements_.add(sets.allowed, key(service));
        if (refused) elements_.add(sets.refused, key(service), deadline_of(*refused));
      }
    }
  }

  std::optional<WallTime> last_refusal(const std::vector<DesiredExam>& exams,
                                       ServiceNumber service) const {
    std::optional<WallTime> last;
    for (const DesiredExam& exam : exams)
      if (runs(exam.until) && !exam.allowed.contains(service) && (!last || *last < exam.until))
        last = exam.until;
    return last;
  }

  void add_room(RoomNumber number, const DesiredRoom& room) {
    // An exam is an overlay. Were it ever a base mode, the room has none, and is closed.
    if (room.mode != Mode::exam)
      elements_.add(SetId::room_modes, key_of(room_mode_mark(number, room.mode)));
    if (room.open_until && runs(*room.open_until))
      elements_.add(SetId::opened, key_of(number), room.open_until);
    if (desired_.emergency_until && runs(*desired_.emergency_until))
      elements_.add(SetId::emergency, key_of(number), desired_.emergency_until);
    add_exams({SetId::exams, SetId::exam_allowed, SetId::exam_refused}, room.exams, key_of(number),
              [number](ServiceNumber service) { return key_of(number, service); });
    for (const DesiredGrant& grant : room.grants) {
      if (grant.service == kUnclassified || !runs(grant.until)) continue;
      const Key key = key_of(number, mark_of(grant.device, grant.service));
      elements_.add(SetId::grants, key, deadline_of(grant.until));
      if (grant.for_phones) elements_.add(SetId::phone_grants, key, deadline_of(grant.until));
    }
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

  const DesiredState& desired_;
  WallTime now_;
  Elements elements_;
};

}  // namespace

std::optional<WallTime> deadline_of(std::optional<WallTime> until) {
  return until == WallTime::max() ? std::nullopt : until;
}

std::optional<WallTime> last_end(const std::vector<DesiredExam>& exams, WallTime now) {
  std::optional<WallTime> last;
  for (const DesiredExam& exam : exams)
    if (exam.until > now && (!last || *last < exam.until)) last = exam.until;
  return last;
}

std::uint32_t mark_from(std::span<const std::uint8_t, 4> raw) {
  std::uint32_t mark = 0;
  std::memcpy(&mark, raw.data(), sizeof mark);
  return mark;
}

std::uint32_t room_mode_mark(RoomNumber room, Mode mode) {
  return static_cast<std::uint32_t>(room) << 8 | static_cast<std::uint32_t>(mode);
}

Key applied_key(Generation generation) {
  return key_of(static_cast<std::uint32_t>(generation));
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

Elements compute_policy(const FilterLayout& layout, const DesiredState& desired, WallTime now) {
  return PolicyComputation(desired, now).compute(layout);
}

Elements compute_elements(const FilterLayout& layout, const DesiredState& desired,
                          const Peers& peers, WallTime now) {
  Elements elements = compute_policy(layout, desired, now);
  elements.merge(compute_inventory(desired));
  elements.merge(compute_peers(layout, desired, peers, now));
  return elements;
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
