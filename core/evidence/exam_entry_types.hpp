// The entries about exams, emergencies, release, and the log itself (SCHEMAS, "Log entries").
#pragma once

#include "core/evidence/entry_types.hpp"

namespace lokaal::entry {

struct ExamBegin {
  static constexpr std::string_view kType = "exam-begin";
  ExamId exam;
  Maybe<std::int64_t> plan_version;  // null: an unplanned test
  Maybe<Machines> machines;
  template <class S, class V>
  static void members(S& s, V& v) {
    v("exam", s.exam), v("plan_version", s.plan_version), v("machines", s.machines);
  }
  bool operator==(const ExamBegin&) const = default;
};

struct ExamStep {
  ExamId exam;
  Text cause;
  template <class S, class V>
  static void members(S& s, V& v) {
    v("exam", s.exam), v("cause", s.cause);
  }
  bool operator==(const ExamStep&) const = default;
};
struct ExamPause : ExamStep {
  static constexpr std::string_view kType = "exam-pause";
};
struct ExamResume : ExamStep {
  static constexpr std::string_view kType = "exam-resume";
};
struct ExamEnd : ExamStep {
  static constexpr std::string_view kType = "exam-end";
};

struct EmergencyBegin {
  static constexpr std::string_view kType = "emergency-begin";
  Maybe<CommandId> jti;
  WallTime until{};
  template <class S, class V>
  static void members(S& s, V& v) {
    v("jti", s.jti), v("until", s.until);
  }
  bool operator==(const EmergencyBegin&) const = default;
};

struct EmergencyEnd {
  static constexpr std::string_view kType = "emergency-end";
  Text cause;
  template <class S, class V>
  static void members(S& s, V& v) {
    v("cause", s.cause);
  }
  bool operator==(const EmergencyEnd&) const = default;
};

struct Release {
  static constexpr std::string_view kType = "release";
  std::int64_t total = 0;
  Texts still_locked;
  template <class S, class V>
  static void members(S& s, V& v) {
    v("total", s.total), v("still_locked", s.still_locked);
  }
  bool operator==(const Release&) const = default;
};

struct Erasure {
  static constexpr std::string_view kType = "erasure";
  std::vector<ErasureTarget> targets;
  Text why;
  template <class S, class V>
  static void members(S& s, V& v) {
    v("targets", s.targets), v("why", s.why);
  }
  bool operator==(const Erasure&) const = default;
};

struct Authorised {
  Text target;
  std::vector<KeyId> kids;
  Text why_code;
  template <class S, class V>
  static void members(S& s, V& v) {
    v("target", s.target), v("kids", s.kids), v("why_code", s.why_code);
  }
  bool operator==(const Authorised&) const = default;
};
struct Hold : Authorised {
  static constexpr std::string_view kType = "hold";
};
struct Disclosure : Authorised {
  static constexpr std::string_view kType = "disclosure";
};

// The last entry of a log.
struct Seal {
  static constexpr std::string_view kType = "seal";
  Text next_epoch;
  template <class S, class V>
  static void members(S& s, V& v) {
    v("next_epoch", s.next_epoch);
  }
  bool operator==(const Seal&) const = default;
};

}  // namespace lokaal::entry
