#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/base/nearest.hpp"
#include "core/base/toml_reader.hpp"
#include "core/protocol/protocol.hpp"
#include "core/protocol/rule_reader.hpp"
#include "core/protocol/words.hpp"

namespace lokaal {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr TomlLimits kLimits{.bytes = 512 * 1024, .depth = 6, .values = 20'000, .errors = 20};

// "mondia-2020" -> "mondia", 2020
std::optional<std::pair<std::string, int>> split_id(std::string_view id) {
  const auto dash = id.rfind('-');
  if (dash == std::string_view::npos || dash == 0 || id.size() - dash != 5) return std::nullopt;
  int year = 0;
  for (const char c : id.substr(dash + 1)) {
    if (c < '0' || c > '9') return std::nullopt;
    year = year * 10 + (c - '0');
  }
  return std::pair(std::string(id.substr(0, dash)), year);
}

// "08:10" -> 490 min; "24:00" is the end of the day.
std::optional<minutes> parse_clock(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const std::size_t i : {0U, 1U, 3U, 4U})
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
  const int hour = (text[0] - '0') * 10 + (text[1] - '0');
  const int minute = (text[3] - '0') * 10 + (text[4] - '0');
  if (minute > 59 || hour > 24 || (hour == 24 && minute > 0)) return std::nullopt;
  return hours(hour) + minutes(minute);
}

minutes read_clock(TomlTable& table, std::string_view key) {
  const std::string text = table.text(key);
  const auto clock = parse_clock(text);
  if (!clock && !text.empty())
    table.refuse(key, fmt::format("\"{}\" is not a time of day", text.substr(0, 40)),
                 "write it as \"08:30\"");
  return clock.value_or(minutes(0));
}

Hours read_hours(TomlTable table) {
  Hours out;
  for (const unsigned day : table.choices("days", kDays)) out.days.insert(day);
  out.from = read_clock(table, "from");
  out.to = read_clock(table, "to");
  if (table.has("days") && out.days.empty())
    table.refuse("days", "no days", "name them: [\"mon\", \"tue\"]");
  if (table.has("from") && table.has("to") && out.from >= out.to)
    table.refuse("to", "the hours end before they begin",
                 "hours lie within one day; give two, if they pass midnight");
  return out;
}

std::vector<NamedService> named_services(const std::vector<TomlText>& names) {
  std::vector<NamedService> out;
  for (const auto& name : names) out.push_back({ServiceId(name.value), name.place});
  return out;
}

class ProtocolReader {
 public:
  explicit ProtocolReader(TomlTable root) : root_(root), rules_(read_identity()) {}

  Protocol read() {
    rules_.read(root_);
    read_platforms(root_.table("platforms"));
    read_citations(root_.table("cites"));
    read_staff(root_.table("staff"));
    read_overlays(root_.table("phone_free"), root_.table("social_free"));
    read_terms(root_.table("terms"));
    read_retention(root_.table("retention"));
    read_channels(root_.table("channels"));
    read_offices(root_.table("offices"));
    for (auto& table : root_.tables("ladder")) read_ladder(table);
    read_unforeseen(root_.table("unforeseen"));
    out_.rules = rules_.take();
    return std::move(out_);
  }

 private:
  // The prefix of the protocol's own rules.
  std::string read_identity() {
    out_.id = root_.name("id");
    out_.school = root_.text("school");
    out_.title = root_.text("title");
    out_.date = root_.date("date");
    out_.adopted_by = root_.text("adopted_by");
    out_.language = root_.choice("language", kLanguages);
    out_.zone = root_.text("zone");
    out_.zone_place = root_.place_of("zone");
    out_.shows_minimum_age = root_.boolean("shows_minimum_age");
    const auto parts = split_id(out_.id);
    if (!parts) {
      if (!out_.id.empty())
        root_.refuse("id", fmt::format("\"{}\" is not a protocol's id", out_.id),
                     "write the school's short name and the year: \"mondia-2020\"");
      return "protocol";
    }
    if (out_.date.ok() && int{out_.date.year()} != parts->second)
      root_.refuse("date", fmt::format("protocol \"{}\" is of another year", out_.id),
                   "the year in the id is that of the date");
    if (parts->first == "school" || parts->first == "nl")
      root_.refuse("id", fmt::format("\"{}\" cannot be a school's short name", parts->first),
                   "these prefixes stand for other papers");
    return parts->first;
  }

  void read_platforms(TomlTable table) {
    Platforms& platforms = out_.platforms;
    platforms.rule = rules_.cite(table, "rule", {Subject::platforms});
    platforms.named = named_services(table.names("named"));
    platforms.others = table.choice("others", kOtherPlatforms);
    platforms.except = named_services(table.find_names("except"));
    platforms.also = named_services(table.find_names("also"));
    if (platforms.others == OtherPlatforms::none && !platforms.except.empty())
      table.refuse("except", "exceptions to a class that is not used",
                   "leave `except` out, or set others = \"catalogue\"");
    for (const auto& exception : platforms.except)
      for (const auto& named : platforms.named)
        if (exception.id == named.id)
          table.refuse(exception.place, fmt::format("\"{}\" is named by the text", named.id.str()),
                       "an exception is for what the text does not name");
  }

