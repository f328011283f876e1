#include "core/verification/continuity.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace lokaal {
namespace {

using Spans = std::vector<TimeSpan>;

// What of `whole` none of `holes` covers.
Spans without(const TimeSpan& whole, const Spans& holes) {
  Spans rest{whole};
  for (const TimeSpan& hole : holes) {
    Spans next;
    for (const TimeSpan& span : rest) {
      if (!span.overlaps(hole)) {
        next.push_back(span);
        continue;
      }
      if (span.from < hole.from) next.push_back({span.from, hole.from});
      if (hole.to < span.to) next.push_back({hole.to, span.to});
    }
    rest = std::move(next);
  }
  return rest;
}

class Continuity {
 public:
  Continuity(const Timeline& timeline, const AskedTime& asked, Findings& findings)
      : timeline_(timeline), findings_(findings), asked_(asked) {
    for (const RecordedGap& one : timeline.gaps) gaps_.push_back(one.span);
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
    for (const TimeSpan& piece : without(span, gaps_)) {
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

  // What an agent says of its own box is its own word; another box is to bear out an exam in time
  // (INTERFACES section 4).
  void observers() {
    for (const RoomExam& exam : timeline_.room_exams) {
      const TimeSpan span{std::max(exam.span.from, window_.from),
                          std::min(exam.span.to, window_.to)};
      if (span.to <= span.from) continue;
      for (const TimeSpan& piece : without(span, borne_out(exam.room)))
        if (piece.to - piece.from > kLongestSilenceInExams)
          gap(FindingKind::observer_absent, piece,
              (exam.room ? exam.room->str() + ": " : std::string()) +
                  "no agent on another box agreed for over 30 seconds of an exam");
    }
  }

  // When at least one agent on another box agreed, but for when the gateway itself heard none.
  Spans borne_out(const std::optional<RoomId>& room) const {
    std::map<NodeId, WallTime> since;
    Spans out;
    const Spans alone = without_agents();
    const auto add = [&](const TimeSpan& span) {
      for (const TimeSpan& piece : without(span, alone)) out.push_back(piece);
    };
    for (const OutsideView& view : timeline_.outside) {
      if (!concerns(view.room, room)) continue;
      if (view.agrees) {
        since.try_emplace(view.node, view.at);
      } else if (const auto agreed = since.extract(view.node)) {
        add({agreed.mapped(), view.at});
      }
    }
    for (const auto& [node, from] : since) add({from, timeline_.log.to});
    return out;
  }

  // From a heartbeat that knows of no agent to the next one.
  Spans without_agents() const {
    Spans out;
    for (std::size_t i = 0; i < timeline_.beats.size(); ++i) {
      if (timeline_.beats[i].agents_ok > 0) continue;
      const bool last = i + 1 == timeline_.beats.size();
      out.push_back({timeline_.beats[i].at, last ? timeline_.log.to : timeline_.beats[i + 1].at});
    }
    return out;
  }

  const Timeline& timeline_;
  Findings& findings_;
  const AskedTime asked_;
  Spans gaps_;
  TimeSpan window_;
  std::optional<WallTime> before_;
};

}  // namespace

void check_continuity(const Timeline& timeline, const AskedTime& asked, Findings& findings) {
  Continuity(timeline, asked, findings).check();
}

}  // namespace lokaal
