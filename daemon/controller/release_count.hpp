// After something was let go: how many lab machines hold on. Pure.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "core/base/time.hpp"
#include "core/policy/event.hpp"

namespace lokaal {

class ReleaseCount {
 public:
  // How long machines have to follow. A message, a batch of rules and a message back take a second.
  static constexpr std::chrono::seconds kPatience{10};

  void begin(const RoomId& room, SteadyTime now) { due_[room] = now + kPatience; }
  bool counts(const RoomId& room) const { return due_.count(room) > 0; }
  // When the next count ends whatever is left.
  std::optional<SteadyTime> due() const;

  // What a room's count comes to at this moment.
  using Count = std::function<Released(const RoomId&)>;
  // Those that are done: nobody holds on, or time is up.
  std::vector<Released> take(SteadyTime now, const Count& count);

 private:
  std::map<RoomId, SteadyTime> due_;
};

}  // namespace lokaal
