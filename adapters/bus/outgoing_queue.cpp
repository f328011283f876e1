#include "adapters/bus/outgoing_queue.hpp"

#include <algorithm>

namespace lokaal {

std::size_t size_of(const OutgoingMessage& message) {
  constexpr std::size_t kHeaders = 64;  // fixed header, lengths, property identifiers
  std::size_t size =
      kHeaders + message.topic.size() + message.payload.size() + message.correlation_data.size();
  for (const auto& [name, value] : message.user_properties) size += name.size() + value.size() + 5;
  return size;
}

std::deque<OutgoingQueue::Entry>::iterator OutgoingQueue::find_retained(const std::string& topic) {
  return std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return entry.message.retain && entry.message.topic == topic;
  });
}

bool OutgoingQueue::push(OutgoingMessage message, Instant now) {
  const auto older = message.retain ? find_retained(message.topic) : entries_.end();
  const bool replaces = older != entries_.end();
  const std::size_t freed = replaces ? size_of(older->message) : 0;
  const std::size_t size = size_of(message);
  if (entries_.size() - (replaces ? 1 : 0) >= limits_.messages) return false;
  if (bytes_ - freed + size > limits_.bytes) return false;
  if (replaces) entries_.erase(older);
  std::optional<Instant> expires;
  if (message.expiry) expires = now + *message.expiry;
  bytes_ = bytes_ - freed + size;
  entries_.push_back({std::move(message), expires});
  return true;
}

void OutgoingQueue::put_back(Entry entry) {
  if (entry.message.retain && find_retained(entry.message.topic) != entries_.end()) return;
  bytes_ += size_of(entry.message);
  entries_.push_front(std::move(entry));
}

void OutgoingQueue::push_first(OutgoingMessage message) {
  if (const auto older = find_retained(message.topic); message.retain && older != entries_.end()) {
    bytes_ -= size_of(older->message);
    entries_.erase(older);
  }
  put_back({std::move(message), std::nullopt});
}

std::optional<OutgoingQueue::Entry> OutgoingQueue::pop(Instant now) {
  while (!entries_.empty()) {
    Entry entry = std::move(entries_.front());
    entries_.pop_front();
    bytes_ -= size_of(entry.message);
    if (!entry.expires) return entry;
    const auto left = std::chrono::floor<std::chrono::seconds>(*entry.expires - now);
    if (left.count() > 0) {
      entry.message.expiry = left;
      return entry;
    }
    ++expired_;
  }
  return std::nullopt;
}

}  // namespace lokaal
