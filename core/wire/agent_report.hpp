// `nodes/<node>/agent/report`: what an agent saw of one room by itself (SCHEMAS report).
//
// An agent that watches several rooms sends one report a room, all under that one topic and with
// one counter `seq`; so the retained one is the last of any room, and a reader keeps one per agent
// and room. What an agent does not watch is null.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "core/policy/mode.hpp"
#include "core/wire/room_state.hpp"

namespace lokaal::wire {

enum class Expectation : std::uint8_t { blocked, reachable };
enum class ProbeOutcome : std::uint8_t {
  blocked,    // refused, reset, or no answer
  reachable,  // answered
  error,      // could not be tried at all: nothing is said of the rules
};
// Which way its packets go: through the gateway to somewhere else, out of the gateway itself, or to
// a neighbour in the room.
enum class ProbeVia : std::uint8_t { forward, output, peer };
enum class Kiosk : std::uint8_t { none, running, crashed };
enum class FirmwareBasis : std::uint8_t { claimed, quoted };
std::string_view name_of(Expectation expect);
std::string_view name_of(ProbeOutcome got);
std::string_view name_of(ProbeVia via);
std::string_view name_of(Kiosk kiosk);
std::string_view name_of(FirmwareBasis basis);

struct AgentClock {
  bool synced = false;
  // How far the machine's wall clock is ahead of the agent's school time.
  std::optional<std::int64_t> offset_ms;

  bool operator==(const AgentClock&) const = default;
};

struct KernelReading {
  bool present = false;  // the table stands and is not asleep
  // The low 32 bits of what lokaald last applied; none where the table does not say.
  std::optional<std::uint64_t> generation;
  std::optional<Mode> mode;     // none: the room has none, and so is closed
  bool foreign_change = false;  // somebody other than lokaald changed the table since it was put up

  bool operator==(const KernelReading&) const = default;
};

struct ProbeResult {
  std::string id;
  Expectation expect = Expectation::blocked;
  ProbeOutcome got = ProbeOutcome::error;
  ProbeVia via = ProbeVia::forward;
  WallTime at;

  bool operator==(const ProbeResult&) const = default;
};

struct SessionCounts {
  std::uint32_t total = 0;
  std::uint32_t unlocked = 0;

  bool operator==(const SessionCounts&) const = default;
};

struct UsbCounts {
  std::uint32_t storage = 0;
  std::uint32_t camera = 0;
  std::uint32_t printer = 0;
  std::uint32_t network = 0;

  bool operator==(const UsbCounts&) const = default;
};

struct FirmwareState {
  std::string profile;  // empty: none
  FirmwareBasis basis = FirmwareBasis::claimed;
  std::vector<std::string> failed;

  bool operator==(const FirmwareState&) const = default;
};

struct AgentReport {
  SiteId site;
  NodeId node;
  RoomId room;
  std::string boot_id;
  std::uint64_t seq = 0;
  WallTime at;
  std::uint64_t uptime_ms = 0;  // of the machine, time asleep counted in
  Scope scope = Scope::self;
  AgentClock clock;
  std::optional<KernelReading> kernel;  // none: it could not be read
  std::vector<ProbeResult> probes;      // those that have been tried since the last change
  std::optional<SessionCounts> sessions;
  std::optional<UsbCounts> usb;
  std::optional<Kiosk> kiosk;
  std::optional<std::uint32_t> extra_uplinks;
  std::optional<FirmwareState> firmware;
  Verdict verdict = Verdict::unknown;  // agrees, drift or unknown

  bool operator==(const AgentReport&) const = default;
};

// How many probes a report holds at most.
inline constexpr std::size_t kMostProbes = 64;

boost::json::value to_json(const AgentReport& report);
std::string to_text(const AgentReport& report);
Result<AgentReport> read_agent_report(std::string_view text);

}  // namespace lokaal::wire
