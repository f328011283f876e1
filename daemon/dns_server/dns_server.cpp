#include "daemon/dns_server/dns_server.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <thread>
#include <utility>

#include "adapters/entropy/entropy.hpp"
#include "core/traffic/dns_wire.hpp"
#include "daemon/dns_server/resolver.hpp"
#include "daemon/dns_server/timed_socket.hpp"
#include "daemon/dns_server/udp_listener.hpp"

namespace lokaal {
namespace {

bool kernel_has_ipv6() {
  const int probe = ::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (probe < 0) return errno != EAFNOSUPPORT;
  ::close(probe);
  return true;
}

std::uint64_t random_seed() {
  const Bytes bytes = random_bytes(8);
  return (std::uint64_t{dns_wire::get32(bytes, 0)} << 32U) | dns_wire::get32(bytes, 4);
}

}  // namespace

// Everything that the server's thread touches. Declared in the order in which it may be destroyed
// backwards: the io_context outlives every socket.
class DnsServer::Loop {
 public:
  Loop(DnsServerSettings settings, DnsServerHooks hooks)
      : settings_(std::move(settings)),
        upstreams_(context_, open_, settings_.upstreams, settings_.upstream_timeout,
                   settings_.upstream_mark),
        resolver_(context_, upstreams_, counters_, {.cache_entries = settings_.cache_entries}),
        responder_(snapshots_, resolver_, counters_,
                   RateBound(settings_.queries_per_second, settings_.burst, random_seed()),
                   std::move(hooks.now), std::move(hooks.on_answer), std::move(hooks.who_asks)) {}

  Result<void> bind() {
    auto bound = bind(IpFamily::v4);
    if (bound && kernel_has_ipv6()) bound = bind(IpFamily::v6);
    return bound;
  }

  void start() {
    for (const auto& listener : udp_) listener->start();
    for (const auto& listener : tcp_) listener->start();
    // noexcept: what leaves run() is a bug, and ends the process.
    thread_ = std::thread([this]() noexcept { context_.run(); });
  }

  // Closes everything, so that run() ends when the last coroutine has.
  void stop() {
    if (!thread_.joinable()) return;
    boost::asio::post(context_, [this] {
      for (const auto& listener : udp_) listener->close();
      for (const auto& listener : tcp_) listener->close();
      open_.close_all();
    });
    thread_.join();
  }

  PublishedSnapshot& snapshots() { return snapshots_; }
  const DnsCounters& counters() const { return counters_; }

 private:
  Result<void> bind(IpFamily family) {
    auto udp = UdpListener::open(context_, family, settings_.port, responder_);
    if (!udp) return tl::unexpected(udp.error());
    auto tcp =
        TcpListener::open(context_, family, settings_.port, open_, responder_, settings_.tcp);
    if (!tcp) return tl::unexpected(tcp.error());
    udp_.push_back(std::move(*udp));
    tcp_.push_back(std::move(*tcp));
    return {};
  }

  DnsServerSettings settings_;
  boost::asio::io_context context_{1};
  OpenSockets open_;
  DnsCounters counters_;
  PublishedSnapshot snapshots_;
  Upstreams upstreams_;
  Resolver resolver_;
  Responder responder_;
  std::vector<std::unique_ptr<UdpListener>> udp_;
  std::vector<std::unique_ptr<TcpListener>> tcp_;
  std::thread thread_;
};

DnsServer::DnsServer(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}

DnsServer::~DnsServer() {
  stop();
}

Result<std::unique_ptr<DnsServer>> DnsServer::start(DnsServerSettings settings,
                                                    DnsServerHooks hooks) {
  auto loop = std::make_unique<Loop>(std::move(settings), std::move(hooks));
  if (auto bound = loop->bind(); !bound) return tl::unexpected(bound.error());
  loop->start();
  return std::unique_ptr<DnsServer>(new DnsServer(std::move(loop)));
}

void DnsServer::publish(std::shared_ptr<const DnsSnapshot> snapshot) {
  loop_->snapshots().publish(std::move(snapshot));
}

DnsCounts DnsServer::counts() const {
  return loop_->counters().read();
}

void DnsServer::stop() {
  loop_->stop();
}

}  // namespace lokaal
