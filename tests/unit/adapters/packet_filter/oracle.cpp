#include "tests/unit/adapters/packet_filter/oracle.hpp"

#include <algorithm>

namespace lokaal::test {
namespace {

class Judge {
 public:
  Judge(const DesiredState& desired, const FilterLayout& layout, ServiceNumber service,
        WallTime now)
      : desired_(desired), layout_(layout), service_(service), now_(now) {}

  bool passes(const End& end, bool originator) const {
    const bool governed = std::any_of(layout_.rooms.begin(), layout_.rooms.end(),
                                      [&](const RoomPort& port) { return port.room == end.room; });
    if (!governed) return true;
    const Cohort cohort = cohort_of(end.device);
    if (cohort.kind == Kind::infrastructure) return true;
    if (originator && service_ != kUnclassified && desired_.life_safety.contains(service_))
      return true;
    const auto found = desired_.rooms.find(end.room);
    if (found == desired_.rooms.end()) return false;
    const DesiredRoom& room = found->second;

    if (!exempt(desired_.exam_exempt, end.device)) {
      const auto candidate = desired_.candidates.find(end.device);
      if (refuses(room.exams, originator)) return false;
      if (end.device != 0 && candidate != desired_.candidates.end() &&
          refuses(candidate->second, originator))
        return false;
    }
    if (end.device != 0 && desired_.cut.contains(end.device)) return false;
    if (desired_.emergency_until && runs(*desired_.emergency_until)) return true;
    if (holds(desired_.phone_free, cohort) && !exempt(desired_.phone_exempt, end.device) &&
        !(originator && granted(room, end.device, true)))
      return false;
    const bool social = originator && service_ != kUnclassified &&
                        desired_.social.contains(service_) &&
                        !exempt(desired_.social_exempt, end.device);
    if (social && holds(desired_.social_free, cohort) && !granted(room, end.device)) return false;
    if (room.mode == Mode::open || (room.open_until && runs(*room.open_until))) return true;
    if (room.mode == Mode::exam) return false;
    if (!usable(room, end.device, cohort)) return false;
    return !social || !desired_.social_cohorts.contains(cohort) || granted(room, end.device);
  }

 private:
  bool runs(WallTime until) const { return until > now_; }

  Cohort cohort_of(DeviceNumber number) const {
    for (const Device& device : desired_.devices)
      if (number != 0 && device.number == number) return device.cohort();
    return {};
  }

  bool refuses(const std::vector<DesiredExam>& exams, bool originator) const {
    return std::any_of(exams.begin(), exams.end(), [&](const DesiredExam& exam) {
      return runs(exam.until) && !admits(exam, originator);
    });
  }

  bool exempt(const std::vector<DesiredExemption>& exemptions, DeviceNumber device) const {
    return device != 0 &&
           std::any_of(exemptions.begin(), exemptions.end(), [&](const DesiredExemption& each) {
             return each.device == device && runs(each.until) &&
                    (each.service == kUnclassified || each.service == service_);
           });
  }

  bool admits(const DesiredExam& exam, bool originator) const {
    return originator && service_ != kUnclassified && exam.allowed.contains(service_);
  }

  bool holds(const std::optional<DesiredOverlay>& overlay, Cohort cohort) const {
    return overlay && (!overlay->until || runs(*overlay->until)) &&
           overlay->cohorts.contains(cohort);
  }

  static bool usable(const DesiredRoom& room, DeviceNumber device, Cohort cohort) {
    if (device != 0 && room.unusable_devices.contains(device)) return false;
    if (device != 0 && room.usable_devices.contains(device)) return true;
    return room.mode == Mode::lesson ? !room.unusable_lesson.contains(cohort)
                                     : room.usable_away.contains(cohort);
  }

  bool granted(const DesiredRoom& room, DeviceNumber device, bool for_phones = false) const {
    return std::any_of(room.grants.begin(), room.grants.end(), [&](const DesiredGrant& grant) {
      return service_ != kUnclassified && grant.service == service_ && runs(grant.until) &&
             (grant.for_phones || !for_phones) && (grant.device == 0 || grant.device == device);
    });
  }

  const DesiredState& desired_;
  const FilterLayout& layout_;
  ServiceNumber service_;
  WallTime now_;
};

}  // namespace

bool judge(const DesiredState& desired, const FilterLayout& layout, const Packet& packet,
           WallTime now) {
  const Judge judge(desired, layout, packet.service, now);
  return (!packet.originator || judge.passes(*packet.originator, true)) &&
         (!packet.responder || judge.passes(*packet.responder, false));
}

}  // namespace lokaal::test
