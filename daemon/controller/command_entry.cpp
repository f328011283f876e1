#include "daemon/controller/command_entry.hpp"

#include <array>
#include <boost/json.hpp>
#include <string>

#include "core/base/json.hpp"
#include "daemon/controller/history.hpp"

namespace lokaal {
namespace {

namespace json = boost::json;

// Members of `cmd` that name devices, and so, in the end, persons.
constexpr std::array<std::string_view, 5> kPersonal = {"device", "devices", "candidate", "allow",
                                                       "forbid"};

bool is_personal(std::string_view type, std::string_view member) {
  // The allow-list of an exam names services.
  if (type == "set-mode" && member == "allow") return false;
  return std::find(kPersonal.begin(), kPersonal.end(), member) != kPersonal.end();
}

json::object cmd_of(const SignedCommand& message) {
  const auto claims = parse_json(as_text(message.jws.payload));
  if (!claims || !claims->is_object()) return {};
  const json::value* cmd = claims->get_object().if_contains("cmd");
  return cmd && cmd->is_object() ? cmd->get_object() : json::object();
}

}  // namespace

EventEntry command_entry(const SignedCommand& message, std::string_view compact,
                         const CommandOutcome& outcome, const SaltSource& salt) {
  EventEntry out;
  entry::Command command;
  command.jti = message.envelope.jti;
  command.kid = message.envelope.kid;
  command.role = std::string(name_of(outcome.role));
  command.signed_by = std::string(name_of(outcome.signed_by));
  const std::string_view type = type_of(message.command);
  for (const auto& member : cmd_of(message)) {
    const std::string name(member.key());
    if (is_personal(type, name)) {
      const std::string field = name + "_c";
      command.cmd[field] = out.personal.commit("cmd." + field, member.value(), salt());
    } else {
      command.cmd[name] = member.value();
    }
  }
  command.jws_c = out.personal.commit(kJwsField, json::string(compact), salt());
  command.outcome = outcome.accepted ? "accepted" : "rejected";
  if (outcome.reason) command.reason = std::string(name_of(*outcome.reason));
  command.rule = outcome.rule;
  out.body = command;
  return out;
}

}  // namespace lokaal
