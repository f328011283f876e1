// Exams that run, and what can be asked of them.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/devices/device.hpp"
#include "core/policy/cause.hpp"
#include "core/policy/exam_plan.hpp"
#include "core/traffic/service.hpp"

namespace lokaal {

// Everything ends by itself, also an exam that was paused and forgotten.
inline constexpr std::chrono::hours kLongestPause{6};

// A running exam: of a whole room, or of its candidates wherever they are.
struct Exam {
  ExamId id;
  RoomId room;
  bool whole_room = true;
  std::map<DeviceId, WallTime> candidates;  // each with an own end (extra time)
  std::set<ServiceId> allow;
  // Single host names of the allow-list, each with the service of the catalogue that it is part of,
  // which it does not open.
  std::map<ServiceId, std::optional<ServiceId>> hosts;
  WallTime until;
  std::optional<WallTime> latest;  // to which it can be extended; absent: nobody said
  // By an emergency or by hand: candidates stay closed, the clock has stood since then.
  std::optional<WallTime> paused;
  bool paused_by_hand = false;  // then the end of an emergency does not resume it
  bool planned = false;         // else a test that a teacher began with set-mode
  PersonId owner;               // whose plan or test it is
  ExamKind kind = ExamKind::test;
  std::uint64_t plan_version = 0;  // 0: no plan
  Cause by;                        // what brought it into its present form

  // When the last of its candidates is let go. Of a paused exam: as things stood when it paused.
  WallTime end() const;
  // When this exam lets go whom it holds until `an_end`. While it is paused that does not come, but
  // for the end of what is never resumed; who was let go before stays free.
  WallTime let_go(WallTime an_end) const {
    return paused && *paused < an_end ? std::max(*paused + kLongestPause, an_end) : an_end;
  }
  bool holds_until(WallTime an_end, WallTime now) const { return now < let_go(an_end); }
  // Whether it still holds anybody.
  bool runs(WallTime now) const { return holds_until(end(), now); }
  // Whether the room itself is held.
  bool holds_room(WallTime now) const { return whole_room && holds_until(until, now); }

  bool operator==(const Exam&) const = default;
};

// The exam as it goes on after a pause: every end has moved by what the pause took.
Exam resumed(Exam exam, WallTime now);
// With another end; candidates who have more time than others keep it, and who was let go at `now`
// stays free.
Exam extended(Exam exam, WallTime until, WallTime now);
// With another end for one candidate.
Exam extended(Exam exam, const DeviceId& candidate, WallTime until);
// A planned exam as it begins.
Exam begun(const PlannedExam& plan, WallTime until);

// Host names of exams get classes of their own while an exam names them: kFirstHostNumber and up,
// in turn, so that a number is not given again soon (live flows may still carry it).
inline constexpr std::size_t kMostExamHosts = kLastHostNumber - kFirstHostNumber + 1;

struct ExamHost {
  ServiceNumber number = kUnclassified;
  std::optional<ServiceId> part_of;

  bool operator==(const ExamHost&) const = default;
};

}  // namespace lokaal
