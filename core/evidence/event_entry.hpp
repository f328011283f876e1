// Which log entry an event of the policy becomes, and back: what a restart folds.
#pragma once

#include <functional>
#include <optional>

#include "core/base/ids.hpp"
#include "core/evidence/commitment.hpp"
#include "core/evidence/entry.hpp"
#include "core/policy/event.hpp"

namespace lokaal {

// Fresh salts, one a call (adapters/entropy).
using SaltSource = std::function<Salt()>;

struct EventEntry {
  EntryBody body;
  PrivateValues personal;
};

// `shown` is what the room is after the event (of RoomCommanded only), `rule` what it cites.
EventEntry to_entry(const Event& event, const BaseMode& shown, const std::optional<RuleId>& rule,
                    const SaltSource& salt);

// The event that an entry stands for; none for entries that change no policy. An error where the
// entry needs private values that are not there or do not match: then live state cannot be rebuilt.
Result<std::optional<Event>> event_from(const LogEntry& entry, const PrivateValues& personal);

}  // namespace lokaal
