#include "core/verification/continuity.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace lokaal {
namespace {

using Spans = std::vector<TimeSpan>;

// What of `whole` none of `holes` covers.
Spans without(const TimeSpan& whole, const std::vector<RecordedGap>& holes) {
  Spans rest{whole};
  for (const RecordedGap& hole : holes) {
    Spans next;
    for (const TimeSpan& span : rest) {
      if (!span.overlaps(hole.span)) {
        next.push_back(span);
        continue;
      }
      if (span.from < hole.span.from) next.push_back({span.from, hole.span.from});
      if (hole.span.to < span.to) next.push_back({hole.span.to, span.to});
    }
    rest = std::move(next);
  }
  return rest;
}

class Continuity {
 public:
  Continuity(const Timeline& timeline, const AskedTime& asked, Findings& findings)
      : timeline_(timeline), findings_(findings), asked_(asked) {
    window_ = {std::max(asked.from.value_or(timeline.log.from), timeline.log.from),
               std::min(asked.to.value_or(timeline.log.to), timeline.log.to)};
  }

  void check() {
    outside();
    if (window_.to < window_.from) return;
    recorded();
    silences();
    numbers();
    observers();
  }

 private:
  void gap(FindingKind kind, const TimeSpan& span, std::string detail,
           std::optional<std::uint64_t> index = {}) {
    findings_.add({kind, {}, index, span.from, span.to, std::move(detail)});
  }
  bool within(WallTime at) const { return window_.from <= at && at <= window_.to; }

  void outside() {
    if (asked_.from && *asked_.from < timeline_.log.from)
      gap(FindingKind::not_covered,
          {*asked_.from, std::min(timeline_.log.from, asked_.to.value_or(timeline_.log.from))},
          "the log begins later");
    if (asked_.to && timeline_.log.to < *asked_.to)
      gap(FindingKind::not_covered,
          {std::max(timeline_.log.to, asked_.from.value_or(timeline_.log.to)), *asked_.to},
          "the log ends earlier");
  }

  void recorded() {
    for (const RecordedGap& one : timeline_.gaps)
      if (one.span.from <= window_.to && window_.from <= one.span.to)
        gap(FindingKind::gap_recorded, one.span, one.why, one.index);
  }

  // Between two heartbeats, and before the first and behind the last.
  void silences() {
    WallTime last = window_.from;
    for (const Beat& beat : timeline_.beats) {
      if (beat.at <= window_.from) {
        before_ = beat.at;  // silence counts from there
        continue;
      }
      silence({last, std::min(beat.at, window_.to)});
      last = std::min(beat.at, window_.to);
      if (beat.at >= window_.to) return;
    }
    silence({last, window_.to});
  }

  void silence(TimeSpan span) {
    if (span.from == window_.from && before_) span.from = *before_;
    for (const TimeSpan& piece : without(span, timeline_.gaps)) {
      if (piece.to - piece.from > kLongestSilence) {
        gap(FindingKind::heartbeat_late, piece, "no heartbeat for over five minutes");
        continue;
      }
      for (const TimeSpan& exam : timeline_.exams) {
        const TimeSpan part{std::max(piece.from, exam.from), std::min(piece.to, exam.to)};
        if (part.to - part.from > kLongestSilenceInExams)
          gap(FindingKind::heartbeat_late, part, "no heartbeat for over 30 seconds of an exam");
      }
    }
  }

  // A gap that is recorded may begin the count anew.
  void numbers() {
    std::map<std::optional<RoomId>, Beat> last;
    for (const Beat& beat : timeline_.beats) {
      const auto before = last.find(beat.room);
      if (before != last.end() && within(beat.at) && beat.n != before->second.n + 1 &&
          !gap_between(before->second.index, beat.index))
        gap(FindingKind::heartbeat_lost, {before->second.at, beat.at},
            "heartbeat " + std::to_string(beat.n) + " follows heartbeat " +
                std::to_string(before->second.n),
            beat.index);
      last.insert_or_assign(beat.room, beat);
    }
  }

  bool gap_between(std::uint64_t first, std::uint64_t second) const {
    return std::any_of(timeline_.gaps.begin(), timeline_.gaps.end(), [&](const RecordedGap& one) {
      return first < one.index && one.index < second;
    });
  }

  void observers() {
    for (const TimeSpan& exam : timeline_.exams) {
      std::optional<TimeSpan> alone;
      std::size_t beats = 0, without_agent = 0;
      for (const Beat& beat : timeline_.beats) {
        if (!within(beat.at) || beat.at < exam.from || exam.to <= beat.at) continue;
        ++beats;
        if (beat.agents_ok > 0) continue;
        ++without_agent;
        if (!alone) alone = TimeSpan{beat.at, beat.at};
        alone->to = beat.at;
      }
      if (alone)
        gap(FindingKind::observer_absent, *alone,
            std::to_string(without_agent) + " of " + std::to_string(beats) +
                " heartbeats of the exam know of no agent");
      // What an agent says of its own box is its own word (INTERFACES section 4: another box).
      const bool from_outside =
          std::any_of(timeline_.seen_from_outside.begin(), timeline_.seen_from_outside.end(),
                      [&](WallTime at) { return at < exam.to; });
      if (!alone && !from_outside)
        gap(FindingKind::observer_absent, exam, "no agent on another box was heard before its end");
    }
  }

  const Timeline& timeline_;
  Findings& findings_;
  const AskedTime asked_;
  TimeSpan window_;
  std::optional<WallTime> before_;
};

}  // namespace

void check_continuity(const Timeline& timeline, const AskedTime& asked, Findings& findings) {
  Continuity(timeline, asked, findings).check();
}

}  // namespace lokaal
