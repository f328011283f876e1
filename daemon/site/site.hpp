// Everything that lokaald reads before it does anything: checked wholly, or not taken at all.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "core/command/jwk.hpp"
#include "core/command/roster.hpp"
#include "core/plan/jwe.hpp"
#include "core/policy/flatten.hpp"
#include "core/policy/rulebook.hpp"
#include "core/policy/state.hpp"
#include "core/protocol/protocol.hpp"
#include "core/traffic/catalogue.hpp"
#include "daemon/config/configuration.hpp"

namespace lokaal {

struct Site {
  Configuration configuration;
  PrivateJwk node_key;
  std::optional<DecryptionJwk> inventory_key;
  Root root;
  Roster roster;
  Catalogue catalogue;
  ServiceTable services;
  Protocol protocol;
  Rulebook rulebook;
  std::string broker_password;
  State initial;  // rooms and devices, nothing commanded
};

// Reads the configuration and all that it names. Every error has its place and mend. Blocking.
Result<Site> load_site(const std::string& configuration_file);

// The configuration alone, for what must work before keys and plans are there (the routing guard).
Result<Configuration> load_configuration(const std::string& file);

}  // namespace lokaal
