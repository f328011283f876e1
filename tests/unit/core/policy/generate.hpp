// Generated states of the school: any mixture of modes, device rules, grants, overlays and exams.
#pragma once

#include <random>

#include "core/policy/event.hpp"
#include "tests/unit/core/policy/school.hpp"

namespace lokaal::test {

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  bool chance(int percent) { return below(100) < percent; }
  int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }
  WallTime moment() { return kNow + std::chrono::minutes(below(120) - 30); }

  template <class T>
  const T& pick(const std::vector<T>& from) {
    return from[static_cast<std::size_t>(below(static_cast<int>(from.size())))];
  }

  const Service* any_service() { return chance(15) ? nullptr : &pick(services()); }

  Endpoint any_end(const State& state) {
    const char* room = chance(70) ? "lokaal-112" : "lokaal-113";
    if (chance(8)) return {nullptr, RoomId(room)};
    auto found = state.devices.begin();
    std::advance(found, below(static_cast<int>(state.devices.size())));
    return {&found->second, RoomId(room)};
  }

  Flow any_flow(const State& state) {
    Flow flow;
    flow.service = any_service();
    if (chance(25)) to_host(state, flow);
    if (chance(85)) flow.originator = any_end(state);
    if (!flow.originator || chance(25)) flow.responder = any_end(state);
    return flow;
  }

  Rulebook any_rules() {
    Rulebook rules = rulebook();
    rules.staff_keeps_social = chance(50);
    if (chance(50)) rules.staff_keeps = {ServiceId("youtube")};
    rules.staff_keeps_devices = chance(50);
    rules.phone_free_spares_staff = chance(50);
    rules.teacher_may_permit_phones = chance(50);
    return rules;
  }

  State any_state() {
    State state = school();
    state.generation = static_cast<Generation>(below(1000));
    for (auto& [id, room] : state.rooms) fill(room);
    for (int i = below(3); i > 0; --i) add_grant(state);
    for (int i = below(3); i > 0; --i) add_exemption(state);
    if (chance(40))
      for (int i = 1 + below(3); i > 0; --i) add_exam(state);
    if (chance(25)) state.phone_free = BuildingOverlay{moment()};
    if (chance(25)) state.social_free = BuildingOverlay{moment()};
    if (chance(15)) state.cut = {DeviceId("laptop2")};
    if (chance(15)) state.emergency_until = moment();
    return state;
  }

  void add_grant(State& state) {
    Grant made;
    made.id = GrantId("g" + std::to_string(below(1000)));
    made.room = RoomId(chance(70) ? "lokaal-112" : "lokaal-113");
    made.services = {pick(services()).id};
    if (chance(50)) made.devices = {any_device(state)};
    made.until = moment();
    state.grants[made.id] = made;
  }

  void add_exemption(State& state) {
    Exemption made;
    made.id = ExemptionId("e" + std::to_string(below(1000)));
    made.device = any_device(state);
    made.from_social = chance(40);
    made.from_phone_free = chance(40);
    made.from_exam = chance(20);
    for (int i = below(3); i > 0; --i) made.services.insert(pick(services()).id);
    made.until = moment();
    state.exemptions[made.id] = made;
  }

  void add_exam(State& state) {
    Exam made = exam_of_room("x1", moment());
    made.id = ExamId("x" + std::to_string(below(1000)));
    made.whole_room = chance(60);
    if (chance(50)) made.allow = {ServiceId("remindo")};
    if (chance(30)) made.allow.insert(pick(services()).id);
    for (int i = below(4); i > 0; --i) made.candidates[any_device(state)] = moment();
    if (chance(10)) made.paused = moment();
    if (chance(40)) made.hosts[ServiceId("toets.example.nl")] = std::nullopt;
    if (chance(30)) made.hosts[ServiceId("www.instagram.com")] = ServiceId("instagram");
    fold(state, ExamSet{made});
  }

  // A host name that some exam lists; or one that an exam might have listed.
  void to_host(const State& state, Flow& flow) {
    if (state.hosts.empty()) return;
    auto found = state.hosts.begin();
    std::advance(found, below(static_cast<int>(state.hosts.size())));
    flow.host = found->first;
    flow.service =
        found->second.part_of ? find_service(found->second.part_of->str().c_str()) : nullptr;
  }

 private:
  DeviceId any_device(const State& state) {
    auto found = state.devices.begin();
    std::advance(found, below(static_cast<int>(state.devices.size())));
    return found->first;
  }

  Mode any_base_mode() {
    return pick(std::vector<Mode>{Mode::open, Mode::lesson, Mode::devices_away});
  }

  void fill(Room& room) {
    room.default_mode = chance(70) ? Mode::open : Mode::lesson;
    if (chance(40)) {
      const WallTime from = moment();
      room.lessons.push_back(
          {from, from + 50min, PersonId("p-1"), chance(70) ? Mode::lesson : any_base_mode()});
      if (chance(50))
        room.lessons.push_back({from + 50min, from + 100min, PersonId("p-1"), any_base_mode()});
    }
    if (chance(30)) return;
    room.commanded = CommandedMode{any_base_mode(), moment(), {}, {}};
    DeviceRules& said = room.commanded->devices;
    for (const Kind kind : kAllKinds) {
      if (chance(15)) said.allowed_kinds.insert(kind);
      if (chance(15)) said.forbidden_kinds.insert(kind);
    }
    if (chance(20)) said.allowed.insert(DeviceId("phone"));
    if (chance(20)) said.forbidden.insert(DeviceId("laptop"));
    if (chance(50)) return;
    // The lesson that a stricter mode stands on for a while.
    if (room.commanded->mode != Mode::devices_away) return;
    room.underneath.push_back(
        {Mode::lesson, room.commanded->until + std::chrono::minutes(1 + below(60)), {}, {}});
  }

  std::mt19937 random_;
};

}  // namespace lokaal::test
