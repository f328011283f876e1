// An entry of a log that was read, with its place.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/evidence/entry.hpp"

namespace lokaal {

struct ReadEntry {
  std::uint64_t index = 0;
  std::string_view bytes;
  LogEntry entry;
};
using ReadEntries = std::vector<ReadEntry>;

// A span of time; `to` does not belong to it.
struct TimeSpan {
  WallTime from{}, to{};

  bool overlaps(const TimeSpan& other) const { return from < other.to && other.from < to; }
  bool operator==(const TimeSpan&) const = default;
};

}  // namespace lokaal
