// The events of exams: as they begin, change, pause and end. Pure.
#pragma once

#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/policy/event.hpp"
#include "core/policy/state.hpp"
#include "core/traffic/catalogue.hpp"

namespace lokaal {

// Sorts what an allow-list names into services of the catalogue and host names.
void allow_names(Exam& exam, const std::vector<std::string>& names, const Catalogue& catalogue);

// Begins it; in an emergency it stands still from its first moment.
std::vector<Event> exam_begins(Exam exam, const State& state, WallTime now);
// Nothing where it is paused, or is not, already.
std::vector<Event> exam_pauses(const Exam& exam, const std::string& cause, bool by_hand,
                               WallTime now);
std::vector<Event> exam_resumes(const Exam& exam, const std::string& cause, WallTime now);
Event exam_ends(const Exam& exam, const std::string& cause);

// An emergency suspends, and its end resumes, the exams of a room.
std::vector<Event> exams_pause(const State& state, const RoomId& room, WallTime now);
std::vector<Event> exams_resume(const State& state, const RoomId& room, WallTime now);

}  // namespace lokaal
