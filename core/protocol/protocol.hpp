// A school's protocol as data: its rules, which of them each refusal cites, and what it settles.
// Read from config/protocols/*.toml, where every key is explained; a broken file yields no
// Protocol.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/devices/device.hpp"
#include "core/policy/rulebook.hpp"
#include "core/traffic/service.hpp"

namespace lokaal {

// For people: Dutch and English.
struct Words {
  std::string nl;
  std::string en;

  bool operator==(const Words&) const = default;
};

// What a rule is about.
enum class Subject : std::uint8_t {
  platforms,       // which services are social media
  lesson_social,   // social media in lessons
  teaching_use,    // social media as part of the lesson
  devices,         // whether devices may be used in class
  exam,            // devices in tests and exams
  exam_recording,  // copies and recordings of tests and exams
  phone_free,      // phones in the building
  social_free,     // social media in the building
  channels,        // the channels that lead, and the school's own accounts
  staff,           // what staff devices keep
  confidential,    // what may not be published
  privacy,
  passwords,
  age,
  reporting,   // to whom what was seen is handed on
  unforeseen,  // who decides what is not provided for
};

// A paper of the school, or a national one, beside the protocol.
struct Paper {
  std::string id;  // "schoolgids"
  std::string title;
  std::chrono::year_month_day date;
  // Whether the school has said that this is the paper, and this its date. Until then everything
  // that cites it shows "to be confirmed".
  bool confirmed = false;
};

struct Rule {
  RuleId id;
  Words title;
  std::string text;    // as the school wrote it; empty where the paper was not at hand
  std::string source;  // the section of the protocol, or the id of the paper
  std::set<Subject> governs;
  Words does;                  // what lokaal does about it
  Words limit;                 // and cannot do; empty: nothing to add
  std::optional<Paper> paper;  // of school:* and nl:* rules
  Place place;
};

// A service by id, and where the file names it.
struct NamedService {
  ServiceId id;
  Place place;
};

enum class OtherPlatforms : std::uint8_t {
  none,       // only those that the text names
  catalogue,  // the open class: every other service of category social-media
};

struct Platforms {
  RuleId rule;
  std::vector<NamedService> named;  // by the text
  OtherPlatforms others = OtherPlatforms::none;
  std::vector<NamedService> except;  // of the open class: not social media, says the school
  std::vector<NamedService>
      also;  // filed elsewhere in the catalogue: social media, says the school
};

// Which rule a refusal cites.
struct Citations {
  RuleId lesson_social;
  RuleId devices_away;
  RuleId device_cut;  // one device, by hand
  RuleId exam;
  RuleId exam_recording;  // USB storage, cameras, printing in an exam
  RuleId phone_free;
  RuleId social_free;
};

enum class StaffMedia : std::uint8_t { nothing, messaging, social };

struct StaffDefaults {
  StaffMedia keeps = StaffMedia::nothing;  // in lessons and while social-free
  std::vector<NamedService> messaging;     // the services that count as messaging
  bool keeps_devices = false;              // while devices are away
};

// Local civil time of the file's zone; [from, to) within one day.
struct Hours {
  std::set<unsigned> days;  // ISO 8601: 1 Monday to 7 Sunday
  std::chrono::minutes from{0};
  std::chrono::minutes to{0};
};

struct Overlays {
  std::set<Kind> phone_free_kinds;
  bool phone_free_spares_staff = true;
  bool teacher_may_permit_phones = false;
  std::vector<Hours> phone_free_hours;  // empty: by command only
  std::vector<Hours> social_free_hours;
};

// Terms that hold when a command gives none, and the longest that it may ask for.
struct Terms {
  std::string grant_reason;        // "teaching"
  std::chrono::seconds lesson{0};  // where no timetable knows the lesson's end
  std::chrono::seconds longest_exam{0};
  std::chrono::seconds longest_emergency{0};
  Hours school_day;  // lesson modes end with it at the latest
};

struct Retention {
  std::chrono::seconds exam_log{0};  // after the result
  std::chrono::seconds lesson_log{0};
  std::chrono::seconds presence{0};
};

// Channels that lead, and accounts that are the school's own.
struct Channels {
  std::optional<RuleId> leading_rule;
  std::vector<NamedService> leading;
  std::optional<RuleId> accounts_rule;
  std::vector<NamedService> accounts;
};

enum class Occasion : std::uint8_t {
  first,           // always, to begin with
  bullying,        // beside the first, where it is bullying
  unresolved,      // where that brings no solution
  serious,         // a measure, by the gravity of it
  removal,         // suspension or removal from school
  always_parents,  // then always the parents
  offence,         // a suspected criminal offence
  transgressive,   // conduct of staff that is judged transgressive
  board_involved,  // where the board itself is concerned
  any_time,        // beside all others
};

struct Step {
  Occasion occasion = Occasion::first;
  std::vector<std::string> offices;  // keys of Protocol::offices
  Words does;
};

// To whom a sighting can be handed on. lokaal hands on; it never sanctions.
struct Ladder {
  std::string id;  // "pupil"
  RuleId rule;
  std::string concerns;  // pupil, staff, board, witness: whom it is about, or who reports
  std::vector<Step> steps;
};

struct Unforeseen {
  std::string office;
  std::optional<RuleId> rule;
};

struct Protocol {
  std::string id;  // "mondia-2020": the prefix of its rules, and the year of its date
  std::string school;
  std::string title;
  std::chrono::year_month_day date;
  std::string adopted_by;
  std::string language;  // of the text, and of block pages: "nl" or "en"
  std::string zone;      // IANA name, for all hours
  Place zone_place;

