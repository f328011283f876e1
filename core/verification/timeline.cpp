#include "core/verification/timeline.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace lokaal {
namespace {

class Exams {
 public:
  void take(const LogEntry& entry) {
    if (const auto* begin = std::get_if<entry::ExamBegin>(&entry.body)) {
      open_.emplace(Key(entry.room, begin->exam.str()), entry.at);
    } else if (const auto* end = std::get_if<entry::ExamEnd>(&entry.body)) {
      close({entry.room, end->exam.str()}, entry.at);
    } else if (const auto* change = std::get_if<entry::Change>(&entry.body)) {
      // One that sets, extends or pauses an exam names it; `exam-end` alone ends it.
      if (change->exam) open_.emplace(Key(entry.room, change->exam->str()), entry.at);
    }
  }

  std::vector<RoomExam> until(WallTime end) && {
    for (const auto& [key, from] : open_) exams_.push_back({key.first, {from, end}});
    std::sort(exams_.begin(), exams_.end(),
              [](const RoomExam& a, const RoomExam& b) { return a.span.from < b.span.from; });
    return std::move(exams_);
  }

 private:
  using Key = std::pair<std::optional<RoomId>, std::string>;

  void close(const Key& key, WallTime at) {
    const auto found = open_.find(key);
    if (found == open_.end()) return;
    exams_.push_back({key.first, {found->second, at}});
    open_.erase(found);
  }

  std::map<Key, WallTime> open_;
  std::vector<RoomExam> exams_;
};

// Those that overlap as one.
std::vector<TimeSpan> merged(const std::vector<RoomExam>& exams) {
  std::vector<TimeSpan> out;
  for (const auto& [room, span] : exams) {
    if (!out.empty() && span.from <= out.back().to) {
      out.back().to = std::max(out.back().to, span.to);
    } else {
      out.push_back(span);
    }
  }
  return out;
}

}  // namespace

bool concerns(const std::optional<RoomId>& of, const std::optional<RoomId>& room) {
  return !room || !of || *of == *room;
}

Timeline timeline_of(const ReadEntries& entries, const std::optional<RoomId>& room) {
  Timeline out;
  if (entries.empty()) return out;
  out.log = {entries.front().entry.at, entries.back().entry.at};
  Exams exams;
  for (const ReadEntry& read : entries) {
    if (!concerns(read.entry.room, room)) continue;
    exams.take(read.entry);
    if (const auto* beat = std::get_if<entry::Heartbeat>(&read.entry.body)) {
      out.beats.push_back({read.index, read.entry.at, beat->n, beat->agents_ok, read.entry.room});
    } else if (const auto* gap = std::get_if<entry::Gap>(&read.entry.body)) {
      out.gaps.push_back({read.index, {gap->from, gap->to}, gap->why});
    } else if (const auto* seen = std::get_if<entry::Observation>(&read.entry.body)) {
      if (seen->scope != "self")
        out.outside.push_back(
            {read.entry.at, seen->node, read.entry.room, seen->verdict == "agrees"});
    }
  }
  out.room_exams = std::move(exams).until(out.log.to);
  out.exams = merged(out.room_exams);
  return out;
}

}  // namespace lokaal
