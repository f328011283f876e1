#include "daemon/controller/plan_update.hpp"

#include <iterator>
#include <utility>

namespace lokaal {

void PlanUpdate::follow(PlanUpdate&& older) {
  if (!roster) roster = std::move(older.roster);
  if (!plan) plan = std::move(older.plan);
  older.entries.insert(older.entries.end(), std::make_move_iterator(entries.begin()),
                       std::make_move_iterator(entries.end()));
  entries = std::move(older.entries);
}

void apply(const PlanInForce& plan, State& state) {
  for (auto& [id, room] : state.rooms) {
    const auto lessons = plan.lessons.find(id);
    room.lessons = lessons == plan.lessons.end() ? std::vector<Lesson>() : lessons->second;
  }
  state.planned = plan.planned;
}

}  // namespace lokaal
