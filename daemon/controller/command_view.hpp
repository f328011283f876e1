// What the node knows, as commands are judged by it.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "core/command/context.hpp"
#include "core/policy/rulebook.hpp"
#include "core/policy/state.hpp"
#include "core/traffic/catalogue.hpp"

namespace lokaal {

// Looks at the state of the moment; nothing is kept between calls. The owner's thread.
class CommandView final : public CommandContext {
 public:
  struct Moment {
    WallTime now;
    bool clock_trusted = false;
    std::optional<WallTime> school_day_end;
    bool plan_fresh = true;
  };

  CommandView(const State& state, const Catalogue& catalogue, const Rulebook& rules,
              const std::map<RoomId, WallTime>& last_set_mode)
      : state_(state), catalogue_(catalogue), rules_(rules), last_set_mode_(last_set_mode) {}

  void at(Moment moment) { moment_ = moment; }

  bool clock_trusted() const override { return moment_.clock_trusted; }
  bool plan_fresh() const override { return moment_.plan_fresh; }
  std::vector<RoomId> rooms() const override;
  std::optional<RoomView> room(const RoomId& room) const override;
  std::optional<ServiceView> service(const ServiceId& service) const override;
  std::optional<DeviceView> device(const DeviceId& device) const override;
  std::optional<WallTime> school_day_end() const override { return moment_.school_day_end; }
  CommandTerms terms() const override { return rules_.terms; }
  std::optional<ExamView> exam(const ExamId& exam) const override;
  std::optional<RoomId> grant(const GrantId& grant) const override;
  std::optional<ExemptionView> exemption(const ExemptionId& exemption) const override;
  std::vector<OverlayView> overlays() const override;

 private:
  const State& state_;
  const Catalogue& catalogue_;
  const Rulebook& rules_;
  const std::map<RoomId, WallTime>& last_set_mode_;
  Moment moment_;
};

}  // namespace lokaal
