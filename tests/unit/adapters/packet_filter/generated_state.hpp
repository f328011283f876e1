// States at random: something of everything, alike in every run.
#pragma once

#include <array>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "core/policy/desired_state.hpp"

namespace lokaal::test {

class StateGenerator {
 public:
  // Of these services. What ends, ends before `now` or an hour after.
  StateGenerator(std::vector<ServiceNumber> services, WallTime now)
      : services_(std::move(services)), now_(now) {}

  bool chance(int percent) { return pick(100) < percent; }
  int pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }

  Kind kind() { return kAllKinds[static_cast<std::size_t>(pick(9))]; }
  Owner owner() { return chance(30) ? Owner::staff : Owner::pupil; }

  // One of the same rooms and devices in which nothing was commanded.
  DesiredState state_of(const DesiredState& open) {
    DesiredState state = open;
    ++state.generation;
    for (auto& [id, room] : state.rooms) fill(room, state);
    state.social = services(40);
    state.life_safety = services(10);
    state.social_cohorts = cohorts(70);
    if (chance(20)) state.phone_free = DesiredOverlay{cohorts(30), std::nullopt};
    if (chance(20)) state.social_free = DesiredOverlay{cohorts(60), until()};
    if (chance(15)) state.emergency_until = until();
    if (chance(30)) state.cut = numbers(state, 10);
    if (chance(20))
      for (const DeviceNumber device : numbers(state, 20)) state.candidates[device] = exams();
    if (chance(30)) state.exam_exempt = exemptions(state);
    if (chance(30)) state.phone_exempt = exemptions(state);
    if (chance(40)) {
      state.social_exempt = exemptions(state);
      for (DesiredExemption& each : state.social_exempt)
        if (chance(60)) each.service = service();
    }
    return state;
  }

 private:
  void fill(DesiredRoom& room, const DesiredState& state) {
    room.mode = std::array{Mode::open, Mode::lesson, Mode::lesson,
                           Mode::devices_away}[static_cast<std::size_t>(pick(4))];
    if (chance(25)) room.open_until = until();
    room.usable_away = cohorts(50);
    room.unusable_lesson = cohorts(20);
    room.usable_devices = numbers(state, 15);
    room.unusable_devices = numbers(state, 15);
    if (chance(40))
      for (const ServiceNumber service : services(40))
        room.grants.push_back({service, chance(50) ? DeviceNumber{0} : *numbers(state, 100).begin(),
                               until(), chance(50)});
    if (chance(15)) room.exams = exams();
  }

  ServiceNumber service() {
    return services_[static_cast<std::size_t>(pick(static_cast<int>(services_.size())))];
  }
  WallTime until() {
    return chance(20) ? now_ - std::chrono::seconds(pick(100)) : now_ + std::chrono::hours(1);
  }
  std::set<Cohort> cohorts(int percent) {
    std::set<Cohort> some;
    for (const Kind kind : kAllKinds)
      for (const bool staff : {false, true})
        if (chance(percent)) some.insert({kind, staff});
    return some;
  }
  std::set<ServiceNumber> services(int percent) {
    std::set<ServiceNumber> some;
    for (const ServiceNumber service : services_)
      if (chance(percent)) some.insert(service);
    return some;
  }
  std::set<DeviceNumber> numbers(const DesiredState& state, int percent) {
    std::set<DeviceNumber> some;
    for (const Device& device : state.devices)
      if (chance(percent)) some.insert(device.number);
    return some;
  }

  // Their ends differ, so that any of them may be the last.
  std::vector<DesiredExam> exams() {
    std::vector<DesiredExam> some(static_cast<std::size_t>(1 + pick(3)));
    for (DesiredExam& exam : some) exam = {services(50), until() + std::chrono::minutes(pick(3))};
    return some;
  }
  std::vector<DesiredExemption> exemptions(const DesiredState& state) {
    std::vector<DesiredExemption> some;
    for (const DeviceNumber device : numbers(state, 40))
      some.push_back({device, kUnclassified, until()});
    return some;
  }

  std::vector<ServiceNumber> services_;
  WallTime now_;
  std::mt19937 random_{20201001};
};

}  // namespace lokaal::test
