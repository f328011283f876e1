#include "daemon/dns_server/answer_cache.hpp"

#include <utility>

namespace lokaal {

std::optional<CachedAnswer> AnswerCache::find(const DnsQuestion& question, SteadyTime now) {
  const auto found = index_.find(question);
  if (found == index_.end()) return std::nullopt;
  const auto entry = found->second;
  if (now >= entry->expires) {
    erase(entry);
    return std::nullopt;
  }
  order_.splice(order_.begin(), order_, entry);
  return CachedAnswer{entry->answer,
                      std::chrono::duration_cast<std::chrono::seconds>(now - entry->stored)};
}

void AnswerCache::store(const DnsQuestion& question, DnsAnswer answer, SteadyTime now) {
  const auto lifetime = cache_lifetime(answer);
  if (lifetime.count() <= 0 || answer.message.size() > kMaxMessage || most_ == 0) return;
  if (const auto known = index_.find(question); known != index_.end()) erase(known->second);
  while (index_.size() >= most_) erase(std::prev(order_.end()));
  settle_negative_ttl(answer);
  order_.push_front(
      {question, std::make_shared<const DnsAnswer>(std::move(answer)), now, now + lifetime});
  index_.emplace(question, order_.begin());
}

void AnswerCache::erase(Order::iterator entry) {
  index_.erase(entry->question);
  order_.erase(entry);
}

}  // namespace lokaal