  void read_citations(TomlTable table) {
    Citations& cites = out_.cites;
    cites.lesson_social = rules_.cite(table, "lesson_social", {Subject::lesson_social});
    cites.devices_away = rules_.cite(table, "devices_away", {Subject::devices});
    cites.device_cut = rules_.cite(table, "device_cut", {Subject::devices});
    cites.exam = rules_.cite(table, "exam", {Subject::exam});
    cites.exam_recording =
        rules_.cite(table, "exam_recording", {Subject::exam_recording, Subject::exam});
    cites.phone_free = rules_.cite(table, "phone_free", {Subject::phone_free});
    cites.social_free = rules_.cite(table, "social_free", {Subject::social_free});
  }

  void read_staff(TomlTable table) {
    out_.staff.keeps = table.choice("keeps", kStaffMedia);
    out_.staff.messaging = named_services(table.names("messaging"));
    out_.staff.keeps_devices = table.boolean("keeps_devices");
    if (out_.staff.keeps == StaffMedia::messaging && table.has("messaging") &&
        out_.staff.messaging.empty())
      table.refuse("messaging", "staff keep messaging, and no service is it",
                   "name them: [\"whatsapp\"]");
  }

  void read_overlays(TomlTable phone_free, TomlTable social_free) {
    Overlays& overlays = out_.overlays;
    for (const Kind kind : phone_free.choices("kinds", kOverlayKinds))
      overlays.phone_free_kinds.insert(kind);
    if (phone_free.has("kinds") && overlays.phone_free_kinds.empty())
      phone_free.refuse("kinds", "no kinds", "name them: [\"phone\", \"wearable\"]");
    overlays.phone_free_spares_staff = phone_free.boolean("spares_staff");
    overlays.teacher_may_permit_phones = phone_free.boolean("teacher_may_permit_phones");
    for (auto& table : phone_free.find_tables("hours"))
      overlays.phone_free_hours.push_back(read_hours(table));
    for (auto& table : social_free.find_tables("hours"))
      overlays.social_free_hours.push_back(read_hours(table));
  }

  void read_terms(TomlTable table) {
    Terms& terms = out_.terms;
    terms.grant_reason = table.choice("grant_reason", kReasons);
    terms.lesson = table.duration("lesson", minutes(5), kLongestLesson);
    terms.longest_exam = table.duration("longest_exam", minutes(10), kLongestExam);
    terms.longest_emergency = table.duration("longest_emergency", minutes(5), kLongestEmergency);
    terms.school_day = read_hours(table.table("school_day"));
  }

  void read_retention(TomlTable table) {
    out_.retention.exam_log = table.duration("exam_log", hours(24), kLongestExamLog);
    out_.retention.lesson_log = table.duration("lesson_log", hours(1), kLongestLessonLog);
    out_.retention.presence = table.duration("presence", minutes(1), kLongestPresence);
  }

  void read_channels(TomlTable table) {
    Channels& channels = out_.channels;
    channels.leading_rule = rules_.find_cite(table, "leading_rule", {Subject::channels});
    channels.leading = named_services(table.find_names("leading"));
    channels.accounts_rule = rules_.find_cite(table, "accounts_rule", {Subject::channels});
    channels.accounts = named_services(table.find_names("accounts"));
  }

  void read_offices(TomlTable table) {
    for (const auto& key : table.keys()) {
      if (!is_name(key.value))
        table.refuse(key.place, fmt::format("\"{}\" is not a name", key.value.substr(0, 40)),
                     "a-z, 0-9 and -");
      out_.offices.emplace(key.value, read_words(table.table(key.value)));
    }
  }

  void check_office(TomlTable& table, const std::string& office, const Place& place) {
    if (office.empty() || out_.offices.count(office) > 0) return;
    std::vector<std::string> known;
    for (const auto& [name, words] : out_.offices) known.push_back(name);
    table.refuse(place, fmt::format("there is no office \"{}\" in this file", office),
                 mend_by_nearest(office, known));
  }

  void read_ladder(TomlTable& table) {
    Ladder ladder;
    ladder.id = table.name("id");
    ladder.rule = rules_.cite(table, "rule", {Subject::reporting});
    ladder.concerns = table.choice("concerns", kConcerned);
    for (auto& step : table.tables("step")) ladder.steps.push_back(read_step(step));
    const bool known = std::any_of(out_.ladders.begin(), out_.ladders.end(),
                                   [&](const Ladder& other) { return other.id == ladder.id; });
    if (known && !ladder.id.empty())
      table.refuse("id", fmt::format("ladder \"{}\" stands twice", ladder.id), "leave one out");
    out_.ladders.push_back(std::move(ladder));
  }

  Step read_step(TomlTable& table) {
    Step step;
    step.occasion = table.choice("when", kOccasions);
    for (auto& office : table.names("to")) {
      check_office(table, office.value, office.place);
      step.offices.push_back(std::move(office.value));
    }
    if (table.has("to") && step.offices.empty())
      table.refuse("to", "the step leads to nobody", "name an office");
    step.does = read_words(table.table("does"));
    return step;
  }

  void read_unforeseen(TomlTable table) {
    out_.unforeseen.office = table.name("to");
    check_office(table, out_.unforeseen.office, table.place_of("to"));
    out_.unforeseen.rule = rules_.find_cite(table, "rule", {Subject::unforeseen});
  }

  TomlTable root_;
  Protocol out_;
  RuleReader rules_;
};

}  // namespace

Result<Protocol> parse_protocol(std::string_view text, std::string file) {
  auto document = TomlDocument::parse(text, std::move(file), kLimits);
  if (!document) return tl::unexpected<Error>(document.error());
  Protocol protocol = ProtocolReader(document->root()).read();
  if (auto done = document->finish(); !done) return tl::unexpected<Error>(done.error());
  return protocol;
}

}  // namespace lokaal
