#include "ctl/verify_report.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "ctl/wall_time.hpp"

namespace lokaal::ctl {
namespace {

// PROTOCOL-RULES: what every report opens with, whatever its language.
constexpr std::string_view kOpening =
    "Dit verslag stelt geen onregelmatigheid vast; dat doet de directeur, na horen.";

constexpr std::string_view kStyle =
    "body{font:16px/1.5 sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem;color:#111;"
    "background:#fff}h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem}"
    ".verdict{font-size:1.3rem;border:3px solid;padding:.6rem 1rem}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;"
    "border-bottom:1px solid #999;padding:.3rem .6rem .3rem 0}"
    "code{overflow-wrap:anywhere}small{color:#333}@media print{body{margin:0}}";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

class Report {
 public:
  Report(const Verification& verification, const ReportHead& head)
      : verification_(verification), head_(head), nl_(head.language == Language::nl) {}

  std::string make() {
    begin();
    verdict();
    facts();
    counts();
    findings();
    left_open();
    appendix();
    out_ += "</main></body></html>\n";
    return std::move(out_);
  }

 private:
  std::string_view say(std::string_view nl, std::string_view en) const { return nl_ ? nl : en; }
  void heading(std::string_view nl, std::string_view en) {
    out_ += fmt::format("<h2>{}</h2>\n", say(nl, en));
  }
  void row(std::string_view name, std::string_view value) {
    out_ += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", escaped(name),
                        escaped(value));
  }
  std::string span(const TimeSpan& time) const {
    return show_moment(time.from) + std::string(say(" tot ", " to ")) + show_moment(time.to);
  }

  void begin() {
    const auto title = say("Verslag van het bewakingslogboek", "Report on the evidence log");
    out_ += fmt::format(
        "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width\">"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
        "'unsafe-inline'\"><title>{}</title><style>{}</style></head>\n<body><main>\n"
        "<p lang=\"nl\"><strong>{}</strong></p>\n",
        nl_ ? "nl" : "en", title, kStyle, kOpening);
    if (!nl_)
      out_ +=
          "<p>This report establishes no irregularity; the head of school does, after a "
          "hearing.</p>\n";
    out_ += fmt::format("<h1>{}</h1>\n", title);
  }

  void verdict() {
    out_ += fmt::format("<p class=\"verdict\"><strong>{}</strong>: {}</p>\n",
                        words_for(verification_.verdict, head_.language), meaning());
    out_ += fmt::format("<p>{}</p>\n", say("Dit gaat over wat deze gateway heeft vastgelegd. "
                                           "Mobiele data, gebruik zonder netwerk en "
                                           "tweede apparaten ziet een gateway niet, en wie de "
                                           "gateway tijdens het examen beheerde, "
                                           "kon onware regels laten vastleggen.",
                                           "This is about what this gateway recorded. A gateway "
                                           "does not see mobile data, offline use "
                                           "or second devices, and whoever administered the "
                                           "gateway during the exam could have had "
                                           "untrue entries recorded."));
  }

  std::string_view meaning() const {
    switch (verification_.verdict) {
      case LogVerdict::proven:
        return say("de regels zijn wat deze gateway vastlegde en ondertekende, zonder hiaat.",
                   "the entries are what this gateway recorded and signed, without a gap.");
      case LogVerdict::proven_with_gaps:
        return say(
            "de regels zijn wat deze gateway vastlegde en ondertekende; in de genoemde tijden is "
            "bewaking niet aangetoond.",
            "the entries are what this gateway recorded and signed; in the times named below it "
            "is not shown that it watched.");
      case LogVerdict::not_proven:
        return say("de bestanden zijn niet, of niet geheel, wat deze gateway ondertekende.",
                   "the files are not, or not wholly, what this gateway signed.");
    }
    return {};
  }

  void facts() {
    heading("Waarover", "About");
    out_ += "<table>\n";
    row(say("Logboek", "Log"),
        verification_.checkpoint ? verification_.checkpoint->origin : head_.path);
    row(say("Lokaal", "Room"), head_.room ? head_.room->str() : std::string(say("alle", "all")));
    if (verification_.time) row(say("Tijd", "Time"), span(*verification_.time));
    for (const TimeSpan& exam : verification_.exams) row(say("Examen", "Exam"), span(exam));
    row(say("Gemaakt", "Made"), show_moment(head_.made));
    out_ += "</table>\n";
  }

