#include "core/command/command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>

#include "core/command/members.hpp"
#include "core/policy/mode.hpp"

namespace lokaal {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 5> kReasonCodes = {"care", "facility", "teaching", "staff",
                                                          "other"};
constexpr std::array<std::string_view, 3> kExemptible = {"social-media", "phone-free", "exam"};

template <std::size_t N>
bool one_of(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

template <class Id>
std::vector<Id> as_ids(const std::vector<std::string>& texts) {
  return std::vector<Id>(texts.begin(), texts.end());
}

std::string read_reason(Members& members) {
  std::string reason = members.text("reason");
  if (!reason.empty() && !one_of(kReasonCodes, reason))
    members.fault("\"reason\" is none of care, facility, teaching, staff, other");
  return reason;
}

// What lokaal writes has generations as decimal strings; who copies one back may send either form.
std::optional<std::uint64_t> read_generation(Members& members, std::string_view name) {
  if (!members.has(name)) return std::nullopt;
  const json::value* value = members.any(name);
  if (value->is_int64() && value->get_int64() >= 0)
    return static_cast<std::uint64_t>(value->get_int64());
  if (value->is_uint64()) return value->get_uint64();
  if (value->is_string()) {
    const std::string_view text = value->get_string();
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size() &&
        (text.size() == 1 || text.front() != '0'))
      return number;
  }
  members.fault(fmt::format("\"{}\" is not a generation", name));
  return std::nullopt;
}

Command read_set_mode(Members& members) {
  SetMode out;
  out.mode = members.text("mode");
  out.until = members.text_if("until");
  out.allow = members.texts_if("allow");
  out.if_generation = read_generation(members, "if_generation");
  const auto mode = mode_from(out.mode);
  if (out.allow && mode && *mode != Mode::exam)
    members.fault("\"allow\" belongs to mode exam alone");
  return out;
}

Command read_exam(Members& members) {
  RunExam out;
  const auto action = exam_action_from(members.text("action"));
  if (!action) members.fault("\"action\" is none of start, extend, pause, resume, end");
  out.action = action.value_or(ExamAction::start);
  out.exam = ExamId(members.text("exam"));
  out.until = members.text_if("until");
  if (const auto candidate = members.text_if("candidate")) out.candidate = DeviceId(*candidate);
  const bool of_one = action == ExamAction::extend || action == ExamAction::end;
  if (out.candidate && !of_one)
    members.fault("\"candidate\" goes with extend and end, not with the whole exam's steps");
  return out;
}

Command read_grant(Members& members) {
  GiveGrant out;
  out.services = as_ids<ServiceId>(members.texts("services"));
  if (out.services.empty()) members.fault("\"services\" is empty");
  if (const auto devices = members.texts_if("devices")) {
    out.devices = as_ids<DeviceId>(*devices);
    // An empty list would read as "nobody" to one and "everybody" to another.
    if (devices->empty()) members.fault("\"devices\" is empty: leave it out for the room");
  }
  out.until = members.text_if("until");
  out.minutes = members.integer_if("minutes");
  const auto lesson_end = members.boolean_if("lesson-end");
  out.lesson_end = lesson_end.value_or(false);
  if (lesson_end && !*lesson_end) members.fault("\"lesson-end\" can only be true");
  if (int{out.until.has_value()} + int{out.minutes.has_value()} + int{out.lesson_end} != 1)
    members.fault("wants one of \"until\", \"minutes\" and \"lesson-end\"");
  out.reason = read_reason(members);
  return out;
}

Command read_set_overlay(Members& members) {
  SetOverlay out;
  out.overlay = members.text("overlay");
  out.on = members.boolean("on");
  out.until = members.text_if("until");
  return out;
}

Command read_exempt(Members& members) {
  Exempt out;
  out.device = DeviceId(members.text("device"));
  out.from = members.texts("from");
  if (out.from.empty()) members.fault("\"from\" is empty");
  for (const std::string& one : out.from) {
    if (!one_of(kExemptible, one))
      members.fault("\"from\" is not of social-media, phone-free, exam");
  }
  if (const auto services = members.texts_if("services")) {
    out.services = as_ids<ServiceId>(*services);
    if (out.from != std::vector<std::string>{"social-media"})
      members.fault("\"services\" belongs to \"from\": [\"social-media\"] alone");
  }
  out.until = members.text("until");
  out.reason = read_reason(members);
  out.accept_weak_identity = members.boolean_if("accept_weak_identity").value_or(false);
  return out;
}

Command read_emergency(Members& members) {
  Emergency out;
  out.on = members.boolean("on");
  out.until = members.text_if("until");
  return out;
}

struct Form {
  std::string_view type;
  Command (*read)(Members&);
};

// In the order of the alternatives of Command.
constexpr std::array<Form, 11> kForms = {{
    {"set-mode", read_set_mode},
    {"exam", read_exam},
    {"grant", read_grant},
    {"revoke",
     [](Members& members) -> Command { return RevokeGrant{GrantId(members.text("grant"))}; }},
    {"set-devices",
     [](Members& members) -> Command {
       return SetDevices{members.texts_if("allow"), members.texts_if("forbid")};
     }},
    {"set-overlay", read_set_overlay},
    {"exempt", read_exempt},
    {"end-exemption",
     [](Members& members) -> Command {
       return EndExemption{ExemptionId(members.text("exemption"))};
     }},
    {"take-room", [](Members&) -> Command { return TakeRoom{}; }},
    {"emergency", read_emergency},
    {"release", [](Members&) -> Command { return Release{}; }},
}};
static_assert(kForms.size() + 1 == std::variant_size_v<Command>);

constexpr std::array<std::string_view, 5> kActions = {"start", "extend", "pause", "resume", "end"};

}  // namespace

std::string_view name_of(ExamAction action) {
  return kActions[static_cast<std::size_t>(action)];
}

std::optional<ExamAction> exam_action_from(std::string_view name) {
  for (std::size_t i = 0; i < kActions.size(); ++i)
    if (kActions[i] == name) return static_cast<ExamAction>(i);
  return std::nullopt;
}

Result<Command> parse_command(const json::value& cmd) {
  if (!cmd.is_object()) return failure("cmd: not an object");
  Members members(cmd.get_object(), "cmd");
  const std::string type = members.text("type");
  if (!members.ok()) return tl::unexpected(members.finish().error());
  for (const Form& form : kForms) {
    if (form.type != type) continue;
    Command command = form.read(members);
    if (auto done = members.finish(); !done) return tl::unexpected(done.error());
    return command;
  }
  return UnknownCommand{type};
}

std::string_view type_of(const Command& command) {
  if (const auto* unknown = std::get_if<UnknownCommand>(&command)) return unknown->type;
  return kForms[command.index()].type;
}

bool for_building_only(const Command& command) {
  return std::holds_alternative<SetOverlay>(command) || std::holds_alternative<Emergency>(command);
}

}  // namespace lokaal