  std::vector<Rule> rules;  // in the order of the file
  Platforms platforms;
  Citations cites;
  StaffDefaults staff;
  Overlays overlays;
  Terms terms;
  Retention retention;
  Channels channels;
  bool shows_minimum_age = true;  // before a grant
  std::map<std::string, Words> offices;
  std::vector<Ladder> ladders;
  Unforeseen unforeseen;

  // Points into this protocol.
  const Rule* find(const RuleId& rule) const&;
  const Rule* find(const RuleId& rule) const&& = delete;
  // Papers that the school has not confirmed yet: pre-flight, panel and report show them.
  std::vector<const Rule*> unconfirmed() const&;
  std::vector<const Rule*> unconfirmed() const&& = delete;
};

// Compiled maxima: a file may ask for less, never for more (PROTOCOL-RULES, INTERFACES section 3).
inline constexpr std::chrono::seconds kLongestLesson = std::chrono::hours(4);
inline constexpr std::chrono::seconds kLongestExam = std::chrono::hours(6);
inline constexpr std::chrono::seconds kLongestEmergency = std::chrono::minutes(60);
inline constexpr std::chrono::seconds kLongestExamLog = std::chrono::hours(24 * 184);
inline constexpr std::chrono::seconds kLongestLessonLog = std::chrono::hours(24 * 14);
inline constexpr std::chrono::seconds kLongestPresence = std::chrono::hours(24);

// Rules that hold in the whole country and that any school's file may carry.
inline constexpr std::array<std::string_view, 1> kNationalRules = {"nl:telefoonafspraak-2024"};

// Reads and checks the whole file. `file` is its name for errors; every fault is in the error.
Result<Protocol> parse_protocol(std::string_view text, std::string file);

// Holds the protocol against the catalogue, and flattens it for the policy. Every service that it
// names must be there and of a fitting category.
Result<Rulebook> make_rulebook(const Protocol& protocol, std::span<const Service> catalogue);

// What staff devices keep in lessons: services of the rulebook's `social`.
std::set<ServiceId> staff_services(const Protocol& protocol, const Rulebook& rulebook);

std::string_view name_of(Subject subject);
std::string_view name_of(Occasion occasion);

}  // namespace lokaal
