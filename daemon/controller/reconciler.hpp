// Brings the kernel and the DNS server to what the policy desires, and remembers what they
// acknowledged.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "adapters/packet_filter/packet_filter.hpp"
#include "core/base/result.hpp"
#include "core/policy/flatten.hpp"
#include "core/policy/rulebook.hpp"
#include "core/policy/state.hpp"
#include "daemon/dns_server/snapshot.hpp"

namespace lokaal {

// What the kernel was made to hold of a room.
struct AppliedRoom {
  Mode mode = Mode::open;
  std::optional<WallTime> until;
  std::vector<std::string> overlays;
};

// What was enforced last, for `state.applied`. Where it `failed`, all else is of the last that did
// not.
struct Enforcement {
  Generation generation = 0;
  std::optional<WallTime> at;
  std::map<RoomId, AppliedRoom> rooms;
  std::chrono::microseconds took{0};
  bool failed = false;
  std::string why;
};

struct Repair {
  std::string found;  // for the record; empty: the table was as we left it
  bool done = true;   // it is again
};

// One thread.
class Reconciler {
 public:
  using Publish = std::function<void(std::shared_ptr<const DnsSnapshot>)>;

  struct Surroundings {
    std::shared_ptr<const NameClassifier> names;
    std::map<InterfaceIndex, RoomId> interfaces;
    std::shared_ptr<const NeighbourDevices> neighbours;
  };

  Reconciler(PacketFilter& filter, FilterLayout layout, const Rulebook& rules,
             const ServiceTable& services, Publish publish);

  // Kernel and DNS hold the state when this returns without an error. A table that somebody took
  // away is put up again. On an error the kernel holds what it held before.
  Result<Enforcement> enforce(const State& state, WallTime now);

  // Finds what somebody else did to the table and puts it right: elements in one batch, without
  // disturbing anything; anything else by a new table.
  Repair repair(const State& state, WallTime now);

  // The same as enforce(), with the whole table put up anew: at the start.
  Result<Enforcement> reinstall(const State& state, WallTime now);

  // Where rooms and devices are; in force with the next enforcement, or republished at once.
  void surround(Surroundings surroundings);

  const Enforcement& last() const { return last_; }
  // Devices of the inventory that are at an address in one of the rooms.
  std::size_t devices_present() const;
  // What the DNS server judges by; null before the first enforcement.
  std::shared_ptr<const DnsSnapshot> dns() const { return snapshot_; }

 private:
  Result<Enforcement> acknowledge(const Result<Applied>& applied, DesiredState desired,
                                  const State& state, WallTime now);
  void publish_dns(const DesiredState& desired, const State& state, WallTime now);
  // The catalogue's, and the host names of exams.
  std::shared_ptr<const NameClassifier> names() const;

  PacketFilter& filter_;
  FilterLayout layout_;
  const Rulebook& rules_;
  const ServiceTable& services_;
  Publish publish_;
  Surroundings surroundings_;
  std::map<ServiceId, ExamHost> hosts_;  // as last published
  std::shared_ptr<const DnsSnapshot> snapshot_;
  Enforcement last_;
};

}  // namespace lokaal
