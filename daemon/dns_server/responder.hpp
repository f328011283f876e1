// What is said to a query: policy first, then the cache and the upstreams. No socket.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <tuple>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/traffic/dns_message.hpp"
#include "daemon/dns_server/counters.hpp"
#include "daemon/dns_server/dns_decision.hpp"
#include "daemon/dns_server/rate_bound.hpp"
#include "daemon/dns_server/resolver.hpp"
#include "daemon/dns_server/snapshot.hpp"

namespace lokaal {

// An address that is about to be told to a device for an allowed name of the catalogue.
struct LearnedAddress {
  DeviceNumber device = 0;  // 0: not in the inventory
  RoomId room;
  IpAddress address;
  ServiceNumber service = kUnclassified;
  std::chrono::seconds ttl{};  // what the client is told; 0 is possible

  bool operator==(const LearnedAddress&) const = default;
};
// Called on the server's thread, before the answer leaves; it may take as long as one change of the
// kernel takes. An error becomes SERVFAIL: nothing is told that could not be classified.
using OnAnswer = std::function<Result<void>(const LearnedAddress&)>;
// Trusted school time; called on the server's thread.
using WallClock = std::function<WallTime()>;

// The snapshot in force. Any thread.
class PublishedSnapshot {
 public:
  void publish(std::shared_ptr<const DnsSnapshot> next) {
    const std::lock_guard lock(mutex_);
    current_.swap(next);  // the old one ends outside of the lock
  }
  std::shared_ptr<const DnsSnapshot> current() const {
    const std::lock_guard lock(mutex_);
    return current_;
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const DnsSnapshot> current_;
};

// Who asks, as the packet shows it.
struct DnsClient {
  InterfaceIndex interface = 0;
  IpAddress source;
};

// Asked about a source that the snapshot's neighbours do not have: a device can put its first
// question before anybody was told that it is there. On the server's thread.
using WhoAsks = std::function<KnownDevice(const DnsClient&)>;

// One thread, but for the snapshot and the counters.
class Responder {
 public:
  enum class Transport : std::uint8_t { udp, tcp };
  // Gets the reply; an empty one means that nothing is said.
  using Send = std::function<void(const Bytes&)>;

  Responder(const PublishedSnapshot& snapshots, Resolver& resolver, DnsCounters& counters,
            RateBound rate, WallClock now, OnAnswer on_answer, WhoAsks who_asks = {});

  // Calls `send` exactly once, perhaps before it returns.
  void handle(const DnsClient& client, ByteView message, Transport transport, Send send);

 private:
  struct Asked {
    DnsClient client;
    DnsQuery query;
  };
  // Where and who, and what of it the catalogue and the policy say.
  struct Judged {
    RoomId room;
    KnownDevice device;
    std::optional<NameClass> name;
  };

  KnownDevice device_of(const DnsSnapshot& snapshot, const DnsClient& client) const;
  bool admitted(const DnsClient& client, const DnsSnapshot* snapshot);
  // The reply that policy gives by itself; else `judged` is filled and an answer may be sought.
  std::optional<Bytes> judge(const Asked& asked, Judged& judged);
  std::optional<Bytes> without_asking(const Asked& asked, const Judged& judged) const;
  Bytes conclude(const Asked& asked, const Resolved& resolved);
  bool learn(const Judged& judged, const Bytes& reply);
  Bytes servfail(const DnsQuery& query, ExtendedError why);

  const PublishedSnapshot& snapshots_;
  Resolver& resolver_;
  DnsCounters& counters_;
  RateBound rate_;
  WallClock now_;
  OnAnswer on_answer_;
  WhoAsks who_asks_;
};

}  // namespace lokaal
