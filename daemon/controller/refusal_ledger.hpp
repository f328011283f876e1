// Counts refusals that no `command` entry tells, so that a flood of forgeries cannot fill the log.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/command/reason.hpp"
#include "core/evidence/entry.hpp"

namespace lokaal {

// One thread. The first ten of a minute are entries of their own, the rest one entry a reason.
class RefusalLedger {
 public:
  struct Line {
    std::optional<RoomId> room;
    entry::Refused refused;
  };

  // The entry to write now, or none: it was added to the minute's sum.
  std::optional<Line> add(Reason reason, std::optional<RoomId> room, WallTime now);
  // When sums are due, if there are any.
  std::optional<WallTime> due() const;
  // The sums, which start anew.
  std::vector<Line> take(WallTime now);

 private:
  static constexpr unsigned kPerMinute = 10;

  void turn(WallTime now);

  WallTime minute_{};
  unsigned written_ = 0;
  std::map<std::pair<Reason, std::optional<RoomId>>, entry::Refused> sums_;
};

}  // namespace lokaal
