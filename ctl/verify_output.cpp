#include "ctl/verify_output.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "ctl/verify_words.hpp"
#include "ctl/wall_time.hpp"

namespace lokaal::ctl {
namespace {

namespace json = boost::json;

constexpr Language kLanguage = Language::en;

json::value time_or_null(const std::optional<WallTime>& time) {
  return time ? json::value(format_time(*time)) : json::value(nullptr);
}
json::value text_or_null(std::string_view text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

json::value machines_json(const std::optional<entry::Machines>& machines) {
  if (!machines) return nullptr;
  return json::object{{"total", machines->total},       {"locked", machines->locked},
                      {"off", machines->off},           {"silent", machines->silent},
                      {"unlocked", machines->unlocked}, {"external", machines->external}};
}

json::value finding_json(const Finding& finding) {
  const FindingWords words = words_for(finding.kind, kLanguage);
  return json::object{
      {"kind", name_of(finding.kind)},
      {"gap", is_gap(finding.kind)},
      {"file", text_or_null(finding.file)},
      {"entry", finding.index ? json::value(std::to_string(*finding.index)) : json::value(nullptr)},
      {"from", time_or_null(finding.from)},
      {"to", time_or_null(finding.to)},
      {"what", words.what},
      {"detail", text_or_null(finding.detail)},
      {"meaning", words.meaning}};
}

std::string entries_text(const std::map<std::string, std::uint64_t>& entries) {
  std::string out;
  for (const auto& [type, count] : entries)
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", count, type);
  return out;
}

// What a log says is not to move a terminal's cursor, nor to look like a line of ours: control
// characters (C0, DEL, and C1 as UTF-8 has them) become a question mark.
std::string one_line(std::string text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool c1 =
        byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (byte >= 0x20 && byte != 0x7F && !c1) continue;
    if (c1) text.erase(i + 1, 1);
    text[i] = '?';
  }
  return text;
}

}  // namespace

std::string verification_text(const Verification& verification) {
  std::string out(name_of(verification.verdict));
  if (const auto& checkpoint = verification.checkpoint)
    out +=
        fmt::format(", through this gateway: {}, {} entries", checkpoint->origin, checkpoint->size);
  if (verification.time)
    out += fmt::format(", {} to {}", show_moment(verification.time->from),
                       show_moment(verification.time->to));
  out += "\n";
  for (const Finding& finding : verification.findings.all()) {
    const FindingWords words = words_for(finding.kind, kLanguage);
    out += fmt::format("{}: {}: {} ({})\n    {}\n", is_gap(finding.kind) ? "gap" : "wrong",
                       place_of(finding, kLanguage), words.what, one_line(finding.detail),
                       words.meaning);
  }
  if (verification.findings.untold() > 0)
    out += fmt::format("and {} more of these kinds\n", verification.findings.untold());
  if (!verification.entries.empty())
    out += fmt::format("entries: {}\n", entries_text(verification.entries));
  for (const TimeSpan& exam : verification.exams)
    out += fmt::format("exam: {} to {}\n", show_moment(exam.from), show_moment(exam.to));
  if (const auto& machines = verification.machines)
    out += fmt::format("machines, last count: {}: {} locked, {} off, {} silent, {} unlocked\n",
                       machines->total, machines->locked, machines->off, machines->silent,
                       machines->unlocked);
  const ProofCounts& proofs = verification.proofs;
  out += fmt::format(
      "sightings: {}; gaps: {}; erased or not here: {} ({} with its erasure recorded)\n",
      verification.sightings, verification.findings.gaps(), proofs.erased, proofs.erased_recorded);
  out += fmt::format(
      "signatures that hold: {} of commands ({} could not be checked), {} of reports "
      "({} could not be checked)\n",
      proofs.commands_signed, proofs.commands_unread, proofs.observations_signed,
      proofs.observations_unread);
  for (const Cosigner& cosigner : verification.cosigners)
    out += fmt::format("cosigned: {} at {}\n", cosigner.witness, show_moment(cosigner.at));
  out += "not checked:";
  for (const Unchecked one : verification.unchecked)
    out += fmt::format("\n  - {}", words_for(one, kLanguage));
  return out;
}

json::object verification_json(const Verification& verification,
                               const std::optional<RoomId>& room) {
  json::array exams, findings, unchecked, cosigners;
  for (const TimeSpan& exam : verification.exams)
    exams.push_back(json::object{{"from", format_time(exam.from)}, {"to", format_time(exam.to)}});
  for (const Finding& finding : verification.findings.all())
    findings.push_back(finding_json(finding));
  for (const Unchecked one : verification.unchecked)
    unchecked.push_back(
        json::object{{"what", name_of(one)}, {"meaning", words_for(one, kLanguage)}});
  for (const Cosigner& cosigner : verification.cosigners)
    cosigners.push_back(
        json::object{{"witness", cosigner.witness}, {"at", format_time(cosigner.at)}});
  json::object entries;
  for (const auto& [type, count] : verification.entries) entries[type] = count;
  const auto& checkpoint = verification.checkpoint;
  const ProofCounts& proofs = verification.proofs;
  return {
      {"verdict", name_of(verification.verdict)},
      {"scope", "through this gateway"},
      {"log", checkpoint ? json::value(checkpoint->origin) : json::value(nullptr)},
      {"size", checkpoint ? json::value(std::to_string(checkpoint->size)) : json::value(nullptr)},
      {"root", checkpoint ? json::value(hash_text(checkpoint->root)) : json::value(nullptr)},
      {"signed_by", text_or_null(verification.signed_by)},
      {"cosigners", std::move(cosigners)},
      {"room", room ? json::value(room->str()) : json::value(nullptr)},
      {"from", verification.time ? json::value(format_time(verification.time->from))
                                 : json::value(nullptr)},
      {"to",
       verification.time ? json::value(format_time(verification.time->to)) : json::value(nullptr)},
      {"exams", std::move(exams)},
      {"entries", std::move(entries)},
      {"machines", machines_json(verification.machines)},
      {"sightings", verification.sightings},
      {"gaps", verification.findings.gaps()},
      {"opened", proofs.opened},
      {"erased", proofs.erased},
      {"erased_recorded", proofs.erased_recorded},
      {"commands", json::object{{"signed", proofs.commands_signed},
                                {"unread", proofs.commands_unread},
                                {"unsigned", proofs.commands_unsigned}}},
      {"observations", json::object{{"signed", proofs.observations_signed},
                                    {"unread", proofs.observations_unread}}},
      {"findings", std::move(findings)},
      {"more_findings", verification.findings.untold()},
      {"not_checked", std::move(unchecked)}};
}

}  // namespace lokaal::ctl
