// An exam as the coordinator planned it (SCHEMAS "Plan documents", inventory exams): what the
// commands start, extend, pause, resume and end refer to.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"

namespace lokaal {

enum class ExamKind : std::uint8_t { test, school_exam, central_exam };
std::string_view name_of(ExamKind kind);  // "school-exam"
std::optional<ExamKind> exam_kind_from(std::string_view name);

struct PlannedExam {
  ExamId id;
  ExamKind kind = ExamKind::test;
  RoomId room;
  std::optional<std::string> group;  // a group within the room; absent: the whole room
  WallTime from;
  WallTime to;
  // Closed wherever they are, each until the exam's end or an end of its own (extra time).
  std::map<DeviceId, std::optional<WallTime>> candidates;
  std::vector<std::string> allow;  // services of the catalogue or host names
  std::string lab;                 // what lab machines do: none, lock, kiosk, power-off, external
  std::optional<WallTime> action_until;  // how long they do; absent: as long as the exam
  std::set<RoomId> neighbours;
  PersonId owner;                  // who signed the plan
  std::uint64_t plan_version = 0;  // of the document that it came from

  bool operator==(const PlannedExam&) const = default;
};

}  // namespace lokaal
