#include "daemon/dns_server/resolver.hpp"

#include <utility>

#include "daemon/dns_server/spawn.hpp"

namespace lokaal {
namespace {

SteadyTime steady_now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::steady_clock::now());
}

}  // namespace

Resolver::Resolver(boost::asio::io_context& context, Upstreams& upstreams, DnsCounters& counters,
                   Bounds bounds)
    : context_(context),
      upstreams_(upstreams),
      counters_(counters),
      bounds_(bounds),
      cache_(bounds.cache_entries) {}

void Resolver::resolve(const DnsQuestion& question, Done done) {
  if (const auto cached = cache_.find(question, steady_now())) {
    ++counters_.cached;
    done({cached->answer, cached->elapsed, false});
    return;
  }
  const auto same = open_.find(question);
  if (same != open_.end() && same->second.size() < bounds_.waiting) {
    same->second.push_back(std::move(done));
    return;
  }
  if (same != open_.end() || open_.size() >= bounds_.open_questions) {
    done({nullptr, {}, true});
    return;
  }
  open_[question].push_back(std::move(done));
  ++counters_.forwarded;
  spawn(context_, fetch(question));
}

boost::asio::awaitable<void> Resolver::fetch(DnsQuestion question) {
  std::optional<DnsAnswer> answer = co_await upstreams_.ask(question);
  Resolved resolved;
  if (answer) {
    cache_.store(question, *answer, steady_now());
    resolved.answer = std::make_shared<const DnsAnswer>(std::move(*answer));
  }
  // Out of the table first: who is called may ask again.
  const std::vector<Done> waiting = std::move(open_[question]);
  open_.erase(question);
  for (const Done& done : waiting) done(resolved);
}

}  // namespace lokaal
