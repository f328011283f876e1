#include "core/plan/timetable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <numeric>

namespace lokaal {
namespace {

namespace json = boost::json;

constexpr std::string_view kName = "timetable";
constexpr std::chrono::hours kLongest{24};

// Two digits, or more, at a fixed place.
std::optional<unsigned> digits(std::string_view text, std::size_t at, std::size_t count) {
  unsigned number = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    number = number * 10 + static_cast<unsigned>(text[i] - '0');
  }
  return number;
}

bool has_shape(std::string_view text) {
  if (text.size() != 16 && text.size() != 19) return false;
  return text[4] == '-' && text[7] == '-' && text[10] == 'T' && text[13] == ':' &&
         (text.size() == 16 || text[16] == ':');
}

bool is_zone_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 && text.front() != '/' &&
         text.find("..") == std::string_view::npos &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '/' || c == '_' || c == '-' || c == '+';
         });
}

std::string shown(CivilTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count());
}

CivilTime read_civil(Members& members, std::string_view name) {
  const std::string text = members.text(name, 32);
  if (text.empty()) return {};
  const auto time = parse_civil_time(text);
  if (!time) members.fault(fmt::format("\"{}\": {}", name, time.error().message));
  return time.value_or(CivilTime{});
}

Mode read_mode(Members& members) {
  if (!members.has_value("mode")) return Mode::lesson;
  const auto mode = mode_from(members.text("mode"));
  if (!mode || *mode == Mode::exam) {
    members.fault(
        "\"mode\" is not open, lesson or devices-away: exams are planned by coordinators");
    return Mode::lesson;
  }
  return *mode;
}

Result<TimetabledLesson> read_lesson(const json::value& value) {
  if (!value.is_object()) return failure("not an object");
  Members members(value.get_object(), "lesson");
  TimetabledLesson lesson;
  const std::string room = members.text("room");
  if (!room.empty() && !is_name(room)) members.fault("\"room\" is not a name");
  lesson.room = RoomId(room);
  lesson.from = read_civil(members, "from");
  lesson.to = read_civil(members, "to");
  lesson.teacher = PersonId(members.text("teacher", 128));
  if (members.has_value("class")) lesson.group = members.text("class", 128);
  lesson.mode = read_mode(members);
  if (members.ok() && (lesson.to <= lesson.from || lesson.to - lesson.from > kLongest))
    members.fault("\"to\" is not after \"from\", by at most 24 hours");
  if (auto done = members.finish(); !done) return tl::unexpected(done.error());
  return lesson;
}

// Puts the lessons in order; the fault names them by their place in the document.
void order(Members& members, Timetable& timetable) {
  const std::vector<TimetabledLesson>& given = timetable.lessons;
  std::vector<std::size_t> places(given.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  std::stable_sort(places.begin(), places.end(), [&](std::size_t a, std::size_t b) {
    return std::tie(given[a].room, given[a].from) < std::tie(given[b].room, given[b].from);
  });
  std::vector<TimetabledLesson> sorted;
  sorted.reserve(given.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    const TimetabledLesson& lesson = given[places[i]];
    if (i > 0 && sorted.back().room == lesson.room && lesson.from < sorted.back().to) {
      members.fault(fmt::format(
          "lessons {} and {}: both in {} at {}; a room has one lesson and one teacher at a time",
          places[i - 1] + 1, places[i] + 1, lesson.room.str(), shown(lesson.from)));
      return;
    }
    sorted.push_back(lesson);
  }
  timetable.lessons = std::move(sorted);
}

void read_lessons(Members& members, const json::array& lessons, Timetable& timetable) {
  timetable.lessons.reserve(lessons.size());
  for (std::size_t i = 0; i < lessons.size(); ++i) {
    auto lesson = read_lesson(lessons[i]);
    if (!lesson) {
      members.fault(fmt::format("lesson {}: {}", i + 1, lesson.error().message));
      return;
    }
    timetable.lessons.push_back(std::move(*lesson));
  }
  order(members, timetable);
}

}  // namespace

Result<CivilTime> parse_civil_time(std::string_view text) {
  const auto fault = [&] {
    return failure(quoted(text) + " is no local time",
                   "write \"2026-11-23T08:30\": local, without an offset");
  };
  if (!has_shape(text)) return fault();
  const auto year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  const auto hour = digits(text, 11, 2), minute = digits(text, 14, 2);
  const auto second = text.size() == 19 ? digits(text, 17, 2) : std::optional<unsigned>(0);
  if (!year || !month || !day || !hour || !minute || !second) return fault();
  const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(*month), std::chrono::day(*day));
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 59) return fault();
  return std::chrono::local_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second);
}

Result<Timetable> parse_timetable(std::string_view payload) {
  const auto object = plan_object(payload, kName);
  if (!object) return tl::unexpected(object.error());
  Members members(*object, plan_place(kName));
  Timetable timetable;
  timetable.document = read_plan_document(members, kName);
  timetable.zone = members.text("zone", 64);
  if (members.ok() && !is_zone_name(timetable.zone))
    members.fault("\"zone\" is no name of a time zone, such as Europe/Amsterdam");
  if (const json::array* lessons = members.array("lessons"))
    read_lessons(members, *lessons, timetable);
  if (auto done = members.finish(); !done) return tl::unexpected(done.error());
  return timetable;
}

Result<Timetable> verify_timetable(std::string_view jws, const PlanSigners& signers) {
  const auto signature = open_signed_plan(jws, kName, {Role::panel}, signers);
  if (!signature) return tl::unexpected(signature.error());
  auto timetable = parse_timetable(signature->payload);
  if (!timetable) return timetable;
  if (auto bound = bind_to(timetable->document, kName, *signature, signers.roster); !bound)
    return tl::unexpected(bound.error());
  timetable->signer = signature->kid;
  return timetable;
}

}  // namespace lokaal
