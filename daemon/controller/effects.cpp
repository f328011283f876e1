#include "daemon/controller/effects.hpp"

#include <fmt/format.h>

namespace lokaal {
namespace {

using Effects = tl::expected<std::vector<Event>, Refusal>;

tl::unexpected<Refusal> not_here(std::string_view what) {
  return tl::unexpected<Refusal>(Refusal{
      Reason::unsupported_command, fmt::format("{} is not carried out by this version", what), {}});
}

Cause::Kind cause_of(SignedBy by) {
  switch (by) {
    case SignedBy::person:
      return Cause::Kind::person;
    case SignedBy::panel:
      return Cause::Kind::panel;
    case SignedBy::physical:
      return Cause::Kind::physical;
  }
  return Cause::Kind::person;
}

// Kinds and ids share one list; an id is never the name of a kind (the configuration sees to it).
void assign(const std::vector<std::string>& names, std::set<Kind>& kinds,
            std::set<DeviceId>& devices) {
  kinds.clear();
  devices.clear();
  for (const std::string& name : names) {
    if (const auto kind = kind_from(name)) {
      kinds.insert(*kind);
    } else {
      devices.insert(DeviceId(name));
    }
  }
}

class Effect {
 public:
  Effect(const CommandInRoom& in, const State& state, WallTime now)
      : in_(in), state_(state), now_(now) {}

  Effects operator()(const SetMode& command) const {
    const auto mode = mode_from(command.mode);
    if (!mode || *mode == Mode::exam) return not_here("an exam");
    if (!in_.approved.until) return not_here("a mode without an end");
    return one(RoomCommanded{in_.room, CommandedMode{*mode, *in_.approved.until, cause(), {}}});
  }

  Effects operator()(const SetDevices& command) const {
    const BaseMode base = base_mode(state_.rooms.at(in_.room), now_);
    const auto until = base.until ? base.until : in_.approved.until;
    if (!until) return not_here("set-devices outside a lesson");
    CommandedMode commanded{base.mode, *until, cause(), {}};
    if (base.devices) commanded.devices = *base.devices;
    DeviceRules& rules = commanded.devices;
    if (command.allow) assign(*command.allow, rules.allowed_kinds, rules.allowed);
    if (command.forbid) assign(*command.forbid, rules.forbidden_kinds, rules.forbidden);
    return one(RoomCommanded{in_.room, commanded});
  }

  Effects operator()(const GiveGrant& command) const {
    if (!in_.approved.until) return not_here("a grant without an end");
    Grant grant;
    grant.id = GrantId(in_.jti.str());  // unique among commands, so among grants
    grant.room = in_.room;
    grant.services = {command.services.begin(), command.services.end()};
    if (command.devices) grant.devices = {command.devices->begin(), command.devices->end()};
    grant.until = *in_.approved.until;
    return one(GrantBegun{grant});
  }

  Effects operator()(const RevokeGrant& command) const {
    return one(GrantEnded{command.grant, in_.room, "revoked"});
  }

  template <class Other>
  Effects operator()(const Other&) const {
    return not_here(type_of(in_.command));
  }

 private:
  Cause cause() const { return {cause_of(in_.approved.signed_by), in_.jti}; }
  static Effects one(Event event) { return std::vector<Event>{std::move(event)}; }

  const CommandInRoom& in_;
  const State& state_;
  WallTime now_;
};

}  // namespace

tl::expected<std::vector<Event>, Refusal> effects_of(const CommandInRoom& command,
                                                     const State& state, WallTime now) {
  return std::visit(Effect(command, state, now), command.command);
}

std::vector<Event> ended_by(const State& state, WallTime now) {
  std::vector<Event> ended;
  for (const auto& [id, room] : state.rooms)
    if (room.commanded && !holds(room.commanded->until, now))
      ended.push_back(RoomCommanded{id, std::nullopt});
  for (const auto& [id, grant] : state.grants)
    if (!holds(grant.until, now)) ended.push_back(GrantEnded{id, grant.room, "expired"});
  return ended;
}

}  // namespace lokaal
