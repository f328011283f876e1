// Asks the configured upstream resolvers, in order, and believes only what answers the question.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/ip.hpp"
#include "core/base/time.hpp"
#include "core/traffic/dns_answer.hpp"
#include "daemon/dns_server/timed_socket.hpp"

namespace lokaal {

struct DnsUpstream {
  IpAddress address;
  std::uint16_t port = 53;

  auto operator<=>(const DnsUpstream&) const = default;
};

// One thread. Every question has a socket of its own, and so a random source port of the kernel's,
// and a random id (RFC 5452).
class Upstreams {
 public:
  Upstreams(boost::asio::io_context& context, OpenSockets& open, std::vector<DnsUpstream> servers,
            std::chrono::milliseconds timeout, std::uint32_t mark = 0);

  // Nothing: none answered, within a timeout each (twice where TCP was needed).
  boost::asio::awaitable<std::optional<DnsAnswer>> ask(DnsQuestion question);

 private:
  struct Server {
    DnsUpstream at;
    SteadyTime rests_until;  // it did not answer: others are asked first until then
  };

  std::vector<std::size_t> order() const;
  boost::asio::awaitable<std::optional<DnsAnswer>> ask_one(DnsUpstream server,
                                                           DnsQuestion question);
  boost::asio::awaitable<std::optional<DnsAnswer>> ask_udp(DnsUpstream server,
                                                           DnsQuestion question);
  boost::asio::awaitable<std::optional<DnsAnswer>> ask_tcp(DnsUpstream server,
                                                           DnsQuestion question);

  boost::asio::io_context& context_;
  OpenSockets& open_;
  std::vector<Server> servers_;
  std::chrono::milliseconds timeout_;
  std::uint32_t mark_;  // of our packets; 0: none
};

}  // namespace lokaal
