// The sets and maps of the table `inet lokaal` that change while it stands: names, key and data.
// The rules that look them up are in rules.cpp, verdict_rules.cpp and machine_rules.cpp; what they
// hold is computed in elements.cpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "adapters/packet_filter/packet_filter.hpp"

namespace lokaal::packet_filter {

inline constexpr std::string_view kTable = kFilterTable;

// A part of a key. A room, device, cohort, class or mode is a `mark`: 32 bits in host order.
enum class Part : std::uint8_t { none, mark, mac, ipv4, ipv6 };
enum class Data : std::uint8_t { none, mark, jump };

enum class SetId : std::uint8_t {
  applied,            // low 32 bits of the generation that all the rest is of: one element
  devices,            // MAC -> identity (device and cohort as in the ct mark)
  identities,         // MAC . identity: what a flow's mark must say
  room_modes,         // room << 8 | mode: one element a room, and the whole of a mode flip
  opened,             // room, until its mode in room_modes holds
  emergency,          // room, until all but exams and cuts hold again
  exams,              // room, until the exam ends
  exam_allowed,       // room . class, of any of the room's exams
  exam_refused,       // room . class, until the last exam that refuses it ends before another
  candidates,         // device, until its last exam ends
  candidate_allowed,  // device | class
  candidate_refused,  // device | class, as exam_refused
  exam_exempt,        // device, spared from exams
  cut_devices,        // device
  phone_free,         // cohort
  phone_exempt,       // device, spared from phone-free
  social_free,        // cohort
  life_safety,        // class
  social,             // class
  social_cohorts,     // cohort
  social_exempt,      // device | class; class 0: all social services
  grants,             // room . device | class; device 0: everyone in the room
  phone_grants,       // as grants: those that hold during phone-free, too
  usable_devices,     // room . device
  unusable_devices,   // room . device
  usable_away,        // room . cohort
  unusable_lesson,    // room . cohort
  peer_known4,        // room . address, and below: what is to be known of a flow's far end
  peer_known6,
  peer_spared4,  // infrastructure
  peer_spared6,
  peer_cut4,
  peer_cut6,
  peer_candidate4,
  peer_candidate6,
  peer_exam_exempt4,
  peer_exam_exempt6,
  peer_phone4,  // phone-free is for it
  peer_phone6,
  peer_phone_exempt4,
  peer_phone_exempt6,
  peer_usable_away4,
  peer_usable_away6,
  peer_unusable_lesson4,
  peer_unusable_lesson6,
  learned4,  // device . address -> class
  learned6,
};

struct SetSpec {
  SetId id;
  std::string_view name;
  std::array<Part, 2> key;
  Data data = Data::none;
  bool timeout = false;  // elements may end by themselves
};

inline constexpr std::array kSets = {
    SetSpec{SetId::applied, "applied", {Part::mark}},
    SetSpec{SetId::devices, "device_marks", {Part::mac}, Data::mark},
    SetSpec{SetId::identities, "identities", {Part::mac, Part::mark}},
    SetSpec{SetId::room_modes, "room_modes", {Part::mark}},
    SetSpec{SetId::opened, "opened", {Part::mark}, Data::none, true},
    SetSpec{SetId::emergency, "emergency", {Part::mark}, Data::none, true},
    SetSpec{SetId::exams, "exams", {Part::mark}, Data::none, true},
    SetSpec{SetId::exam_allowed, "exam_allowed", {Part::mark, Part::mark}},
    SetSpec{SetId::exam_refused, "exam_refused", {Part::mark, Part::mark}, Data::none, true},
    SetSpec{SetId::candidates, "candidates", {Part::mark}, Data::none, true},
    SetSpec{SetId::candidate_allowed, "candidate_allowed", {Part::mark}},
    SetSpec{SetId::candidate_refused, "candidate_refused", {Part::mark}, Data::none, true},
    SetSpec{SetId::exam_exempt, "exam_exempt", {Part::mark}, Data::none, true},
    SetSpec{SetId::cut_devices, "cut_devices", {Part::mark}},
    SetSpec{SetId::phone_free, "phone_free", {Part::mark}, Data::none, true},
    SetSpec{SetId::phone_exempt, "phone_exempt", {Part::mark}, Data::none, true},
    SetSpec{SetId::social_free, "social_free", {Part::mark}, Data::none, true},
    SetSpec{SetId::life_safety, "life_safety", {Part::mark}},
    SetSpec{SetId::social, "social", {Part::mark}},
    SetSpec{SetId::social_cohorts, "social_cohorts", {Part::mark}},
    SetSpec{SetId::social_exempt, "social_exempt", {Part::mark}, Data::none, true},
    SetSpec{SetId::grants, "grants", {Part::mark, Part::mark}, Data::none, true},
    SetSpec{SetId::phone_grants, "phone_grants", {Part::mark, Part::mark}, Data::none, true},
    SetSpec{SetId::usable_devices, "usable_devices", {Part::mark, Part::mark}},
    SetSpec{SetId::unusable_devices, "unusable_devices", {Part::mark, Part::mark}},
    SetSpec{SetId::usable_away, "usable_away", {Part::mark, Part::mark}},
    SetSpec{SetId::unusable_lesson, "unusable_lesson", {Part::mark, Part::mark}},
    SetSpec{SetId::peer_known4, "peer_known4", {Part::mark, Part::ipv4}},
    SetSpec{SetId::peer_known6, "peer_known6", {Part::mark, Part::ipv6}},
    SetSpec{SetId::peer_spared4, "peer_spared4", {Part::mark, Part::ipv4}},
    SetSpec{SetId::peer_spared6, "peer_spared6", {Part::mark, Part::ipv6}},
    SetSpec{SetId::peer_cut4, "peer_cut4", {Part::mark, Part::ipv4}},
    SetSpec{SetId::peer_cut6, "peer_cut6", {Part::mark, Part::ipv6}},
    SetSpec{SetId::peer_candidate4, "peer_candidate4", {Part::mark, Part::ipv4}, Data::none, true},
    SetSpec{SetId::peer_candidate6, "peer_candidate6", {Part::mark, Part::ipv6}, Data::none, true},
    SetSpec{
        SetId::peer_exam_exempt4, "peer_exam_exempt4", {Part::mark, Part::ipv4}, Data::none, true},
    SetSpec{
        SetId::peer_exam_exempt6, "peer_exam_exempt6", {Part::mark, Part::ipv6}, Data::none, true},
    SetSpec{SetId::peer_phone4, "peer_phone4", {Part::mark, Part::ipv4}, Data::none, true},
    SetSpec{SetId::peer_phone6, "peer_phone6", {Part::mark, Part::ipv6}, Data::none, true},
    SetSpec{SetId::peer_phone_exempt4,
            "peer_phone_exempt4",
            {Part::mark, Part::ipv4},
            Data::none,
            true},
    SetSpec{SetId::peer_phone_exempt6,
            "peer_phone_exempt6",
            {Part::mark, Part::ipv6},
            Data::none,
            true},
    SetSpec{SetId::peer_usable_away4, "peer_usable_away4", {Part::mark, Part::ipv4}},
    SetSpec{SetId::peer_usable_away6, "peer_usable_away6", {Part::mark, Part::ipv6}},
    SetSpec{SetId::peer_unusable_lesson4, "peer_unusable_lesson4", {Part::mark, Part::ipv4}},
    SetSpec{SetId::peer_unusable_lesson6, "peer_unusable_lesson6", {Part::mark, Part::ipv6}},
    SetSpec{SetId::learned4, "learned4", {Part::mark, Part::ipv4}, Data::jump, true},
    SetSpec{SetId::learned6, "learned6", {Part::mark, Part::ipv6}, Data::jump, true},
};
inline constexpr std::size_t kSetCount = kSets.size();

// The interfaces of rooms, and which room's chains each leads to: fixed while the table stands.
inline constexpr std::array<std::string_view, 3> kPortSets = {"room_ports", "from_room", "to_room"};

constexpr std::size_t index_of(SetId id) {
  return static_cast<std::size_t>(id);
}
constexpr const SetSpec& spec_of(SetId id) {
  return kSets[index_of(id)];
}

constexpr bool is_peer_set(SetId id) {
  return id >= SetId::peer_known4 && id <= SetId::peer_unusable_lesson6;
}

static_assert([] {
  for (std::size_t i = 0; i < kSetCount; ++i)
    if (index_of(kSets[i].id) != i) return false;
  return kSetCount == index_of(SetId::learned6) + 1;
}());

}  // namespace lokaal::packet_filter
