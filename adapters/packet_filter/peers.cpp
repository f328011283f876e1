// What is to be known of the far end of a flow, by its address.
#include <algorithm>
#include <utility>

#include "adapters/packet_filter/elements.hpp"

namespace lokaal::packet_filter {
namespace {

SetId of_family(const IpAddress& address, SetId v4, SetId v6) {
  return address.family == IpFamily::v4 ? v4 : v6;
}

using Ends = std::map<DeviceNumber, WallTime>;

class PeerComputation {
 public:
  PeerComputation(const FilterLayout& layout, const DesiredState& desired, WallTime now)
      : desired_(desired), now_(now) {
    for (const RoomPort& port : layout.rooms) {
      const auto room = desired.rooms.find(port.room);
      if (room != desired.rooms.end()) rooms_.emplace(port.number, &room->second);
    }
    note_exemptions(desired.exam_exempt, exam_exempt_);
    note_exemptions(desired.phone_exempt, phone_exempt_);
  }

  Elements compute(const Peers& peers) {
    for (const Device& device : desired_.devices)
      if (device.number != 0) cohorts_.emplace(device.number, device.cohort());
    for (const auto& [peer, device] : peers) add(peer, device);
    return std::move(elements_);
  }

  Elements compute(const Peer& peer, DeviceNumber device) {
    for (const Device& known : desired_.devices)
      if (known.number == device && device != 0) cohorts_.emplace(device, known.cohort());
    add(peer, device);
    return std::move(elements_);
  }

 private:
  bool runs(std::optional<WallTime> until) const { return !until || *until > now_; }

  void note_exemptions(const std::vector<DesiredExemption>& exemptions, Ends& ends) const {
    for (const DesiredExemption& exemption : exemptions) {
      if (exemption.device == 0 || !runs(exemption.until)) continue;
      WallTime& end = ends[exemption.device];
      end = std::max(end, exemption.until);
    }
  }

  void add(const Peer& peer, DeviceNumber device) {
    const auto found = cohorts_.find(device);
    const Cohort cohort = found == cohorts_.end() ? Cohort{} : found->second;
    if (cohort.kind == Kind::infrastructure) {
      put(peer, SetId::peer_spared4, SetId::peer_spared6);
      return;
    }
    put(peer, SetId::peer_known4, SetId::peer_known6);
    add_layers(peer, device, cohort);
    const auto room = rooms_.find(peer.room);
    if (room != rooms_.end()) add_usability(peer, device, cohort, *room->second);
  }

  // What closes it, and what spares it from that, each with its own end.
  void add_layers(const Peer& peer, DeviceNumber device, Cohort cohort) {
    if (desired_.cut.contains(device)) put(peer, SetId::peer_cut4, SetId::peer_cut6);
    const auto exams = desired_.candidates.find(device);
    if (exams != desired_.candidates.end())
      if (const auto end = last_end(exams->second, now_))
        put(peer, SetId::peer_candidate4, SetId::peer_candidate6, deadline_of(end));
    if (const auto exempt = exam_exempt_.find(device); exempt != exam_exempt_.end())
      put(peer, SetId::peer_exam_exempt4, SetId::peer_exam_exempt6, deadline_of(exempt->second));
    const auto& overlay = desired_.phone_free;
    if (overlay && runs(overlay->until) && overlay->cohorts.contains(cohort))
      put(peer, SetId::peer_phone4, SetId::peer_phone6, deadline_of(overlay->until));
    if (const auto exempt = phone_exempt_.find(device); exempt != phone_exempt_.end())
      put(peer, SetId::peer_phone_exempt4, SetId::peer_phone_exempt6, deadline_of(exempt->second));
  }

  void add_usability(const Peer& peer, DeviceNumber device, Cohort cohort,
                     const DesiredRoom& room) {
    const bool forbidden = room.unusable_devices.contains(device);
    const bool allowed = room.usable_devices.contains(device);
    if (!forbidden && (allowed || room.usable_away.contains(cohort)))
      put(peer, SetId::peer_usable_away4, SetId::peer_usable_away6);
    if (forbidden || (!allowed && room.unusable_lesson.contains(cohort)))
      put(peer, SetId::peer_unusable_lesson4, SetId::peer_unusable_lesson6);
  }

  void put(const Peer& peer, SetId v4, SetId v6, std::optional<WallTime> until = std::nullopt) {
    elements_.add(of_family(peer.address, v4, v6), key_of(peer.room, peer.address), until);
  }

  const DesiredState& desired_;
  WallTime now_;
  std::map<DeviceNumber, Cohort> cohorts_;
  std::map<RoomNumber, const DesiredRoom*> rooms_;
  Ends exam_exempt_;
  Ends phone_exempt_;
  Elements elements_;
};

}  // namespace

Elements compute_peers(const FilterLayout& layout, const DesiredState& desired, const Peers& peers,
                       WallTime now) {
  return PeerComputation(layout, desired, now).compute(peers);
}

Elements compute_peer(const FilterLayout& layout, const DesiredState& desired, const Peer& peer,
                      DeviceNumber device, WallTime now) {
  return PeerComputation(layout, desired, now).compute(peer, device);
}

bool same_for_peers(const DesiredState& one, const DesiredState& other) {
  const auto same_room = [](const auto& a, const auto& b) {
    return a.first == b.first && a.second.usable_away == b.second.usable_away &&
           a.second.unusable_lesson == b.second.unusable_lesson &&
           a.second.usable_devices == b.second.usable_devices &&
           a.second.unusable_devices == b.second.unusable_devices;
  };
  return one.cut == other.cut && one.candidates == other.candidates &&
         one.phone_free == other.phone_free && one.exam_exempt == other.exam_exempt &&
         one.phone_exempt == other.phone_exempt &&
         std::equal(one.rooms.begin(), one.rooms.end(), other.rooms.begin(), other.rooms.end(),
                    same_room);
}

std::optional<WallTime> first_deadline_of_peers(const DesiredState& desired, WallTime now) {
  std::optional<WallTime> first;
  const auto consider = [&](WallTime until) {
    if (until > now && (!first || until < *first)) first = until;
  };
  for (const auto& [device, exams] : desired.candidates)
    for (const DesiredExam& exam : exams) consider(exam.until);
  for (const auto* exemptions : {&desired.exam_exempt, &desired.phone_exempt})
    for (const DesiredExemption& exemption : *exemptions) consider(exemption.until);
  if (desired.phone_free && desired.phone_free->until) consider(*desired.phone_free->until);
  return first;
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

}  // namespace lokaal::packet_filter
