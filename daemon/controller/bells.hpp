// The bells of the timetable, for the record: kernel and DNS follow the clock without them.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "core/policy/event.hpp"
#include "core/policy/state.hpp"

namespace lokaal {

// One thread.
class Bells {
 public:
  // Starts with what was on at `then`; absent: nothing was.
  Bells(const State& state, std::optional<WallTime> then);

  // What the clock or another timetable did since it was last asked: a Bell for each room where
  // another lesson is on, or none any more; and the ends of permissions that the lesson which is
  // over left behind, where a new timetable ends it sooner than the old one did.
  std::vector<Event> ring(const State& state, WallTime now);

 private:
  std::map<RoomId, Lesson> on_;
};

}  // namespace lokaal
