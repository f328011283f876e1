#include "core/plan/lessons.hpp"

namespace lokaal {

std::map<RoomId, std::vector<Lesson>> lessons_of(const Timetable& timetable,
                                                 const std::set<RoomId>& rooms,
                                                 const ToMoment& to_moment) {
  std::map<RoomId, std::vector<Lesson>> out;
  for (const RoomId& room : rooms) out[room];
  for (const TimetabledLesson& lesson : timetable.lessons) {
    const auto room = out.find(lesson.room);
    if (room == out.end()) continue;
    const WallTime from = to_moment(lesson.from);
    const WallTime to = to_moment(lesson.to);
    if (from < to) room->second.push_back({from, to, lesson.teacher, lesson.mode});
  }
  return out;
}

}  // namespace lokaal
