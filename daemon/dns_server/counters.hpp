// What the DNS server has done since it started. Numbers only: no name and no client.
#pragma once

#include <atomic>
#include <cstdint>

namespace lokaal {

struct DnsCounts {
  std::uint64_t queries = 0;    // messages received
  std::uint64_t refused = 0;    // answered with a refusal, by policy or because the room is unknown
  std::uint64_t forwarded = 0;  // questions put to an upstream
  std::uint64_t cached = 0;     // answered from the cache
  std::uint64_t servfail = 0;   // answered with SERVFAIL of our own
  std::uint64_t malformed = 0;  // no query at all
  std::uint64_t dropped = 0;    // left unanswered: over a device's rate

  bool operator==(const DnsCounts&) const = default;
};

// Written by the server's thread, readable by all.
struct DnsCounters {
  std::atomic<std::uint64_t> queries{0};
  std::atomic<std::uint64_t> refused{0};
  std::atomic<std::uint64_t> forwarded{0};
  std::atomic<std::uint64_t> cached{0};
  std::atomic<std::uint64_t> servfail{0};
  std::atomic<std::uint64_t> malformed{0};
  std::atomic<std::uint64_t> dropped{0};

  DnsCounts read() const {
    return {queries.load(),  refused.load(),   forwarded.load(), cached.load(),
            servfail.load(), malformed.load(), dropped.load()};
  }
};

}  // namespace lokaal
