#include "ctl/command_options.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <optional>

#include "ctl/wall_time.hpp"

namespace lokaal::ctl {
namespace {

namespace json = boost::json;
using Texts = std::vector<std::string>;

json::array as_array(const Texts& texts) {
  return json::array(texts.begin(), texts.end());
}

void add_list(json::object& cmd, const char* name, const std::optional<Texts>& texts) {
  if (texts) cmd[name] = as_array(*texts);
}

// Fills in `until` where one was typed.
Result<json::object> with_until(json::object cmd, const std::optional<std::string>& until,
                                WallTime now) {
  if (!until) return cmd;
  const auto time = read_time(*until, now);
  if (!time) return with_context("--until", time.error());
  cmd["until"] = format_time_seconds(*time);
  return cmd;
}

constexpr const char* kUntil = "When it ends: 10:20, or RFC 3339";

// What a type of command was given; shared by the options and by what reads them afterwards.
struct Typed {
  std::string name;
  std::string detail;
  std::optional<std::string> until;
  std::optional<Texts> first;
  std::optional<Texts> second;
  std::optional<std::int64_t> number;
  std::string reason = "teaching";
  bool flag = false;
};

CLI::Option* list_option(CLI::App* app, const char* name, std::optional<Texts>& into,
                         const char* what) {
  return app
      ->add_option_function<Texts>(
          name, [&into](const Texts& given) { into = given; }, what)
      ->delimiter(',');
}

}  // namespace

CLI::App* CommandOptions::add(CLI::App& app, const char* type, const char* what, Make make) {
  CLI::App* sub = app.add_subcommand(type, what);
  forms_.push_back({sub, std::move(make)});
  return sub;
}

void CommandOptions::add_set_mode(CLI::App& app) {
  const auto typed = std::make_shared<Typed>();
  CLI::App* sub = add(app, "set-mode", "A room's mode: open, lesson, devices-away, exam",
                      [typed](WallTime now) {
                        json::object cmd{{"type", "set-mode"}, {"mode", typed->name}};
                        add_list(cmd, "allow", typed->first);
                        if (typed->number) cmd["if_generation"] = *typed->number;
                        return with_until(std::move(cmd), typed->until, now);
                      });
  sub->add_option("MODE", typed->name)
      ->required()
      ->check(CLI::IsMember({"open", "lesson", "devices-away", "exam"}));
  sub->add_option("--until", typed->until, kUntil);
  list_option(sub, "--allow", typed->first, "Services and host names that an exam may reach");
  sub->add_option("--if-generation", typed->number, "Only if the room is still at this one")
      ->check(CLI::NonNegativeNumber);
}

void CommandOptions::add_exam(CLI::App& app) {
  const auto typed = std::make_shared<Typed>();
  CLI::App* sub =
      add(app, "exam", "A planned exam: start, extend, pause, resume, end", [typed](WallTime now) {
        json::object cmd{{"type", "exam"}, {"action", typed->name}, {"exam", typed->detail}};
        if (typed->first) cmd["candidate"] = typed->first->front();
        return with_until(std::move(cmd), typed->until, now);
      });
  sub->add_option("ACTION", typed->name)
      ->required()
      ->check(CLI::IsMember({"start", "extend", "pause", "resume", "end"}));
  sub->add_option("EXAM", typed->detail)->required();
  sub->add_option("--until", typed->until, kUntil);
  list_option(sub, "--candidate", typed->first, "For this candidate alone")->expected(1);
}

void CommandOptions::add_grant(CLI::App& app) {
  const auto typed = std::make_shared<Typed>();
  CLI::App* sub =
      add(app, "grant", "Permission for services, until the lesson ends unless said otherwise",
          [typed](WallTime now) {
            json::object cmd{{"type", "grant"}, {"services", as_array(*typed->first)}};
            add_list(cmd, "devices", typed->second);
            cmd["reason"] = typed->reason;
            if (typed->number) cmd["minutes"] = *typed->number;
            if (!typed->number && !typed->until) cmd["lesson-end"] = true;
            return with_until(std::move(cmd), typed->until, now);
          });
  list_option(sub, "SERVICES", typed->first, "Services of the catalogue, with commas between")
      ->required();
  list_option(sub, "--devices", typed->second, "For these devices alone");
  CLI::Option* until = sub->add_option("--until", typed->until, kUntil);
  sub->add_option("--minutes", typed->number, "For so many minutes")->excludes(until);
  sub->add_option("--reason", typed->reason, "care, facility, teaching, staff or other")
      ->capture_default_str();
}

void CommandOptions::add_lists(CLI::App& app) {
  const auto typed = std::make_shared<Typed>();
  CLI::App* sub = add(app, "set-devices", "Which kinds of devices, or devices, may be used",
                      [typed](WallTime) -> Result<json::object> {
                        json::object cmd{{"type", "set-devices"}};
                        add_list(cmd, "allow", typed->first);
                        add_list(cmd, "forbid", typed->second);
                        return cmd;
                      });
  list_option(sub, "--allow", typed->first, "Kinds (phone, laptop, ...) or device ids");
  list_option(sub, "--forbid", typed->second, "Kinds or device ids");
  sub->require_option(1, 0);
}

void CommandOptions::add_exempt(CLI::App& app) {
  const auto typed = std::make_shared<Typed>();
  typed->reason = "other";
  CLI::App* sub = add(app, "exempt", "Except one device from an overlay", [typed](WallTime now) {
    json::object cmd{{"type", "exempt"}, {"device", typed->name}};
    add_list(cmd, "from", typed->first);
    add_list(cmd, "services", typed->second);
    cmd["reason"] = typed->reason;
    if (typed->flag) cmd["accept_weak_identity"] = true;
    return with_until(std::move(cmd), typed->until, now);
  });
  sub->add_option("DEVICE", typed->name)->required();
  list_option(sub, "--from", typed->first, "social-media, phone-free, exam")->required();
  list_option(sub, "--services", typed->second, "These services alone");
  sub->add_option("--until", typed->until, kUntil)->required();
  sub->add_option("--reason", typed->reason, "care, facility, teaching, staff or other")
      ->capture_default_str();
  sub->add_flag("--accept-weak-identity", typed->flag, "Known by its MAC address alone: go on");
}

// on or off
void CommandOptions::add_switches(CLI::App& app) {
  const auto overlay = std::make_shared<Typed>();
  CLI::App* sub = add(
      app, "set-overlay", "phone-free or social-free, for the building", [overlay](WallTime now) {
        return with_until(
            {{"type", "set-overlay"}, {"overlay", overlay->name}, {"on", overlay->detail == "on"}},
            overlay->until, now);
      });
  sub->add_option("OVERLAY", overlay->name)
      ->required()
      ->check(CLI::IsMember({"phone-free", "social-free"}));
  sub->add_option("STATE", overlay->detail)->required()->check(CLI::IsMember({"on", "off"}));
  sub->add_option("--until", overlay->until, kUntil);

  const auto emergency = std::make_shared<Typed>();
  sub = add(app, "emergency", "Suspend lesson rules for the building", [emergency](WallTime now) {
    return with_until({{"type", "emergency"}, {"on", emergency->detail == "on"}}, emergency->until,
                      now);
  });
  sub->add_option("STATE", emergency->detail)->required()->check(CLI::IsMember({"on", "off"}));
  sub->add_option("--until", emergency->until, kUntil);
}

void CommandOptions::add_by_id(CLI::App& app) {
  const auto add_one = [&](const char* type, const char* member, const char* what) {
    const auto id = std::make_shared<std::string>();
    CLI::App* sub = add(app, type, what, [=](WallTime) -> Result<json::object> {
      return json::object{{"type", type}, {member, *id}};
    });
    sub->add_option("ID", *id)->required();
  };
  add_one("revoke", "grant", "End a grant");
  add_one("end-exemption", "exemption", "End an exemption");
  for (const auto& [type, what] :
       {std::pair("take-room", "Take over a room until the bell, as a substitute"),
        std::pair("release", "Let go of all that a mode holds on lab machines")}) {
    add(app, type, what, [name = type](WallTime) -> Result<json::object> {
      return json::object{{"type", name}};
    });
  }
}

void CommandOptions::add_to(CLI::App& app) {
  add_set_mode(app);
  add_exam(app);
  add_grant(app);
  add_lists(app);
  add_switches(app);
  add_exempt(app);
  add_by_id(app);
}

bool CommandOptions::given() const {
  return std::any_of(forms_.begin(), forms_.end(),
                     [](const Form& form) { return form.app->parsed(); });
}

Result<json::object> CommandOptions::cmd(WallTime now) const {
  for (const Form& form : forms_) {
    if (form.app->parsed()) return form.make(now);
  }
  return failure("no command was given", "for example: set-mode lesson");
}

}  // namespace lokaal::ctl
