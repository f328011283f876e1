#include "core/policy/flatten.hpp"

#include <array>
#include <utility>

namespace lokaal {
namespace {

constexpr std::array<bool, 2> kStaffOrNot = {false, true};

// Every cohort that a predicate holds for.
template <class Predicate>
std::set<Cohort> cohorts_where(Predicate holds_for) {
  std::set<Cohort> found;
  for (const Kind kind : kAllKinds) {
    if (kind == Kind::infrastructure) continue;
    for (const bool staff : kStaffOrNot) {
      const Cohort cohort{kind, staff};
      if (holds_for(cohort)) found.insert(cohort);
    }
  }
  return found;
}

class Flattener {
 public:
  Flattener(const State& state, const Rulebook& rules, const ServiceTable& services, WallTime now)
      : state_(state), rules_(rules), services_(services), now_(now) {}

  DesiredState flatten() const {
    DesiredState desired;
    desired.generation = state_.generation;
    for (const auto& [id, device] : state_.devices) desired.devices.push_back(device);
    desired.social = numbers_of(rules_.social);
    desired.life_safety = services_.life_safety;
    for (const auto& [name, host] : state_.hosts)
      if (is_part_of(host, services_.life_safety)) desired.life_safety.insert(host.number);
    desired.social_cohorts = cohorts_where(
        [this](Cohort cohort) { return !(cohort.staff && rules_.staff_keeps_social); });
    if (in_emergency(state_, now_)) desired.emergency_until = state_.emergency_until;
    for (const auto& [id, room] : state_.rooms) desired.rooms[id] = flatten_room(id, room);
    add_overlays(desired);
    for (const DeviceId& id : state_.cut)
      if (const auto number = number_of(id)) desired.cut.insert(*number);
    add_candidates(desired);
    add_exemptions(desired);
    return desired;
  }

 private:
  DesiredRoom flatten_room(const RoomId& id, const Room& room) const {
    DesiredRoom desired;
    desired.number = room.number;
    desired.open_until = open_until(room, now_);
    const BaseMode base = base_mode(room, desired.open_until.value_or(now_));
    static const DeviceRules nothing;
    const DeviceRules& said = base.devices ? *base.devices : nothing;
    desired.mode = base.mode;
    // The same order as EndJudge::may_be_used: board and staff stand above what is said of kinds.
    const auto spared = [this](Cohort cohort) {
      return cohort.kind == Kind::board || (cohort.staff && rules_.staff_keeps_devices);
    };
    desired.usable_away = cohorts_where([&](Cohort cohort) {
      return spared(cohort) || (said.allowed_kinds.count(cohort.kind) > 0 &&
                                said.forbidden_kinds.count(cohort.kind) == 0);
    });
    desired.unusable_lesson = cohorts_where([&](Cohort cohort) {
      return !spared(cohort) && said.forbidden_kinds.count(cohort.kind) > 0;
    });
    desired.usable_devices = numbers_of(said.allowed);
    desired.unusable_devices = numbers_of(said.forbidden);
    for (const auto& [grant_id, grant] : state_.grants)
      if (grant.room == id && holds(grant.until, now_)) add_grant(desired, grant);
    add_what_staff_keep(desired);
    for (const auto& [exam_id, exam] : state_.exams)
      if (exam.room == id && exam.holds_room(now_))
        desired.exams.push_back(flatten_exam(exam, exam.let_go(exam.until)));
    return desired;
  }

  void add_grant(DesiredRoom& room, const Grant& grant) const {
    for (const ServiceNumber service : numbers_of(grant.services)) {
      const auto give = [&](DeviceNumber device) {
        room.grants.push_back({service, device, grant.until, rules_.teacher_may_permit_phones});
      };
      if (grant.devices.empty()) give(0);
      for (const DeviceNumber device : numbers_of(grant.devices)) give(device);
    }
  }

