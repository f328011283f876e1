#include "core/wire/room_state.hpp"

#include <boost/json.hpp>

#include "core/wire/fields.hpp"

namespace lokaal::wire {
namespace {

namespace json = boost::json;

json::object commanded_json(const CommandedState& commanded) {
  json::array overlays;
  for (const auto& overlay : commanded.overlays) {
    json::object item;
    item["name"] = text(overlay.name);
    item["until"] = time(overlay.until);
    overlays.push_back(std::move(item));
  }
  json::array grants;
  for (const auto& grant : commanded.grants) {
    json::object item;
    item["id"] = text(grant.id);
    item["services"] = names(grant.services);
    item["scope"] = grant.devices ? json::value(*grant.devices) : json::value("room");
    item["until"] = time(grant.until);
    grants.push_back(std::move(item));
  }
  json::object by;
  by["kind"] = name_of(commanded.by);
  by["jti"] = text(commanded.jti);
  json::object out;
  out["mode"] = mode(commanded.mode);
  out["overlays"] = std::move(overlays);
  out["until"] = time(commanded.until);
  out["exam"] = text(commanded.exam);
  out["rule"] = text(commanded.rule);
  out["by"] = std::move(by);
  out["grants"] = std::move(grants);
  out["exemptions"] = commanded.exemptions;
  out["allow"] = names(commanded.allow);
  out["forbid"] = names(commanded.forbid);
  return out;
}

json::object applied_json(const AppliedState& applied) {
  json::object out;
  out["generation"] = decimal(applied.generation);
  out["mode"] = mode(applied.mode);
  out["overlays"] = names(applied.overlays);
  out["at"] = time(applied.at);
  out["failed"] = text(applied.failed);
  return out;
}

json::object observed_json(const ObservedState& observed) {
  json::object machines;
  machines["total"] = observed.machines.total;
  machines["locked"] = observed.machines.locked;
  machines["off"] = observed.machines.off;
  machines["silent"] = observed.machines.silent;
  machines["unlocked"] = observed.machines.unlocked;
  machines["external"] = observed.machines.external;
  json::array observers;
  for (const auto& observer : observed.observers) {
    json::object item;
    item["node"] = text(observer.node);
    item["seq"] = decimal(observer.seq);
    item["at"] = time(observer.at);
    item["scope"] = name_of(observer.scope);
    item["verdict"] = name_of(observer.verdict);
    observers.push_back(std::move(item));
  }
  json::object out;
  out["verdict"] = name_of(observed.verdict);
  out["at"] = time(observed.at);
  out["generation"] = decimal(observed.generation);
  out["machines"] = std::move(machines);
  out["sightings"] = observed.sightings;
  out["observers"] = std::move(observers);
  return out;
}

json::value log_head_json(const std::optional<LogHead>& head) {
  if (!head) return nullptr;
  json::object out;
  out["log"] = text(head->log);
  out["size"] = decimal(head->size);
  out["root"] = text(head->root);
  return out;
}

}  // namespace

std::string_view name_of(ClockState clock) {
  return clock == ClockState::synced ? "synced" : "untrusted";
}

std::string_view name_of(Isolation isolation) {
  switch (isolation) {
    case Isolation::proven:
      return "proven";
    case Isolation::absent:
      return "absent";
    case Isolation::unknown:
      return "unknown";
  }
  return "?";
}

std::string_view name_of(CommandedBy by) {
  switch (by) {
    case CommandedBy::person:
      return "person";
    case CommandedBy::panel:
      return "panel";
    case CommandedBy::physical:
      return "physical";
    case CommandedBy::timetable:
      return "timetable";
    case CommandedBy::plan:
      return "plan";
    case CommandedBy::standard:
      return "default";
  }
  return "?";
}

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::agrees:
      return "agrees";
    case Verdict::drift:
      return "drift";
    case Verdict::silent:
      return "silent";
    case Verdict::unknown:
      return "unknown";
  }
  return "?";
}

std::string_view name_of(Scope scope) {
  switch (scope) {
    case Scope::self:
      return "self";
    case Scope::room:
      return "room";
    case Scope::site:
      return "site";
  }
  return "?";
}

json::value to_json(const RoomState& state) {
  json::object out;
  out["v"] = kVersion;
  out["site"] = text(state.site);
  out["room"] = text(state.room);
  out["node"] = text(state.node);
  out["boot_id"] = text(state.boot_id);
  out["seq"] = decimal(state.seq);
  out["at"] = time(state.at);
  out["generation"] = decimal(state.generation);
  out["clock"] = name_of(state.clock);
  out["isolation"] = name_of(state.isolation);
  out["commanded"] = commanded_json(state.commanded);
  out["applied"] = applied_json(state.applied);
  out["observed"] = observed_json(state.observed);
  out["evidence"] = log_head_json(state.evidence);
  out["next_deadline"] = time(state.next_deadline);
  return out;
}

std::string to_text(const RoomState& state) {
  return json::serialize(to_json(state));
}

}  // namespace lokaal::wire
