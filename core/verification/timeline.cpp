#include "core/verification/timeline.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace lokaal {
namespace {

class Exams {
 public:
  void take(const LogEntry& entry) {
    const RoomId room = entry.room.value_or(RoomId());
    if (const auto* begin = std::get_if<entry::ExamBegin>(&entry.body)) {
      open_.emplace(std::pair(room, begin->exam.str()), entry.at);
    } else if (const auto* end = std::get_if<entry::ExamEnd>(&entry.body)) {
      close({room, end->exam.str()}, entry.at);
    } else if (const auto* change = std::get_if<entry::Change>(&entry.body)) {
      // One that sets, extends or pauses an exam names it; `exam-end` alone ends it.
      if (change->exam) open_.emplace(std::pair(room, change->exam->str()), entry.at);
    }
  }

  // In order, those that overlap as one.
  std::vector<TimeSpan> until(WallTime end) {
    for (const auto& [key, from] : open_) spans_.push_back({from, end});
    std::sort(spans_.begin(), spans_.end(),
              [](const TimeSpan& a, const TimeSpan& b) { return a.from < b.from; });
    std::vector<TimeSpan> merged;
    for (const TimeSpan& span : spans_) {
      if (!merged.empty() && span.from <= merged.back().to) {
        merged.back().to = std::max(merged.back().to, span.to);
      } else {
        merged.push_back(span);
      }
    }
    return merged;
  }

 private:
  using Key = std::pair<RoomId, std::string>;

  void close(const Key& key, WallTime at) {
    const auto found = open_.find(key);
    if (found == open_.end()) return;
    spans_.push_back({found->second, at});
    open_.erase(found);
  }

  std::map<Key, WallTime> open_;
  std::vector<TimeSpan> spans_;
};

}  // namespace

bool concerns(const LogEntry& entry, const std::optional<RoomId>& room) {
  return !room || !entry.room || *entry.room == *room;
}

Timeline timeline_of(const ReadEntries& entries, const std::optional<RoomId>& room) {
  Timeline out;
  if (entries.empty()) return out;
  out.log = {entries.front().entry.at, entries.back().entry.at};
  Exams exams;
  for (const ReadEntry& read : entries) {
    if (!concerns(read.entry, room)) continue;
    exams.take(read.entry);
    if (const auto* beat = std::get_if<entry::Heartbeat>(&read.entry.body)) {
      out.beats.push_back({read.index, read.entry.at, beat->n, beat->agents_ok, read.entry.room});
    } else if (const auto* gap = std::get_if<entry::Gap>(&read.entry.body)) {
      out.gaps.push_back({read.index, {gap->from, gap->to}, gap->why});
    } else if (const auto* seen = std::get_if<entry::Observation>(&read.entry.body)) {
      if (seen->scope != "self" && seen->verdict == "agrees")
        out.seen_from_outside.push_back(read.entry.at);
    }
  }
  out.exams = exams.until(out.log.to);
  return out;
}

}  // namespace lokaal
