// From a question to an answer: the cache, one upstream question for all who ask the same at the
// same time, the upstreams.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "core/traffic/dns_answer.hpp"
#include "daemon/dns_server/answer_cache.hpp"
#include "daemon/dns_server/counters.hpp"
#include "daemon/dns_server/upstream.hpp"

namespace lokaal {

struct Resolved {
  std::shared_ptr<const DnsAnswer> answer;  // null: there is none
  std::chrono::seconds elapsed{};           // since it was fetched
  bool overloaded = false;                  // why there is none: too many questions are open
};

// One thread.
class Resolver {
 public:
  using Done = std::function<void(const Resolved&)>;

  struct Bounds {
    std::size_t cache_entries = 4096;
    std::size_t open_questions = 256;  // each holds a socket
    std::size_t waiting = 64;          // for the same question
  };

  Resolver(boost::asio::io_context& context, Upstreams& upstreams, DnsCounters& counters,
           Bounds bounds);

  // Calls `done` exactly once, perhaps before it returns.
  void resolve(const DnsQuestion& question, Done done);

 private:
  boost::asio::awaitable<void> fetch(DnsQuestion question);

  boost::asio::io_context& context_;
  Upstreams& upstreams_;
  DnsCounters& counters_;
  Bounds bounds_;
  AnswerCache cache_;
  std::map<DnsQuestion, std::vector<Done>> open_;
};

}  // namespace lokaal
