#include "daemon/control/answers.hpp"

#include <boost/json.hpp>
#include <variant>

#include "core/wire/control_question.hpp"
#include "daemon/control/why.hpp"

namespace lokaal {
namespace {

std::string_view name_of(JournalHealth health) {
  switch (health) {
    case JournalHealth::sound:
      return "sound";
    case JournalHealth::short_of_space:
      return "short-of-space";
    case JournalHealth::failed:
      return "failed";
  }
  return "?";
}

}  // namespace

std::string ControlAnswers::answer(std::string_view question) const {
  const auto asked = wire::read_control_question(question);
  if (!asked) return wire::control_failure(asked.error());
  if (std::holds_alternative<wire::StatusQuestion>(*asked)) return wire::to_text(status());
  const auto dns = parts_.reconciler.dns();
  const ControlView view{parts_.site, parts_.controller.state(), dns.get(), parts_.clock.now()};
  const auto found = why(view, std::get<wire::WhyQuestion>(*asked));
  return found ? wire::to_text(*found) : wire::control_failure(found.error());
}

wire::ControlStatus ControlAnswers::status() const {
  const State& state = parts_.controller.state();
  const Enforcement& last = parts_.reconciler.last();
  wire::ControlStatus out;
  out.site = parts_.site.configuration.site;
  out.node = parts_.site.configuration.node;
  out.boot_id = parts_.clock.boot_id();
  out.software = "lokaald " LOKAAL_VERSION;
  out.at = parts_.clock.now();
  out.protocol = parts_.site.rulebook.protocol;
  out.clock = parts_.clock.synced() ? wire::ClockState::synced : wire::ClockState::untrusted;
  out.generation = state.generation;
  out.journal = std::string(name_of(parts_.recorder.health()));
  out.broker_connected = parts_.bus.connected();
  out.enforced_generation = last.generation;
  out.enforced_at = last.at;
  out.enforced_us = static_cast<std::uint64_t>(last.took.count());
  if (last.failed) out.failed = last.why;
  if (!parts_.guard_faults) {
    out.guard = wire::GuardState::none;
  } else if (auto faults = parts_.guard_faults()) {
    out.guard = faults->empty() ? wire::GuardState::intact : wire::GuardState::broken;
    out.guard_faults = std::move(*faults);
  } else {
    out.guard_faults = {faults.error().text()};
  }
  const wire::LogHead head = parts_.recorder.head();
  for (const auto& [id, room] : state.rooms)
    out.rooms.push_back(
        wire::to_json(parts_.states.of(id, room, state, last, head, parts_.reporter.seq()))
            .as_object());
  return out;
}

}  // namespace lokaal
