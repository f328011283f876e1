// A timetable in absolute time, for the rooms of one node.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <vector>

#include "core/plan/timetable.hpp"
#include "core/policy/state.hpp"

namespace lokaal {

// Which moment a clock on the wall shows (adapters/clock/civil_time.hpp): never an earlier moment
// for a later civil time.
using ToMoment = std::function<WallTime(CivilTime)>;

// The lessons of `rooms`, as State keeps them: by `from`, not overlapping; a room that the
// timetable does not name has none. A lesson that falls wholly into an hour that clocks leap over
// is none.
std::map<RoomId, std::vector<Lesson>> lessons_of(const Timetable& timetable,
                                                 const std::set<RoomId>& rooms,
                                                 const ToMoment& to_moment);

}  // namespace lokaal
