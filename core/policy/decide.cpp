#include "core/policy/decide.hpp"

#include <algorithm>

namespace lokaal {
namespace {

struct Refusal {
  Layer layer = Layer::none;
  RuleId rule;
  std::optional<WallTime> until;
};

// Judges one end of a flow. Each layer answers with a refusal or not at all.
class EndJudge {
 public:
  EndJudge(const State& state, const Rulebook& rules, const Endpoint& end, const Flow& flow,
           bool originator, WallTime now)
      : state_(state),
        rules_(rules),
        end_(end),
        service_(flow.service),
        host_(flow.host),
        originator_(originator),
        now_(now) {
    const auto found = state.rooms.find(end.room);
    if (found != state.rooms.end()) base_ = base_mode(found->second, now);
  }

  // The strictest refusal of this end, or none.
  std::optional<Refusal> judge() const {
    if (end_.cohort().kind == Kind::infrastructure || calls_for_help()) return std::nullopt;
    if (auto refusal = exam()) return refusal;
    if (auto refusal = cut()) return refusal;
    if (in_emergency(state_, now_)) return std::nullopt;
    if (auto refusal = devices_away()) return refusal;
    if (auto refusal = phone_free()) return refusal;
    if (auto refusal = social_free()) return refusal;
    return lesson();
  }

 private:
  // Calls to 112 by way of Wi-Fi (PROTOCOL-RULES "Life safety").
  bool calls_for_help() const {
    return originator_ && service_ && service_->category == Category::life_safety;
  }

  std::optional<Refusal> exam() const {
    if (exempt([](const Exemption& e) { return e.from_exam; })) return std::nullopt;
    std::optional<Refusal> strictest;
    for (const auto& [id, exam] : state_.exams) {
      const auto until = exam_end(exam);
      if (!until || admitted(exam)) continue;
      // Of a paused one nobody knows when it ends: it is later than any.
      const WallTime told = exam.paused ? WallTime::max() : *until;
      if (!strictest || *strictest->until < told)
        strictest = Refusal{Layer::exam, rules_.exam, told};
    }
    if (strictest && strictest->until == WallTime::max()) strictest->until.reset();
    return strictest;
  }

  // When this exam lets this end go, or nothing if it does not hold it.
  std::optional<WallTime> exam_end(const Exam& exam) const {
    std::optional<WallTime> until;
    if (exam.whole_room && exam.room == end_.room) until = exam.until;
    if (end_.device) {
      const auto candidate = exam.candidates.find(end_.device->id);
      if (candidate != exam.candidates.end())
        until = until ? std::max(*until, candidate->second) : candidate->second;
    }
    if (until && exam.holds_until(*until, now_)) return exam.let_go(*until);
    return std::nullopt;
  }

  // The allow-list is for what a candidate opens, never for what reaches in.
  bool admitted(const Exam& exam) const {
    if (!originator_) return false;
    if (host_ && exam.hosts.count(*host_) > 0) return true;
    return service_ && (service_->category == Category::exam_infrastructure ||
                        exam.allow.count(service_->id) > 0);
  }

  std::optional<Refusal> cut() const {
    // Of a room that the state does not know nothing is known but that it is governed.
    if (base_ && (!end_.device || state_.cut.count(end_.device->id) == 0)) return std::nullopt;
    return Refusal{Layer::cut, rules_.device_cut, std::nullopt};
  }

  std::optional<Refusal> devices_away() const {
    if (may_be_used()) return std::nullopt;
    return Refusal{Layer::devices_away, rules_.devices_away, base_->until};
  }

  bool may_be_used() const {
    if (base_->mode == Mode::open) return true;
    static const DeviceRules nothing;
    const DeviceRules& said = base_->devices ? *base_->devices : nothing;
    const Cohort cohort = end_.cohort();
    if (end_.device && said.forbidden.count(end_.device->id) > 0) return false;
    if (end_.device && said.allowed.count(end_.device->id) > 0) return true;
    if (cohort.kind == Kind::board) return true;
    if (cohort.staff && rules_.staff_keeps_devices) return true;
    if (said.forbidden_kinds.count(cohort.kind) > 0) return false;
    return base_->mode == Mode::lesson || said.allowed_kinds.count(cohort.kind) > 0;
  }

  std::optional<Refusal> phone_free() const {
    if (!state_.phone_free || !holds(state_.phone_free->until, now_)) return std::nullopt;
    const Cohort cohort = end_.cohort();
    if (rules_.phone_free_kinds.count(cohort.kind) == 0) return std::nullopt;
    if (cohort.staff && rules_.phone_free_spares_staff) return std::nullopt;
    if (exempt([](const Exemption& e) { return e.from_phone_free; })) return std::nullopt;
    if (originator_ && rules_.teacher_may_permit_phones && granted()) return std::nullopt;
    return Refusal{Layer::phone_free, rules_.phone_free, state_.phone_free->until};
  }

  std::optional<Refusal> social_free() const {
    if (!state_.social_free || !holds(state_.social_free->until, now_)) return std::nullopt;
    if (!uses_social() || granted()) return std::nullopt;
    return Refusal{Layer::social_free, rules_.social_free, state_.social_free->until};
  }

  std::optional<Refusal> lesson() const {
    if (base_->mode == Mode::open) return std::nullopt;
    if (!uses_social() || granted()) return std::nullopt;
    return Refusal{Layer::lesson, rules_.lesson_social, base_->until};
  }

  // Whoever is reached does not use the service, so only the originator's end is asked.
  bool uses_social() const {
    if (!originator_ || !service_ || rules_.social.count(service_->id) == 0) return false;
    if (end_.cohort().staff &&
        (rules_.staff_keeps_social || rules_.staff_keeps.count(service_->id) > 0))
      return false;
    return !exempt([this](const Exemption& e) {
      return e.from_social && (e.services.empty() || e.services.count(service_->id) > 0);
    });
  }

  bool granted() const {
    if (!service_) return false;
    return std::any_of(state_.grants.begin(), state_.grants.end(), [this](const auto& entry) {
      const Grant& grant = entry.second;
      if (grant.room != end_.room || !holds(grant.until, now_)) return false;
      if (grant.services.count(service_->id) == 0) return false;
      return grant.devices.empty() || (end_.device && grant.devices.count(end_.device->id) > 0);
    });
  }

  template <class Predicate>
  bool exempt(Predicate from) const {
    if (!end_.device) return false;
    return std::any_of(state_.exemptions.begin(), state_.exemptions.end(), [&](const auto& entry) {
      const Exemption& exemption = entry.second;
      return exemption.device == end_.device->id && holds(exemption.until, now_) && from(exemption);
    });
  }

  const State& state_;
  const Rulebook& rules_;
  const Endpoint& end_;
  const Service* service_;
  const std::optional<ServiceId>& host_;
  bool originator_;
  WallTime now_;
  std::optional<BaseMode> base_;  // none: a room that the state does not know
};

}  // namespace

Decision decide(const State& state, const Rulebook& rules, const Flow& flow, WallTime now) {
  std::optional<Refusal> strictest;
  const auto consider = [&](const std::optional<Endpoint>& end, bool originator) {
    if (!end) return;
    auto refusal = EndJudge(state, rules, *end, flow, originator, now).judge();
    if (refusal && (!strictest || refusal->layer > strictest->layer))
      strictest = std::move(refusal);
  };
  consider(flow.originator, true);
  consider(flow.responder, false);
  if (!strictest) return Decision{true, Layer::none, rules.fallback, std::nullopt};
  return Decision{false, strictest->layer, strictest->rule, strictest->until};
}

}  // namespace lokaal
