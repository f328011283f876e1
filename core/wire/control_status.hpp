// How a gateway is: what it says over its control socket to who stands beside it.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "core/wire/room_state.hpp"

namespace lokaal::wire {

// None: a lab machine forwards for no room, and needs none.
enum class GuardState : std::uint8_t { intact, broken, unknown, none };
std::string_view name_of(GuardState guard);

struct ControlStatus {
  SiteId site;
  NodeId node;
  std::string boot_id;
  std::string software;
  WallTime at;
  std::string protocol;  // "mondia-2020"
  ClockState clock = ClockState::untrusted;
  std::uint64_t generation = 0;
  std::string journal;  // "sound", "short-of-space", "failed"
  bool broker_connected = false;
  // The last enforcement: what the kernel acknowledged, when, and in how long.
  std::uint64_t enforced_generation = 0;
  std::optional<WallTime> enforced_at;
  std::uint64_t enforced_us = 0;
  std::string failed;  // why the last one failed; empty: it did not
  GuardState guard = GuardState::unknown;
  std::vector<std::string> guard_faults;
  // `state` documents, as the broker has them (SCHEMAS state).
  std::vector<boost::json::object> rooms;

  // Whether nothing of this wants mending.
  bool good() const;
};

// In canonical JSON (RFC 8785), without the newline.
std::string to_text(const ControlStatus& status);
Result<ControlStatus> read_control_status(std::string_view line);

}  // namespace lokaal::wire
