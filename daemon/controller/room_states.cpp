#include "daemon/controller/room_states.hpp"

#include "core/evidence/event_entry.hpp"

namespace lokaal {
namespace {

wire::CommandedBy by(Cause::Kind kind) {
  switch (kind) {
    case Cause::Kind::person:
      return wire::CommandedBy::person;
    case Cause::Kind::panel:
      return wire::CommandedBy::panel;
    case Cause::Kind::physical:
      return wire::CommandedBy::physical;
    case Cause::Kind::timetable:
      return wire::CommandedBy::timetable;
    case Cause::Kind::plan:
      return wire::CommandedBy::plan;
    case Cause::Kind::standing:
      return wire::CommandedBy::standard;
  }
  return wire::CommandedBy::standard;
}

// Kinds by name. Single devices are left out: their ids have no place in a retained topic.
std::vector<std::string> shown(const std::set<Kind>& kinds) {
  std::vector<std::string> out;
  for (const Kind kind : kinds) out.emplace_back(name_of(kind));
  return out;
}

wire::GrantState shown(const Grant& grant) {
  wire::GrantState out;
  out.id = grant.id;
  for (const ServiceId& service : grant.services) out.services.push_back(service.str());
  if (!grant.devices.empty()) out.devices = static_cast<std::uint32_t>(grant.devices.size());
  out.until = grant.until;
  return out;
}

}  // namespace

wire::RoomState RoomStates::of(const RoomId& id, const Room& room, const State& state,
                               const Enforcement& enforcement, const wire::LogHead& head,
                               std::uint64_t seq) const {
  const WallTime now = clock_.now();
  const BaseMode base = base_mode(room, now);
  const ShownMode mode = shown_mode(state, id, now);
  wire::RoomState out;
  out.site = names_.site;
  out.room = id;
  out.node = names_.node;
  out.boot_id = clock_.boot_id();
  out.seq = seq;
  out.at = now;
  out.generation = state.generation;
  out.clock = clock_.synced() ? wire::ClockState::synced : wire::ClockState::untrusted;
  out.commanded.mode = mode.mode;
  out.commanded.until = mode.until;
  out.commanded.by = by(mode.by.kind);
  if (mode.by.jti) out.commanded.jti = *mode.by.jti;
  if (mode.exam) out.commanded.exam = mode.exam->id;
  if (const auto rule = rule_of(mode.mode, rules_)) out.commanded.rule = *rule;
  for (const OverlayInForce& overlay : overlays_in_force(state, now))
    out.commanded.overlays.push_back({std::string(overlay.name), overlay.until});
  for (const auto& [exemption_id, exemption] : state.exemptions)
    if (holds(exemption.until, now)) ++out.commanded.exemptions;
  for (const auto& [grant_id, grant] : state.grants)
    if (grant.room == id && holds(grant.until, now)) out.commanded.grants.push_back(shown(grant));
  if (base.devices) {
    out.commanded.allow = shown(base.devices->allowed_kinds);
    out.commanded.forbid = shown(base.devices->forbidden_kinds);
  }
  out.applied = applied_state(id, enforcement);
  const Moment moment{now, clock_.steady()};
  out.observed = observation_.observed(id, moment);
  out.isolation = observation_.isolation(id, moment);
  out.observed.machines = machines_.counts(id, moment);
  out.evidence = head;
  out.next_deadline = next_deadline(state, now);
  return out;
}

wire::AppliedState applied_state(const RoomId& room, const Enforcement& enforcement) {
  wire::AppliedState applied;
  applied.generation = enforcement.generation;
  if (const auto held = enforcement.rooms.find(room); held != enforcement.rooms.end()) {
    applied.mode = held->second.mode;
    applied.overlays = held->second.overlays;
  }
  applied.at = enforcement.at;
  if (enforcement.failed) applied.failed = "kernel-failed";
  return applied;
}

}  // namespace lokaal
