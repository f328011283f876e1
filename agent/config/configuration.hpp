// lokaal-agent's configuration file, read strictly and checked wholly, and what it names.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "agent/probes/probe.hpp"
#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/command/jwk.hpp"
#include "core/configuration/broker_address.hpp"
#include "core/policy/mode.hpp"
#include "core/wire/agent_report.hpp"

namespace lokaal {

struct ProbeConfiguration {
  std::string id;
  wire::ProbeVia via = wire::ProbeVia::forward;
  ProbeTarget target;
  std::map<Mode, wire::Expectation> expect;  // in a mode that is not here it is not tried
};

struct WatchedRoom {
  RoomId name;
  std::uint16_t number = 0;    // in the kernel: docs/kernel-contract.md
  std::string namespace_file;  // empty: the room has no probe in it
  IpAddress resolver;          // whom its devices ask
  std::vector<ProbeConfiguration> probes;
};

// Paths are as written in the file.
struct AgentConfiguration {
  SiteId site;
  NodeId node;
  BrokerAddress broker;
  std::string key_file;
  std::chrono::milliseconds probe_period{0};
  std::chrono::milliseconds probe_timeout{0};
  std::vector<WatchedRoom> rooms;
};

// `file` is the name that errors give.
Result<AgentConfiguration> parse_agent_configuration(std::string_view text,
                                                     const std::string& file);

// The configuration with the secrets that it names.
struct AgentSettings {
  AgentConfiguration configuration;
  PrivateJwk key;
  std::string broker_password;
};
// Every error has its place and mend. Blocking.
Result<AgentSettings> load_agent_settings(const std::string& file);

}  // namespace lokaal
