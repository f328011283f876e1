// Upstream answers, kept for as long as they say. Keyed by the question: policy is judged before.
#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <optional>

#include "core/base/time.hpp"
#include "core/traffic/dns_answer.hpp"

namespace lokaal {

struct CachedAnswer {
  std::shared_ptr<const DnsAnswer> answer;
  std::chrono::seconds elapsed{};  // to be taken off its TTLs
};

// Bounded; the least recently used goes first. One thread.
class AnswerCache {
 public:
  // Answers longer than this are not kept, so that memory is bounded by entries.
  static constexpr std::size_t kMaxMessage = 4096;

  explicit AnswerCache(std::size_t entries) : most_(entries) {}

  std::optional<CachedAnswer> find(const DnsQuestion& question, SteadyTime now);
  void store(const DnsQuestion& question, DnsAnswer answer, SteadyTime now);
  std::size_t size() const { return index_.size(); }

 private:
  struct Entry {
    DnsQuestion question;
    std::shared_ptr<const DnsAnswer> answer;
    SteadyTime stored;
    SteadyTime expires;
  };
  using Order = std::list<Entry>;  // most recently used first

  void erase(Order::iterator entry);

  std::size_t most_;
  Order order_;
  std::map<DnsQuestion, Order::iterator> index_;
};

}  // namespace lokaal
