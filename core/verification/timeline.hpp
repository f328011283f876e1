// When a gateway was watching, and when an exam ran, as its log tells.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/verification/read_entry.hpp"

namespace lokaal {

struct Beat {
  std::uint64_t index = 0;
  WallTime at{};
  std::int64_t n = 0;
  std::int64_t agents_ok = 0;
  std::optional<RoomId> room;
};

struct RecordedGap {
  std::uint64_t index = 0;
  TimeSpan span;
  std::string why;
};

struct RoomExam {
  std::optional<RoomId> room;
  TimeSpan span;
};

// An agent on another box than its gateway began to agree with what the gateway says of the room,
// or ceased to: it drifts or is silent.
struct OutsideView {
  WallTime at{};
  NodeId node;
  std::optional<RoomId> room;
  bool agrees = false;
};

struct Timeline {
  TimeSpan log;                      // from the first entry to the last
  std::vector<TimeSpan> exams;       // of all rooms asked for; in order, not overlapping
  std::vector<RoomExam> room_exams;  // the same, each for itself
  std::vector<Beat> beats;
  std::vector<RecordedGap> gaps;
  std::vector<OutsideView> outside;
};

// Whether an entry of a room, or of none, concerns the room; entries without a room concern every
// one, and all concern who asks for none.
bool concerns(const std::optional<RoomId>& of, const std::optional<RoomId>& room);

// An exam lasts from `exam-begin`, or the first `change` that names it, to `exam-end`, pauses
// included. One that does not end lasts until the log does.
Timeline timeline_of(const ReadEntries& entries, const std::optional<RoomId>& room);

}  // namespace lokaal
