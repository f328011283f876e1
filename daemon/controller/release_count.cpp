#include "daemon/controller/release_count.hpp"

#include <utility>

namespace lokaal {

std::optional<SteadyTime> ReleaseCount::due() const {
  std::optional<SteadyTime> first;
  for (const auto& [room, due] : due_)
    if (!first || due < *first) first = due;
  return first;
}

std::vector<Released> ReleaseCount::take(SteadyTime now, const Count& count) {
  std::vector<Released> done;
  for (auto it = due_.begin(); it != due_.end();) {
    Released released = count(it->first);
    if (!released.still_locked.empty() && now < it->second) {
      ++it;
      continue;
    }
    done.push_back(std::move(released));
    it = due_.erase(it);
  }
  return done;
}

}  // namespace lokaal
