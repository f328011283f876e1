#include "core/wire/control_status.hpp"

#include <boost/json.hpp>

#include "core/base/json.hpp"
#include "core/wire/control_question.hpp"
#include "core/wire/fields.hpp"

namespace lokaal::wire {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostRooms = 200;
constexpr std::size_t kMostFaults = 1000;

GuardState read_guard(Reader& reader) {
  const std::string word = reader.string("guard");
  for (const GuardState guard :
       {GuardState::intact, GuardState::broken, GuardState::unknown, GuardState::none})
    if (name_of(guard) == word) return guard;
  reader.refuse("guard", "not a word that is known here");
  return GuardState::unknown;
}

}  // namespace

std::string_view name_of(GuardState guard) {
  switch (guard) {
    case GuardState::intact:
      return "intact";
    case GuardState::broken:
      return "broken";
    case GuardState::none:
      return "none";
    case GuardState::unknown:
      return "unknown";
  }
  return "?";
}

bool ControlStatus::good() const {
  return journal == "sound" && broker_connected && failed.empty() &&
         (guard == GuardState::intact || guard == GuardState::none) &&
         clock == ClockState::synced && enforced_generation == generation;
}

std::string to_text(const ControlStatus& status) {
  json::object out;
  out["v"] = kVersion;
  out["site"] = text(status.site);
  out["node"] = text(status.node);
  out["boot_id"] = text(status.boot_id);
  out["software"] = text(status.software);
  out["at"] = time(status.at);
  out["protocol"] = text(status.protocol);
  out["clock"] = name_of(status.clock);
  out["generation"] = decimal(status.generation);
  out["journal"] = text(status.journal);
  out["broker"] = status.broker_connected ? "connected" : "disconnected";
  out["enforced_generation"] = decimal(status.enforced_generation);
  out["enforced_at"] = time(status.enforced_at);
  out["enforced_us"] = decimal(status.enforced_us);
  out["failed"] = text(status.failed);
  out["guard"] = name_of(status.guard);
  out["guard_faults"] = names(status.guard_faults);
  out["good"] = status.good();
  out["rooms"] = json::array(status.rooms.begin(), status.rooms.end());
  return canonical_json(out);
}

Result<ControlStatus> read_control_status(std::string_view line) {
  auto reader = Reader::of(line, {.bytes = kControlAnswerLimit, .depth = 16});
  if (!reader) return tl::unexpected(reader.error());
  ControlStatus out;
  out.site = SiteId(reader->name("site"));
  out.node = NodeId(reader->name("node"));
  out.boot_id = reader->string_or_null("boot_id");
  out.software = reader->string_or_null("software");
  out.at = reader->time("at");
  out.protocol = reader->string_or_null("protocol");
  out.clock = reader->string("clock") == name_of(ClockState::synced) ? ClockState::synced
                                                                     : ClockState::untrusted;
  out.generation = reader->decimal("generation");
  out.journal = reader->string_or_null("journal");
  out.broker_connected = reader->string("broker") == "connected";
  out.enforced_generation = reader->decimal("enforced_generation");
  out.enforced_at = reader->time_or_null("enforced_at");
  out.enforced_us = reader->decimal("enforced_us");
  out.failed = reader->string_or_null("failed");
  out.guard = read_guard(*reader);
  out.guard_faults = reader->strings("guard_faults", kMostFaults);
  out.rooms = reader->objects("rooms", kMostRooms);
  if (reader->error()) return tl::unexpected(*reader->error());
  return out;
}

}  // namespace lokaal::wire
