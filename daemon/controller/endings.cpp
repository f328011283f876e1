#include "daemon/controller/endings.hpp"

#include <utility>

#include "core/policy/overlay_hours.hpp"
#include "daemon/controller/exam_effects.hpp"

namespace lokaal {
namespace {

class Endings {
 public:
  Endings(const State& state, WallTime now) : state_(state), now_(now) {}

  std::vector<Event> found() && {
    emergency();
    for (const auto& [id, exam] : state_.exams)
      if (!exam.runs(now_)) events_.push_back(exam_ends(exam, "time"));
    overlays();
    for (const auto& [id, exemption] : state_.exemptions)
      if (!holds(exemption.until, now_))
        events_.emplace_back(ExemptionEnded{id, exemption.room, "expired"});
    for (const auto& [id, room] : state_.rooms) {
      if (room.taken && !holds(room.taken->until, now_))
        events_.emplace_back(RoomTaken{id, std::nullopt, {}});
      if (room.commanded && !holds(room.commanded->until, now_))
        events_.emplace_back(RoomCommanded{id, std::nullopt, room.commanded->by.jti});
    }
    for (const auto& [id, grant] : state_.grants)
      if (!holds(grant.until, now_)) events_.emplace_back(GrantEnded{id, grant.room, "expired"});
    return std::move(events_);
  }

 private:
  // Exams go on from the moment that the emergency ended, not from when somebody looked.
  void emergency() {
    if (!state_.emergency_until || holds(*state_.emergency_until, now_)) return;
    for (const auto& [id, room] : state_.rooms) {
      events_.emplace_back(EmergencyEnded{id, "time"});
      for (Event& event : exams_resume(state_, id, *state_.emergency_until))
        events_.push_back(std::move(event));
    }
  }

  void overlays() {
    OverlaysSet now_on = overlays_at(state_, now_);
    // That a switch-off is over by itself brings nothing about where no hours are on.
    if (now_on.phone_free == state_.phone_free && now_on.social_free == state_.social_free) return;
    for (const auto& [id, room] : state_.rooms) {
      now_on.room = id;
      events_.emplace_back(now_on);
    }
  }

  const State& state_;
  WallTime now_;
  std::vector<Event> events_;
};

}  // namespace

std::vector<Event> ended_by(const State& state, WallTime now) {
  std::vector<Event> all;
  State left = state;
  for (auto ended = Endings(left, now).found(); !ended.empty();
       ended = Endings(left, now).found()) {
    for (Event& event : ended) {
      fold(left, event);
      all.push_back(std::move(event));
    }
  }
  return all;
}

}  // namespace lokaal
