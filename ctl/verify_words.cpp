#include "ctl/verify_words.hpp"

#include <map>

#include "ctl/wall_time.hpp"

namespace lokaal::ctl {
namespace {

struct Both {
  FindingWords en, nl;
};

// A table, so that a translator sees both languages side by side.
const std::map<FindingKind, Both>& finding_table() {
  using K = FindingKind;
  static const std::map<FindingKind, Both> table{
      {K::checkpoint_missing,
       {{"the signed checkpoint is missing",
         "without it nothing vouches for the entries: ask for it"},
        {"het ondertekende controlepunt ontbreekt",
         "zonder dit staat niets in voor de regels: vraag erom"}}},
      {K::checkpoint_malformed,
       {{"the checkpoint cannot be read",
         "it was damaged or replaced: ask for the one that was sent"},
        {"het controlepunt is onleesbaar",
         "het is beschadigd of vervangen: vraag om het controlepunt dat is verstuurd"}}},
      {K::log_unknown,
       {{"the policy does not know this log", "these files are another log's, or the policy is"},
        {"het vertrouwensbeleid kent dit logboek niet",
         "de bestanden of het beleid horen bij een ander logboek"}}},
      {K::signature_wrong,
       {{"the log's key has not signed this checkpoint", "somebody else made it, or changed it"},
        {"dit controlepunt is niet met de sleutel van het logboek ondertekend",
         "iemand anders heeft het gemaakt of veranderd"}}},
      {K::quorum_missing,
       {{"too few witnesses have cosigned", "the policy asks for more: ask for their cosignatures"},
        {"te weinig getuigen hebben meegetekend",
         "het beleid vraagt er meer: vraag hun handtekeningen op"}}},
      {K::cosignature_wrong,
       {{"a witness's cosignature does not hold", "it was made for another checkpoint, or forged"},
        {"de handtekening van een getuige klopt niet",
         "zij is voor een ander controlepunt gezet, of vervalst"}}},
      {K::checkpoint_behind,
       {{"the files hold entries that the checkpoint does not cover",
         "an older checkpoint was put back, or the gateway stopped while writing: start lokaald, "
         "which signs what is there, and verify again"},
        {"er zijn regels die het controlepunt niet dekt",
         "er is een ouder controlepunt teruggezet, of de gateway stopte tijdens het schrijven: "
         "start "
         "lokaald, dat ondertekent wat er is, en controleer opnieuw"}}},
      {K::bundle_missing,
       {{"a file of entries is missing", "these entries cannot be read: ask for the file"},
        {"een bestand met regels ontbreekt",
         "deze regels zijn niet te lezen: vraag om het bestand"}}},
      {K::bundle_malformed,
       {{"a file of entries is not in order", "entries were removed, added or damaged"},
        {"een bestand met regels is niet in orde",
         "er zijn regels verwijderd, toegevoegd of beschadigd"}}},
      {K::tile_missing,
       {{"a file of hashes is missing",
         "lokaald makes it again from its journal at the next start"},
        {"een bestand met controlegetallen ontbreekt",
         "lokaald maakt het bij de volgende start opnieuw"}}},
      {K::tile_malformed,
       {{"a file of hashes is not in order", "it was damaged or replaced"},
        {"een bestand met controlegetallen is niet in orde", "het is beschadigd of vervangen"}}},
      {K::entry_altered,
       {{"an entry is not what was signed", "it was changed after it was recorded"},
        {"een regel is niet wat is ondertekend", "de regel is na het vastleggen veranderd"}}},
      {K::tile_altered,
       {{"a hash is not what was signed",
         "the entries are as they were signed; this file was damaged or changed"},
        {"een controlegetal is niet wat is ondertekend",
         "de regels zijn zoals ondertekend; dit bestand is beschadigd of veranderd"}}},
      {K::root_mismatch,
       {{"the entries are not those that were signed",
         "they were changed, or belong to another log"},
        {"de regels zijn niet de regels die zijn ondertekend",
         "ze zijn veranderd, of horen bij een ander logboek"}}},
      {K::entry_malformed,
       {{"an entry cannot be read", "a newer lokaal may have written it: verify with that one"},
        {"een regel is onleesbaar",
         "misschien schreef een nieuwere lokaal hem: controleer daarmee"}}},
      {K::genesis_wrong,
       {{"the log does not begin as it must", "its begin was replaced, or is another log's"},
        {"het logboek begint niet zoals het hoort",
         "het begin is vervangen of hoort bij een ander logboek"}}},
      {K::order_wrong,
       {{"time runs back", "entries were put where they do not belong"},
        {"de tijd loopt terug", "er staan regels waar ze niet horen"}}},
      {K::entry_after_seal,
       {{"the log goes on behind its seal", "what stands there was added afterwards"},
        {"het logboek gaat door na de afsluiting", "wat daar staat is later toegevoegd"}}},
      {K::private_malformed,
       {{"a private value cannot be read",
         "it was damaged: an erasure removes the file; lokaald makes it again while it has the "
         "value"},
        {"een privégegeven is onleesbaar",
         "het is beschadigd: wissen verwijdert het bestand; lokaald maakt het opnieuw zolang het "
         "de "
         "waarde heeft"}}},
      {K::private_altered,
       {{"a private value is not the one that was recorded", "it was changed afterwards"},
        {"een privégegeven is niet wat is vastgelegd", "het is later veranderd"}}},
      {K::command_wrong,
       {{"a signed command does not bear out its entry",
         "the gateway recorded what that person did not sign, or the key set is another"},
        {"een ondertekende opdracht staaft haar regel niet",
         "de gateway legde vast wat deze persoon niet ondertekende, of de sleutels zijn andere"}}},
      {K::observation_wrong,
       {{"a signed report does not bear out its entry",
         "the gateway recorded what that agent did not sign, or the key set is another"},
        {"een ondertekende waarneming staaft haar regel niet",
         "de gateway legde vast wat deze agent niet ondertekende, of de sleutels zijn andere"}}},
      {K::gap_recorded,
       {{"the log itself records a gap", "nothing was watched in that time"},
        {"het logboek vermeldt zelf een hiaat", "in die tijd is niets bewaakt"}}},
      {K::boot_unexplained,
       {{"the machine was started anew without a gap being recorded",
         "what happened between is not known"},
        {"de machine is opnieuw gestart zonder vermeld hiaat",
         "wat daartussen gebeurde is niet bekend"}}},
      {K::heartbeat_late,
       {{"the gateway was silent for too long", "that it watched in that time is not shown"},
        {"de gateway zweeg te lang", "dat zij toen bewaakte is niet aangetoond"}}},
      {K::heartbeat_lost,
       {{"heartbeats are missing", "that it watched in that time is not shown"},
        {"er ontbreken levenstekens", "dat er toen is bewaakt is niet aangetoond"}}},
      {K::observer_absent,
       {{"nobody but the gateway itself watched the exam", "no other machine bears it out"},
        {"alleen de gateway zelf bewaakte het examen", "geen andere machine bevestigt het"}}},
      {K::not_covered,
       {{"the log does not cover this time", "give another time, or another day's log too"},
        {"het logboek dekt deze tijd niet",
         "geef een andere tijd, of ook het logboek van die dag"}}},
  };
  return table;
}

}  // namespace

FindingWords words_for(FindingKind kind, Language language) {
  const Both& both = finding_table().at(kind);
  return language == Language::nl ? both.nl : both.en;
}

std::string_view words_for(Unchecked unchecked, Language language) {
  const bool nl = language == Language::nl;
  switch (unchecked) {
    case Unchecked::replay:
      return nl ? "of elke regel rechtmatig uit de vorige volgt (naspelen)"
                : "whether every entry follows lawfully from those before it (replay)";
    case Unchecked::no_witness:
      return nl ? "geen getuige heeft meegetekend: wie de sleutel van dit logboek had, kon het "
                  "geheel opnieuw schrijven"
                : "no witness has cosigned: whoever held this log's key could have rewritten it "
                  "all";
    case Unchecked::earlier_witness:
      return nl ? "of getuigen ook eerdere controlepunten op tijd hebben meegetekend"
                : "whether witnesses cosigned earlier checkpoints in time, too";
    case Unchecked::own_policy:
      return nl ? "het vertrouwensbeleid komt uit de map van het logboek zelf: vergelijk de "
                  "sleutel "
                  "met die vooraf bekend is gemaakt, of geef --policy"
                : "the trust policy came with the log: compare its key with the one that was "
                  "published beforehand, or give --policy";
    case Unchecked::own_keys:
      return nl ? "de sleutels van personen en machines komen uit de map van het logboek zelf: "
                  "geef "
                  "--keys met de vooraf bekendgemaakte"
                : "the keys of persons and machines came with the log: give --keys with those that "
                  "were published beforehand";
    case Unchecked::no_keys:
      return nl ? "de handtekeningen onder opdrachten en waarnemingen: er zijn geen sleutels"
                : "the signatures of commands and reports: there are no keys";
    case Unchecked::log_open:
      return nl ? "wat na het laatste controlepunt komt: het logboek is nog niet afgesloten"
                : "what comes behind the last checkpoint: the log is not sealed yet";
  }
  return "?";
}

std::string_view words_for(LogVerdict verdict, Language language) {
  if (language == Language::en) return name_of(verdict);
  switch (verdict) {
    case LogVerdict::proven:
      return "aangetoond";
    case LogVerdict::proven_with_gaps:
      return "aangetoond, met hiaten";
    case LogVerdict::not_proven:
      return "niet aangetoond";
  }
  return "?";
}

std::string place_of(const Finding& finding, Language language) {
  const bool nl = language == Language::nl;
  std::string out = finding.file;
  const auto add = [&](const std::string& part) { out += (out.empty() ? "" : ", ") + part; };
  if (finding.index) add((nl ? "regel " : "entry ") + std::to_string(*finding.index));
  if (finding.from && finding.to)
    add(show_moment(*finding.from) + (nl ? " tot " : " to ") + show_moment(*finding.to));
  return out;
}

}  // namespace lokaal::ctl
