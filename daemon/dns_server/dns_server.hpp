// The classroom's resolver: UDP and TCP, IPv4 and IPv6, on a thread of its own.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/result.hpp"
#include "daemon/dns_server/counters.hpp"
#include "daemon/dns_server/responder.hpp"
#include "daemon/dns_server/snapshot.hpp"
#include "daemon/dns_server/tcp_listener.hpp"
#include "daemon/dns_server/upstream.hpp"

namespace lokaal {

struct DnsServerSettings {
  std::uint16_t port = 5354;  // rooms' port 53 is redirected here
  std::vector<DnsUpstream> upstreams;
  std::chrono::milliseconds upstream_timeout{1500};  // of one upstream, for one attempt
  // What packets to upstreams are marked with (SO_MARK; takes CAP_NET_ADMIN); 0: nothing.
  std::uint32_t upstream_mark = 0;
  std::size_t cache_entries = 4096;
  double queries_per_second = 100;  // of one device; what is over it and the burst is dropped
  double burst = 400;
  TcpBounds tcp;
};

struct DnsServerHooks {
  WallClock now;          // required
  OnAnswer on_answer;     // none: nobody learns
  WhoAsks who_asks = {};  // none: who is not in the snapshot is not known
};

// Start, publish, counts and stop may be called from any thread, stop and the destructor from one
// at a time and not from a hook.
class DnsServer {
 public:
  // Binds at once, and serves until it is destroyed; SERVFAIL until the first snapshot. An error
  // says which port could not be had. Without IPv6 in the kernel there is IPv4 only.
  static Result<std::unique_ptr<DnsServer>> start(DnsServerSettings settings, DnsServerHooks hooks);

  ~DnsServer();  // as stop()
  DnsServer(const DnsServer&) = delete;
  DnsServer& operator=(const DnsServer&) = delete;

  // In force for the next query.
  void publish(std::shared_ptr<const DnsSnapshot> snapshot);
  DnsCounts counts() const;
  // Ends the thread. No hook is called after it has returned.
  void stop();

 private:
  class Loop;
  explicit DnsServer(std::unique_ptr<Loop> loop);

  std::unique_ptr<Loop> loop_;
};

}  // namespace lokaal
