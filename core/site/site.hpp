// Everything that lokaald reads before it does anything: checked wholly, or not taken at all.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "core/command/jwk.hpp"
#include "core/command/roster.hpp"
#include "core/configuration/configuration.hpp"
#include "core/plan/jwe.hpp"
#include "core/plan/lessons.hpp"
#include "core/policy/flatten.hpp"
#include "core/policy/rulebook.hpp"
#include "core/policy/state.hpp"
#include "core/protocol/protocol.hpp"
#include "core/traffic/catalogue.hpp"

namespace lokaal {

// How files are read, since nothing here opens one: the functions of adapters/files, or a test's.
struct SiteFiles {
  using Read = std::function<Result<std::string>(const std::string& path, std::size_t max_bytes)>;

  Read read;
  Read read_private;  // refuses what others than its owner may read
  // A folder's *.toml files in the order of their names; of a file, itself.
  std::function<Result<std::vector<std::string>>(const std::string& path)> toml_files;
  // Which moment a clock on the wall of that time zone shows (adapters/clock).
  std::function<Result<ToMoment>(const std::string& zone)> moments_of_zone;
};

struct Site {
  Configuration configuration;
  PrivateJwk node_key;
  std::optional<DecryptionJwk> inventory_key;
  Root root;
  Roster roster;
  Catalogue catalogue;
  ServiceTable services;
  Protocol protocol;
  ToMoment to_moment;  // of the protocol's zone
  Rulebook rulebook;
  std::string broker_password;
  State initial;  // rooms and devices, nothing commanded
};

// Reads the configuration and all that it names. Every error has its place and mend. Blocks where
// `disk` does. `known`: what numbers of services mean already.
Result<Site> load_site(const std::string& configuration_file, const SiteFiles& disk,
                       const ServiceNumbers& known = {});

// Of the protocol's zone; the error is of the protocol's file.
Result<ToMoment> zone_of(const Protocol& protocol, const SiteFiles& disk);

// The configuration alone, for what must work before keys and plans are there (the routing guard).
Result<Configuration> load_configuration(const std::string& file, const SiteFiles& disk);

}  // namespace lokaal
