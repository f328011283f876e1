#include "core/verification/verification.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/verification/entry_order.hpp"
#include "core/verification/timeline.hpp"

namespace lokaal {
namespace {

// What is counted is what was asked for.
void count(const ReadEntries& entries, const VerificationRequest& request, Verification& out) {
  for (const ReadEntry& read : entries) {
    const LogEntry& entry = read.entry;
    if (!concerns(entry.room, request.room) || entry.at < out.time->from || out.time->to < entry.at)
      continue;
    ++out.entries[std::string(entry.type())];
    if (const auto* sighting = std::get_if<entry::Sighting>(&entry.body))
      out.sightings += static_cast<std::uint64_t>(std::max<std::int64_t>(sighting->count, 0));
    // A heartbeat without a room counts the machines of all of them.
    if (const auto* beat = std::get_if<entry::Heartbeat>(&entry.body);
        beat && beat->machines && (entry.room || !request.room))
      out.machines = beat->machines;
    if (const auto* exam = std::get_if<entry::ExamBegin>(&entry.body); exam && exam->machines)
      out.machines = exam->machines;
  }
}

bool is_sealed(const ReadEntries& entries) {
  return !entries.empty() && std::holds_alternative<entry::Seal>(entries.back().entry.body);
}

std::vector<Unchecked> left_open(const VerificationRequest& request, const ReadEntries& entries) {
  std::vector<Unchecked> out{Unchecked::replay};
  out.push_back(request.policy.needs_witnesses() ? Unchecked::earlier_witness
                                                 : Unchecked::no_witness);
  if (request.policy_from_log) out.push_back(Unchecked::own_policy);
  if (!request.keys) {
    out.push_back(Unchecked::no_keys);
  } else if (request.keys_from_log) {
    out.push_back(Unchecked::own_keys);
  }
  if (!is_sealed(entries)) out.push_back(Unchecked::log_open);
  return out;
}

LogVerdict verdict_on(const Findings& findings) {
  if (findings.any_fault()) return LogVerdict::not_proven;
  return findings.gaps() > 0 ? LogVerdict::proven_with_gaps : LogVerdict::proven;
}

}  // namespace

std::string_view name_of(LogVerdict verdict) {
  switch (verdict) {
    case LogVerdict::proven:
      return "proven";
    case LogVerdict::proven_with_gaps:
      return "proven with gaps";
    case LogVerdict::not_proven:
      return "not proven";
  }
  return "?";
}

std::string_view name_of(Unchecked unchecked) {
  switch (unchecked) {
    case Unchecked::replay:
      return "replay";
    case Unchecked::no_witness:
      return "no-witness";
    case Unchecked::earlier_witness:
      return "earlier-witness";
    case Unchecked::own_policy:
      return "own-policy";
    case Unchecked::own_keys:
      return "own-keys";
    case Unchecked::no_keys:
      return "no-keys";
    case Unchecked::log_open:
      return "log-open";
  }
  return "?";
}

Result<Verification> verify_log(const VerificationRequest& request) {
  Verification out;
  auto content = read_log(request.read, request.policy, out.findings);
  if (!content) return tl::unexpected(content.error());
  out.checkpoint = content->checkpoint;
  out.signed_by = content->signed_by;
  out.cosigners = content->cosigners;
  const ReadEntries entries = parse_entries(*content, out.findings);
  out.unchecked = left_open(request, entries);
  if (!entries.empty()) {
    check_order(entries, *content, out.findings);
    const KeySet* keys = request.keys ? &*request.keys : nullptr;
    const auto proofs = check_proofs(entries, *content, request.read, keys, out.findings);
    if (!proofs) return tl::unexpected(proofs.error());
    out.proofs = *proofs;
    const Timeline timeline = timeline_of(entries, request.room);
    out.time = TimeSpan{request.time.from.value_or(timeline.log.from),
                        request.time.to.value_or(timeline.log.to)};
    std::copy_if(timeline.exams.begin(), timeline.exams.end(), std::back_inserter(out.exams),
                 [&](const TimeSpan& exam) { return exam.overlaps(*out.time); });
    check_continuity(timeline, request.time, out.findings);
    count(entries, request, out);
  } else if (out.checkpoint && out.checkpoint->size == 0) {
    out.findings.add({FindingKind::genesis_wrong, "checkpoint", {}, {}, {}, "the log is empty"});
  }
  out.verdict = verdict_on(out.findings);
  return out;
}

}  // namespace lokaal
