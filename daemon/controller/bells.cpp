#include "daemon/controller/bells.hpp"

namespace lokaal {
namespace {

// A timetable may move the ends of a lesson that is on; its permissions go on then.
bool goes_on(const Lesson& before, const Lesson* now) {
  return now != nullptr && now->teacher == before.teacher && now->from < before.to;
}

void end_permissions(const State& state, const RoomId& room, std::vector<Event>& events) {
  for (const auto& [id, grant] : state.grants)
    if (grant.room == room) events.push_back(GrantEnded{id, room, "lesson-end"});
}

// The bell rings sooner than it was to when they were given.
void shorten_permissions(const State& state, const RoomId& room, WallTime bell,
                         std::vector<Event>& events) {
  for (const auto& [id, grant] : state.grants) {
    if (grant.room != room || grant.until <= bell) continue;
    Grant shorter = grant;
    shorter.until = bell;
    events.emplace_back(GrantBegun{std::move(shorter)});
  }
}

}  // namespace

Bells::Bells(const State& state, std::optional<WallTime> then) {
  if (!then) return;
  for (const auto& [id, room] : state.rooms)
    if (const Lesson* lesson = lesson_at(room, *then)) on_[id] = *lesson;
}

std::vector<Event> Bells::ring(const State& state, WallTime now) {
  std::vector<Event> events;
  for (const auto& [id, room] : state.rooms) {
    const Lesson* lesson = lesson_at(room, now);
    const auto before = on_.find(id);
    const bool was_on = before != on_.end();
    if (lesson == nullptr && !was_on) continue;
    if (lesson != nullptr && was_on && *lesson == before->second) continue;
    if (!was_on || !goes_on(before->second, lesson)) {
      end_permissions(state, id, events);
    } else {
      shorten_permissions(state, id, lesson->to, events);
    }
    events.push_back(Bell{id});
    if (lesson != nullptr) {
      on_[id] = *lesson;
    } else {
      on_.erase(id);
    }
  }
  return events;
}

}  // namespace lokaal
