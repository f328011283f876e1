#include "daemon/controller/plan_update.hpp"

namespace lokaal {

void apply(const PlanInForce& plan, State& state) {
  for (auto& [id, room] : state.rooms) {
    const auto lessons = plan.lessons.find(id);
    room.lessons = lessons == plan.lessons.end() ? std::vector<Lesson>() : lessons->second;
  }
  state.planned = plan.planned;
}

}  // namespace lokaal
