#include "core/wire/control_why.hpp"

#include <array>
#include <boost/json.hpp>
#include <utility>

#include "core/base/json.hpp"
#include "core/wire/control_question.hpp"
#include "core/wire/fields.hpp"

namespace lokaal::wire {
namespace {

namespace json = boost::json;

constexpr std::array<std::pair<NameMatch, std::string_view>, 6> kMatches{{
    {NameMatch::none, "none"},
    {NameMatch::host, "host"},
    {NameMatch::suffix, "suffix"},
    {NameMatch::service, "service"},
    {NameMatch::exam, "exam"},
    {NameMatch::address, "address"},
}};
constexpr std::array<std::pair<NameAnswer, std::string_view>, 4> kAnswers{{
    {NameAnswer::none, "none"},
    {NameAnswer::answers, "answers"},
    {NameAnswer::refuses, "refuses"},
    {NameAnswer::denies, "denies"},
}};
constexpr std::size_t kMostOverlays = 8;

template <class T, std::size_t N>
std::string_view find_name(const std::array<std::pair<T, std::string_view>, N>& names, T value) {
  for (const auto& [candidate, name] : names)
    if (candidate == value) return name;
  return "?";
}

template <class T, std::size_t N>
std::optional<T> find_value(const std::array<std::pair<T, std::string_view>, N>& names,
                            std::string_view name) {
  for (const auto& [candidate, known] : names)
    if (known == name) return candidate;
  return std::nullopt;
}

// One of two words.
bool read_choice(Reader& reader, std::string_view member, std::string_view yes,
                 std::string_view no) {
  const std::string word = reader.string(member);
  if (word != yes && word != no) reader.refuse(member, "not a word that is known here");
  return word == yes;
}

template <class T>
T read_word(Reader& reader, std::string_view member,
            std::optional<T> (*from)(std::string_view name)) {
  const auto value = from(reader.string(member));
  if (!value) reader.refuse(member, "not a word that is known here");
  return value.value_or(T{});
}

void add_rule(json::object& out, const WhyAnswer& answer) {
  out["decision"] = answer.allowed ? "allowed" : "refused";
  out["layer"] = text(answer.layer);
  out["rule"] = text(answer.rule);
  out["until"] = time(answer.until);
  out["title_nl"] = text(answer.title_nl);
  out["title_en"] = text(answer.title_en);
  out["text"] = text(answer.text);
  out["source"] = text(answer.source);
  out["paper"] = answer.confirmed ? "confirmed" : "to be confirmed";
}

void read_rule(Reader& reader, WhyAnswer& out) {
  out.allowed = read_choice(reader, "decision", "allowed", "refused");
  out.layer = reader.string_or_null("layer");
  out.rule = RuleId(reader.string_or_null("rule"));
  out.until = reader.time_or_null("until");
  out.title_nl = reader.string_or_null("title_nl");
  out.title_en = reader.string_or_null("title_en");
  out.text = reader.string_or_null("text");
  out.source = reader.string_or_null("source");
  out.confirmed = read_choice(reader, "paper", "confirmed", "to be confirmed");
}

void add_grounds(json::object& out, const WhyAnswer& answer) {
  out["service"] = text(answer.service);
  out["service_name"] = text(answer.service_name);
  out["category"] = text(answer.category);
  out["match"] = name_of(answer.match);
  out["matched"] = text(answer.matched);
  out["mode"] = name_of(answer.mode);
  out["mode_until"] = time(answer.mode_until);
  out["overlays"] = names(answer.overlays);
  out["dns"] = name_of(answer.dns);
  out["dns_rule"] = text(answer.dns_rule);
}

void read_grounds(Reader& reader, WhyAnswer& out) {
  out.service = ServiceId(reader.string_or_null("service"));
  out.service_name = reader.string_or_null("service_name");
  out.category = reader.string_or_null("category");
  out.match = read_word<NameMatch>(reader, "match", name_match_from);
  out.matched = reader.string_or_null("matched");
  out.mode = read_word<Mode>(reader, "mode", mode_from);
  out.mode_until = reader.time_or_null("mode_until");
  out.overlays = reader.strings("overlays", kMostOverlays);
  out.dns = read_word<NameAnswer>(reader, "dns", name_answer_from);
  out.dns_rule = RuleId(reader.string_or_null("dns_rule"));
}

}  // namespace

std::string_view name_of(NameMatch match) {
  return find_name(kMatches, match);
}

std::optional<NameMatch> name_match_from(std::string_view name) {
  return find_value(kMatches, name);
}

std::string_view name_of(NameAnswer answer) {
  return find_name(kAnswers, answer);
}

std::optional<NameAnswer> name_answer_from(std::string_view name) {
  return find_value(kAnswers, name);
}

std::string to_text(const WhyAnswer& answer) {
  json::object out;
  out["v"] = kVersion;
  out["at"] = time(answer.at);
  out["device"] = text(answer.device);
  out["kind"] = text(answer.kind);
  out["inventory"] = answer.known ? "known" : "unknown";
  out["room"] = text(answer.room);
  out["name"] = text(answer.name);
  out["peer"] = text(answer.peer);
  add_rule(out, answer);
  add_grounds(out, answer);
  return canonical_json(out);
}

Result<WhyAnswer> read_why_answer(std::string_view line) {
  auto reader = Reader::of(line, {.bytes = kControlAnswerLimit, .depth = 4});
  if (!reader) return tl::unexpected(reader.error());
  WhyAnswer out;
  out.at = reader->time("at");
  out.device = reader->string("device");
  out.kind = reader->string("kind");
  out.known = read_choice(*reader, "inventory", "known", "unknown");
  out.room = RoomId(reader->name("room"));
  out.name = reader->string_or_null("name");
  out.peer = reader->string_or_null("peer");
  read_rule(*reader, out);
  read_grounds(*reader, out);
  if (reader->error()) return tl::unexpected(*reader->error());
  return out;
}

}  // namespace lokaal::wire
