// A small school to decide about, shared by the policy tests.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/policy/decide.hpp"
#include "core/policy/flatten.hpp"
#include "core/policy/rulebook.hpp"
#include "core/policy/state.hpp"
#include "core/traffic/service.hpp"

namespace lokaal::test {

using namespace std::chrono_literals;  // NOLINT: durations read as durations

inline const WallTime kNow =
    WallTime(std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}) + 8h + 30min;

inline Service service(const char* id, ServiceNumber number, Category category) {
  Service out;
  out.id = ServiceId(id);
  out.number = number;
  out.name = id;
  out.category = category;
  return out;
}

// Services of every sort that policy tells apart.
inline const std::vector<Service>& services() {
  static const std::vector<Service> all = {
      service("instagram", 1, Category::social_media),
      service("youtube", 2, Category::social_media),
      service("tiktok", 3, Category::social_media),
      service("zermelo", 4, Category::essential),
      service("remindo", 5, Category::exam_platform),
      service("captive-probes", 6, Category::exam_infrastructure),
      service("spotify", 7, Category::streaming),
      service("wifi-calling", 8, Category::life_safety),
  };
  return all;
}

inline const Service* find_service(const char* id) {
  for (const Service& candidate : services())
    if (candidate.id == ServiceId(id)) return &candidate;
  return nullptr;
}

inline ServiceTable service_table() {
  ServiceTable table;
  for (const Service& service : services()) {
    table.numbers[service.id] = service.number;
    if (service.category == Category::exam_infrastructure)
      table.exam_infrastructure.insert(service.number);
    if (service.category == Category::life_safety) table.life_safety.insert(service.number);
  }
  return table;
}

inline Rulebook rulebook() {
  Rulebook rules;
  rules.protocol = "mondia-2020";
  rules.lesson_social = RuleId("mondia:lesson-social");
  rules.devices_away = RuleId("mondia:teacher-decides");
  rules.device_cut = RuleId("school:device-cut");
  rules.exam = RuleId("mondia:exam-off");
  rules.phone_free = RuleId("school:phone-free");
  rules.social_free = RuleId("school:phone-free");
  rules.social = {ServiceId("instagram"), ServiceId("youtube"), ServiceId("tiktok")};
  rules.phone_free_kinds = {Kind::phone, Kind::wearable};
  return rules;
}

inline Device device(const char* id, DeviceNumber number, Kind kind, Owner owner = Owner::pupil) {
  Device out;
  out.id = DeviceId(id);
  out.number = number;
  out.kind = kind;
  out.owner = owner;
  return out;
}

// Two rooms, one device of every kind and a teacher's tablet.
inline State school() {
  State state;
  state.rooms[RoomId("lokaal-112")].number = 1;
  state.rooms[RoomId("lokaal-113")].number = 2;
  for (const Device& each :
       {device("phone", 1, Kind::phone), device("tablet", 2, Kind::tablet),
        device("ipod", 3, Kind::media_player), device("watch", 4, Kind::wearable),
        device("laptop", 5, Kind::laptop), device("laptop2", 6, Kind::laptop),
        device("lab-pc", 7, Kind::lab_pc, Owner::school),
        device("board", 8, Kind::board, Owner::school),
        device("alarm", 9, Kind::infrastructure, Owner::school), device("gadget", 10, Kind::other),
        device("teacher", 11, Kind::tablet, Owner::staff),
        device("teacher-phone", 12, Kind::phone, Owner::staff)})
    state.devices[each.id] = each;
  return state;
}

inline Endpoint at(const State& state, const char* id, const char* room = "lokaal-112") {
  const auto found = state.devices.find(DeviceId(id));
  return {found == state.devices.end() ? nullptr : &found->second, RoomId(room)};
}

inline void set_mode(State& state, Mode mode, WallTime until = kNow + 6h,
                     const char* room = "lokaal-112") {
  state.rooms[RoomId(room)].commanded = CommandedMode{mode, until, {}, {}};
}

// What the teacher says of devices in the mode that is on.
inline DeviceRules& say(State& state) {
  return state.rooms[RoomId("lokaal-112")].commanded->devices;
}

// A device of that room opening something outside.
inline Decision opens(const State& state, const char* who, const char* what, WallTime now = kNow) {
  return decide(state, rulebook(), Flow{at(state, who), find_service(what), std::nullopt}, now);
}

inline void grant(State& state, const char* id, std::set<ServiceId> what, WallTime until,
                  std::set<DeviceId> whom = {}) {
  state.grants[GrantId(id)] =
      Grant{GrantId(id), RoomId("lokaal-112"), std::move(what), std::move(whom), until};
}

inline Exam exam_of_room(const char* id, WallTime until, std::set<ServiceId> allow = {}) {
  Exam exam;
  exam.id = ExamId(id);
  exam.room = RoomId("lokaal-112");
  exam.allow = std::move(allow);
  exam.until = until;
  return exam;
}

}  // namespace lokaal::test
