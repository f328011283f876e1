#include <algorithm>
#include <array>

#include "core/command/checks.hpp"
#include "core/command/deadline.hpp"
#include "core/command/loosening.hpp"
#include "core/command/members.hpp"

namespace lokaal {
namespace {

// Life safety: an emergency waits for no clock and no panel (PROTOCOL-RULES "Life safety").
bool waits_for_trust(const CommandCase& it) {
  return !std::holds_alternative<Emergency>(it.command) &&
         loosens(it.command, it.view, it.context, it.now);
}

std::optional<Refusal> need_services(const CommandCase& it,
                                     const std::vector<ServiceId>& services) {
  for (const ServiceId& service : services) {
    if (!it.context.service(service))
      return refusal(Reason::unknown_service,
                     quoted(service.str()) + " is no service of the catalogue");
  }
  return std::nullopt;
}

// Of an exam's allow-list.
std::optional<Refusal> need_names(const CommandCase& it, const std::vector<std::string>& allow) {
  for (const std::string& item : allow) {
    if (!it.context.service(ServiceId(item)) && !is_host_name(item))
      return refusal(Reason::unknown_service,
                     quoted(item) + " is neither a service of the catalogue nor a host name");
  }
  return std::nullopt;
}

std::optional<Refusal> need_device(const CommandCase& it, const DeviceId& device) {
  if (it.context.device(device)) return std::nullopt;
  return refusal(Reason::unknown_device, quoted(device.str()) + " is no device of the inventory");
}

// Of an exam that closes nothing else.
std::optional<Refusal> need_candidates(const CommandCase& it, const ExamId& id) {
  const auto exam = it.context.exam(id);
  if (!exam->group) return std::nullopt;
  for (const DeviceId& device : exam->candidates)
    if (auto unknown = need_device(it, device)) return unknown;
  return std::nullopt;
}

std::optional<Refusal> need_kinds(const CommandCase& it,
                                  const std::optional<std::vector<std::string>>& items) {
  if (!items) return std::nullopt;
  for (const std::string& item : *items) {
    if (kind_from(item)) continue;
    if (auto unknown = need_device(it, DeviceId(item))) return unknown;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> check_clock(const CommandCase& it) {
  if (it.context.clock_trusted() || !waits_for_trust(it)) return std::nullopt;
  return refusal(Reason::clock_untrusted,
                 "the time is not trusted since the last boot: only tightening is accepted");
}

std::optional<Refusal> check_plan(const CommandCase& it) {
  if (it.context.plan_fresh() || !waits_for_trust(it)) return std::nullopt;
  return refusal(Reason::plan_stale,
                 "the plan documents are out of date: only tightening is accepted");
}

std::optional<Refusal> check_supported(const CommandCase& it) {
  const auto* unknown = std::get_if<UnknownCommand>(&it.command);
  if (unknown == nullptr) return std::nullopt;
  return refusal(Reason::unsupported_command, quoted(unknown->type) + " is no command type");
}

std::optional<Refusal> check_mode(const CommandCase& it) {
  if (const auto* command = std::get_if<SetMode>(&it.command);
      command != nullptr && !mode_from(command->mode))
    return refusal(Reason::unknown_mode, quoted(command->mode) + " is no mode");
  if (const auto* command = std::get_if<SetOverlay>(&it.command);
      command != nullptr && command->overlay != "phone-free" && command->overlay != "social-free")
    return refusal(Reason::unknown_mode, quoted(command->overlay) + " is no overlay");
  return std::nullopt;
}

std::optional<Refusal> check_room(const CommandCase& it) {
  if (it.view) return std::nullopt;
  return refusal(Reason::unknown_room, quoted(it.room.str()) + " is no room of this node");
}

std::optional<Refusal> check_exam(const CommandCase& it) {
  const auto* command = std::get_if<RunExam>(&it.command);
  if (command == nullptr) return std::nullopt;
  const auto exam = it.context.exam(command->exam);
  if (!exam) return refusal(Reason::unknown_exam, "no plan knows this exam");
  if (exam->rooms.count(it.room) == 0)
    return refusal(Reason::unknown_exam, "this exam is not planned in this room");
  if (command->action != ExamAction::start && !exam->running)
    return refusal(Reason::unknown_exam, "this exam is not running");
  return std::nullopt;
}

std::optional<Refusal> check_services(const CommandCase& it) {
  if (const auto* command = std::get_if<GiveGrant>(&it.command))
    return need_services(it, command->services);
  if (const auto* command = std::get_if<Exempt>(&it.command); command && command->services)
    return need_services(it, *command->services);
  if (const auto* command = std::get_if<RunExam>(&it.command))
    return command->action == ExamAction::start
               ? need_names(it, it.context.exam(command->exam)->allow)
               : std::nullopt;
  const auto* command = std::get_if<SetMode>(&it.command);
  return command && command->allow ? need_names(it, *command->allow) : std::nullopt;
}

std::optional<Refusal> check_devices(const CommandCase& it) {
  if (const auto* command = std::get_if<SetDevices>(&it.command)) {
    if (auto unknown = need_kinds(it, command->allow)) return unknown;
    return need_kinds(it, command->forbid);
  }
  if (const auto* command = std::get_if<Exempt>(&it.command))
    return need_device(it, command->device);
  if (const auto* command = std::get_if<RunExam>(&it.command)) {
    if (command->action == ExamAction::start) return need_candidates(it, command->exam);
    if (!command->candidate) return std::nullopt;
    if (it.context.exam(command->exam)->candidates.count(*command->candidate) > 0)
      return std::nullopt;
    return refusal(Reason::unknown_device, "no candidate of this exam");
  }
  const auto* command = std::get_if<GiveGrant>(&it.command);
  if (command == nullptr || !command->devices) return std::nullopt;
  for (const DeviceId& device : *command->devices) {
    if (auto unknown = need_device(it, device)) return unknown;
  }
  return std::nullopt;
}

std::optional<Refusal> check_grant(const CommandCase& it) {
  const auto* command = std::get_if<RevokeGrant>(&it.command);
  if (command == nullptr || it.context.grant(command->grant) == it.room) return std::nullopt;
  return refusal(Reason::unknown_grant, "no grant of that id holds in this room");
}

std::optional<Refusal> check_exemption(const CommandCase& it) {
  const auto* command = std::get_if<EndExemption>(&it.command);
  if (command == nullptr || it.context.exemption(command->exemption)) return std::nullopt;
  return refusal(Reason::unknown_exemption, "no exemption of that id holds");
}

std::optional<Refusal> check_until(const CommandCase& it) {
  const Deadline deadline = deadline_of(it.command, *it.view, it.context, it.now);
  if (deadline) return std::nullopt;
  return refusal(Reason::invalid_until, deadline.error());
}

}  // namespace lokaal
