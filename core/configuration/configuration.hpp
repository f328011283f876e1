// lokaald's configuration file and the list of devices, read strictly and checked wholly.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/ip.hpp"
#include "core/base/result.hpp"
#include "core/configuration/broker_address.hpp"
#include "core/devices/device.hpp"
#include "core/policy/mode.hpp"

namespace lokaal {

struct UpstreamAddress {
  IpAddress address;
  std::uint16_t port = 53;

  bool operator==(const UpstreamAddress&) const = default;
};

struct RoomConfiguration {
  RoomId name;
  std::vector<std::string> interfaces;  // bridges or ports; at most 15 characters each
  std::vector<IpPrefix> prefixes;       // what the routing guard closes
  Mode default_mode = Mode::open;
};

// A lab machine, which keeps its own traffic as its room is kept.
struct MachineConfiguration {
  DeviceId device;  // which of the devices it is
};

// Paths are as written in the file.
struct Configuration {
  SiteId site;
  NodeId node;
  BrokerAddress broker;
  std::string node_key_file;
  std::string inventory_key_file;  // empty: no inventory can be read
  std::string root_thumbprint;
  std::string root_file;
  std::string roster_file;
  std::string devices_file;
  std::string plan_store;          // directory of the plan documents that came by topic
  bool require_timestamp = false;  // whether a plan without one is stale
  std::string protocol_file;
  std::vector<std::string> service_files;  // files and folders
  std::string journal_directory;
  std::string evidence_directory;  // of the logs that are published; beside the journal by default
  std::uint16_t dns_port = 5354;
  std::vector<UpstreamAddress> dns_upstream;
  std::vector<IpAddress> infrastructure;  // fixed addresses that the routing guard never closes
  std::string control_socket = "/run/lokaald/control.sock";  // what lokaalctl asks
  std::vector<RoomConfiguration> rooms;
  // Of a machine: then there is one room, without interfaces and prefixes.
  std::optional<MachineConfiguration> machine;
  // Whether a clock that the kernel does not hold to be synchronised is enough to loosen anything.
  bool require_synced_clock = true;
};

// `file` is the name that errors give.
Result<Configuration> parse_configuration(std::string_view text, const std::string& file);

// The devices of devices.toml. A device's number follows from its id, so that it stays the same
// over restarts, and, but for rare collisions, when others are added: conntrack marks outlive a
// restart.
Result<std::map<DeviceId, Device>> parse_devices(std::string_view text, const std::string& file,
                                                 const Configuration& configuration);

}  // namespace lokaal
