// Where the broker is and as whom one connects: [broker] of lokaald's and of lokaal-agent's
// configuration.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/ip.hpp"
#include "core/base/toml_reader.hpp"

namespace lokaal {

// Paths are as written in the file.
struct BrokerAddress {
  std::string host;
  std::uint16_t port = 8883;
  std::string ca_file;
  std::string user;
  std::string password_file;  // empty: none
  // Where it is; empty: its name is asked for. Lab machines reach these in every mode.
  std::vector<IpAddress> addresses;
};

// What is wrong is refused in the table, with its place and mend.
BrokerAddress read_broker_address(TomlTable table);

}  // namespace lokaal
