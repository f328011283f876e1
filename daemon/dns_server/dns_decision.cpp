#include "daemon/dns_server/dns_decision.hpp"

#include <algorithm>

#include "core/policy/state.hpp"

namespace lokaal {
namespace {

// One query against every layer. Each answers with the citation of its refusal, or not at all.
class Judge {
 public:
  Judge(const DnsSnapshot& snapshot, const RoomId& room_id, const DesiredRoom& room,
        KnownDevice device, std::optional<NameClass> name, WallTime now)
      : snapshot_(snapshot),
        desired_(snapshot.desired),
        room_id_(room_id),
        room_(room),
        device_(device),
        name_(name),
        mode_(room.mode_at(now)),
        now_(now) {}

  DnsDecision judge() const {
    if (device_.cohort.kind == Kind::infrastructure || calls_for_help()) return {};
    if (const auto end = exam()) return refused(Layer::exam, *end);
    if (cut()) return refused(Layer::cut, std::nullopt);
    if (desired_.emergency_until && holds(*desired_.emergency_until, now_)) return {};
    if (!usable()) return refused(Layer::devices_away, std::nullopt);
    if (applies(desired_.phone_free) && !exempt(desired_.phone_exempt) && !granted_for_phones())
      return refused(Layer::phone_free, desired_.phone_free->until);
    if (uses_social() && !granted() && !exempt(desired_.social_exempt)) {
      if (applies(desired_.social_free))
        return refused(Layer::social_free, desired_.social_free->until);
      if (lesson()) return refused(Layer::lesson, std::nullopt);
    }
    return {};
  }

 private:
  DnsDecision refused(Layer layer, std::optional<WallTime> end) const {
    DnsDecision decision{false, layer, {}};
    const auto room = snapshot_.citations.find(room_id_);
    if (room != snapshot_.citations.end()) {
      const auto cited = room->second.find(layer);
      if (cited != room->second.end()) decision.citation = cited->second;
    }
    if (end) decision.citation.until = end;
    // A paused exam has no end that anybody knows.
    if (decision.citation.until == WallTime::max()) decision.citation.until.reset();
    return decision;
  }

  bool calls_for_help() const { return name_ && desired_.life_safety.count(name_->service) > 0; }

  // The latest end of the exams that refuse this: the room's own, and the candidate's.
  std::optional<WallTime> exam() const {
    std::optional<WallTime> end;
    const auto consider = [&](const DesiredExam& exam) {
      if (!holds(exam.until, now_) || admitted(exam)) return;
      const WallTime told = exam.paused ? WallTime::max() : exam.until;
      end = end ? std::max(*end, told) : told;
    };
    if (exempt(desired_.exam_exempt)) return end;
    for (const DesiredExam& exam : room_.exams) consider(exam);
    const auto candidate = desired_.candidates.find(device_.device);
    if (device_.device != 0 && candidate != desired_.candidates.end())
      for (const DesiredExam& exam : candidate->second) consider(exam);
    return end;
  }

  bool admitted(const DesiredExam& exam) const {
    return name_ && (name_->category == Category::exam_infrastructure ||
                     exam.allowed.count(name_->service) > 0);
  }

  bool exempt(const std::vector<DesiredExemption>& exemptions) const {
    return device_.device != 0 &&
           std::any_of(exemptions.begin(), exemptions.end(), [this](const DesiredExemption& each) {
             return each.device == device_.device && holds(each.until, now_) &&
                    (each.service == kUnclassified || (name_ && each.service == name_->service));
           });
  }

  bool cut() const { return device_.device != 0 && desired_.cut.count(device_.device) > 0; }

  bool usable() const {
    const bool by_name = room_.usable_devices.count(device_.device) > 0;
    switch (mode_) {
      case Mode::open:
        return true;
      case Mode::lesson:
        return !forbidden() && (by_name || room_.unusable_lesson.count(device_.cohort) == 0);
      case Mode::devices_away:
        return !forbidden() && (by_name || room_.usable_away.count(device_.cohort) > 0);
      case Mode::exam:
        break;  // never a base mode
    }
    return false;
  }

  bool forbidden() const { return room_.unusable_devices.count(device_.device) > 0; }

  bool applies(const std::optional<DesiredOverlay>& overlay) const {
    return overlay && holds(overlay->until, now_) && overlay->cohorts.count(device_.cohort) > 0;
  }

  // What is away is away because of a lesson: devices_away refuses social services too.
  bool lesson() const {
    return mode_ != Mode::open && desired_.social_cohorts.count(device_.cohort) > 0;
  }

  bool uses_social() const { return name_ && desired_.social.count(name_->service) > 0; }

  bool granted() const {
    return std::any_of(room_.grants.begin(), room_.grants.end(),
                       [this](const DesiredGrant& grant) { return holds_here(grant); });
  }

  bool granted_for_phones() const {
    return std::any_of(room_.grants.begin(), room_.grants.end(), [this](const DesiredGrant& grant) {
      return grant.for_phones && holds_here(grant);
    });
  }

  bool holds_here(const DesiredGrant& grant) const {
    return name_ && grant.service == name_->service && holds(grant.until, now_) &&
           (grant.device == 0 || grant.device == device_.device);
  }

  const DnsSnapshot& snapshot_;
  const DesiredState& desired_;
  const RoomId& room_id_;
  const DesiredRoom& room_;
  KnownDevice device_;
  std::optional<NameClass> name_;
  Mode mode_;
  WallTime now_;
};

}  // namespace

DnsDecision dns_decision(const DnsSnapshot& snapshot, const RoomId& room, KnownDevice device,
                         std::optional<NameClass> name, WallTime now) {
  const auto found = snapshot.desired.rooms.find(room);
  if (found == snapshot.desired.rooms.end()) return {false, Layer::cut, {}};
  return Judge(snapshot, room, found->second, device, name, now).judge();
}

}  // namespace lokaal