  void counts() {
    heading("Geteld", "Counted");
    out_ += "<table>\n";
    if (const auto& machines = verification_.machines) {
      row(say("Machines, laatste telling", "Machines, last count"),
          fmt::format("{}: {} {}, {} {}, {} {}, {} {}", machines->total, machines->locked,
                      say("vergrendeld", "locked"), machines->off, say("uit", "off"),
                      machines->silent, say("zwijgend", "silent"), machines->unlocked,
                      say("niet vergrendeld", "unlocked")));
    }
    const ProofCounts& proofs = verification_.proofs;
    row(say("Waarnemingen", "Sightings"), std::to_string(verification_.sightings));
    row(say("Hiaten", "Gaps"), std::to_string(verification_.findings.gaps()));
    row(say("Gewiste of hier niet aanwezige gegevens", "Values erased, or not in this copy"),
        fmt::format("{} ({} {})", proofs.erased, proofs.erased_recorded,
                    say("met vermelding van het wissen", "with the erasure recorded")));
    row(say("Opdrachten met geldige handtekening", "Commands whose signature holds"),
        fmt::format("{} ({} {})", proofs.commands_signed, proofs.commands_unread,
                    say("niet te controleren", "not to be checked")));
    row(say("Regels van andere machines met geldige handtekening",
            "Reports of other machines whose signature holds"),
        fmt::format("{} ({} {})", proofs.observations_signed, proofs.observations_unread,
                    say("niet te controleren", "not to be checked")));
    for (const auto& [type, count] : verification_.entries)
      row(fmt::format("{} {}", say("Regels", "Entries"), type), std::to_string(count));
    out_ += "</table>\n";
  }

  void findings() {
    const auto list = [&](bool gaps, std::string_view nl, std::string_view en) {
      std::string rows;
      for (const Finding& finding : verification_.findings.all()) {
        if (is_gap(finding.kind) != gaps) continue;
        const FindingWords words = words_for(finding.kind, head_.language);
        rows += fmt::format("<tr><td>{}</td><td>{}. {}.<br><small>{}: {}</small></td></tr>\n",
                            escaped(place_of(finding, head_.language)), escaped(words.what),
                            escaped(words.meaning), name_of(finding.kind), escaped(finding.detail));
      }
      if (rows.empty()) return;
      heading(nl, en);
      out_ += "<table>\n" + rows + "</table>\n";
    };
    list(false, "Wat niet klopt", "What is wrong");
    list(true, "Hiaten in de registratie", "Gaps in the record");
    if (verification_.findings.untold() > 0)
      out_ += fmt::format("<p>{} {}</p>\n", verification_.findings.untold(),
                          say("meer van dezelfde soort.", "more of the same kinds."));
  }

  void left_open() {
    heading("Wat niet is gecontroleerd", "What was not checked");
    out_ += "<ul>\n";
    for (const Unchecked one : verification_.unchecked)
      out_ += fmt::format("<li>{}</li>\n", escaped(words_for(one, head_.language)));
    out_ += "</ul>\n";
  }

  void appendix() {
    heading("Om het na te rekenen", "To compute it again");
    out_ += "<table>\n";
    if (const auto& checkpoint = verification_.checkpoint) {
      row(say("Aantal regels", "Entries in all"), std::to_string(checkpoint->size));
      row(say("Wortel van de boom", "Root of the tree"), hash_text(checkpoint->root));
    }
    if (!verification_.signed_by.empty())
      row(say("Ondertekend met", "Signed by"), verification_.signed_by);
    for (const Cosigner& cosigner : verification_.cosigners)
      row(say("Getuige", "Witness"), cosigner.witness + ", " + show_moment(cosigner.at));
    row(say("Programma", "Program"),
        "lokaalctl " LOKAAL_VERSION ", lokaalctl verify " + head_.path);
    out_ += "</table>\n";
  }

  const Verification& verification_;
  const ReportHead& head_;
  const bool nl_;
  std::string out_;
};

}  // namespace

std::string html_report(const Verification& verification, const ReportHead& head) {
  return Report(verification, head).make();
}

}  // namespace lokaal::ctl
