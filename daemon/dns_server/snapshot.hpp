// What the DNS server judges by: one immutable value, made on another thread and published whole.
#pragma once

#include <compare>
#include <map>
#include <memory>
#include <optional>
#include <string_view>

#include "core/base/ids.hpp"
#include "core/base/ip.hpp"
#include "core/base/time.hpp"
#include "core/devices/device.hpp"
#include "core/policy/desired_state.hpp"
#include "core/policy/mode.hpp"
#include "core/traffic/service.hpp"

namespace lokaal {

// What the catalogue says of a name.
struct NameClass {
  ServiceNumber service = kUnclassified;
  Category category = Category::social_media;

  bool essential() const { return is_essential(category); }
  auto operator<=>(const NameClass&) const = default;
};

// The catalogue as the DNS server needs it. Called on the server's thread for every query: it must
// be quick, and safe to call while other threads read the same object.
class NameClassifier {
 public:
  virtual ~NameClassifier() = default;
  // `name` in lower case without a final dot ("." is the root). Nothing: not in the catalogue.
  virtual std::optional<NameClass> classify(std::string_view name) const = 0;
};

// The rule that a refusal cites, and its end as far as it is known.
struct Citation {
  RuleId rule{"default"};
  std::optional<WallTime> until;

  bool operator==(const Citation&) const = default;
};

// A network interface of this machine as the kernel numbers it; 0 is none.
using InterfaceIndex = unsigned;

// A device that the inventory knows, as far as policy needs it.
struct KnownDevice {
  DeviceNumber device = 0;
  Cohort cohort;

  bool operator==(const KnownDevice&) const = default;
};

// From the kernel's neighbour table. Link-local addresses mean something only on their interface.
struct NeighbourKey {
  InterfaceIndex interface = 0;
  IpAddress address;

  auto operator<=>(const NeighbourKey&) const = default;
};
using NeighbourDevices = std::map<NeighbourKey, KnownDevice>;

struct DnsSnapshot {
  DesiredState desired;
  // Per room and layer. What carries its own end in `desired` (exams, overlays) is cited with that
  // end, the rest with the citation's; a layer without a citation cites "default".
  std::map<RoomId, std::map<Layer, Citation>> citations;
  std::map<InterfaceIndex, RoomId> interfaces;
  // Shared between snapshots, for these change seldom. Null: an empty catalogue, no known device.
  std::shared_ptr<const NameClassifier> names;
  std::shared_ptr<const NeighbourDevices> neighbours;
};

}  // namespace lokaal