  // To the kernel it is a permission for each of their devices that never ends.
  void add_what_staff_keep(DesiredRoom& room) const {
    if (rules_.staff_keeps_social || rules_.staff_keeps.empty()) return;
    const auto kept = numbers_of(rules_.staff_keeps);
    for (const auto& [id, device] : state_.devices)
      if (device.owner == Owner::staff)
        for (const ServiceNumber service : kept)
          room.grants.push_back({service, device.number, WallTime::max()});
  }

  DesiredExam flatten_exam(const Exam& exam, WallTime until) const {
    DesiredExam desired{numbers_of(exam.allow), until, exam.paused.has_value()};
    desired.allowed.insert(services_.exam_infrastructure.begin(),
                           services_.exam_infrastructure.end());
    for (const auto& [name, host] : state_.hosts)
      if (exam.hosts.count(name) > 0 || is_part_of(host, services_.exam_infrastructure))
        desired.allowed.insert(host.number);
    return desired;
  }

  bool is_part_of(const ExamHost& host, const std::set<ServiceNumber>& some) const {
    if (!host.part_of) return false;
    const auto number = services_.numbers.find(*host.part_of);
    return number != services_.numbers.end() && some.count(number->second) > 0;
  }

  void add_overlays(DesiredState& desired) const {
    if (state_.phone_free && holds(state_.phone_free->until, now_)) {
      desired.phone_free =
          DesiredOverlay{cohorts_where([this](Cohort cohort) {
                           return rules_.phone_free_kinds.count(cohort.kind) > 0 &&
                                  !(cohort.staff && rules_.phone_free_spares_staff);
                         }),
                         state_.phone_free->until};
    }
    if (state_.social_free && holds(state_.social_free->until, now_))
      desired.social_free = DesiredOverlay{desired.social_cohorts, state_.social_free->until};
  }

  void add_candidates(DesiredState& desired) const {
    for (const auto& [id, exam] : state_.exams) {
      for (const auto& [device, until] : exam.candidates) {
        const auto number = number_of(device);
        if (number && exam.holds_until(until, now_))
          desired.candidates[*number].push_back(flatten_exam(exam, exam.let_go(until)));
      }
    }
  }

  void add_exemptions(DesiredState& desired) const {
    for (const auto& [id, exemption] : state_.exemptions) {
      const auto number = number_of(exemption.device);
      if (!number || !holds(exemption.until, now_)) continue;
      const DesiredExemption whole{*number, kUnclassified, exemption.until};
      if (exemption.from_exam) desired.exam_exempt.push_back(whole);
      if (exemption.from_phone_free) desired.phone_exempt.push_back(whole);
      if (!exemption.from_social) continue;
      if (exemption.services.empty()) desired.social_exempt.push_back(whole);
      for (const ServiceNumber service : numbers_of(exemption.services))
        desired.social_exempt.push_back({*number, service, exemption.until});
    }
  }

  std::optional<DeviceNumber> number_of(const DeviceId& id) const {
    const auto found = state_.devices.find(id);
    if (found == state_.devices.end()) return std::nullopt;
    return found->second.number;
  }

  std::set<DeviceNumber> numbers_of(const std::set<DeviceId>& ids) const {
    std::set<DeviceNumber> numbers;
    for (const DeviceId& id : ids)
      if (const auto number = number_of(id)) numbers.insert(*number);
    return numbers;
  }

  std::set<ServiceNumber> numbers_of(const std::set<ServiceId>& ids) const {
    std::set<ServiceNumber> numbers;
    for (const ServiceId& id : ids) {
      const auto found = services_.numbers.find(id);
      if (found != services_.numbers.end()) numbers.insert(found->second);
    }
    // What is said of a service is said of each of its host names.
    for (const auto& [name, host] : state_.hosts)
      if (host.part_of && ids.count(*host.part_of) > 0) numbers.insert(host.number);
    return numbers;
  }

  const State& state_;
  const Rulebook& rules_;
  const ServiceTable& services_;
  WallTime now_;
};

}  // namespace

DesiredState desired_state(const State& state, const Rulebook& rules, const ServiceTable& services,
                           WallTime now) {
  return Flattener(state, rules, services, now).flatten();
}

}  // namespace lokaal
