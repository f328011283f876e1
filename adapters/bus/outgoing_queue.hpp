// What waits to be published. Bounded: of retained messages the newest per topic, of the others as
// many as fit.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>

#include "adapters/bus/message_bus.hpp"

namespace lokaal {

class OutgoingQueue {
 public:
  using Instant = std::chrono::steady_clock::time_point;

  struct Limits {
    std::size_t messages = 1000;
    std::size_t bytes = 4 * 1024 * 1024;
  };

  struct Entry {
    OutgoingMessage message;
    std::optional<Instant> expires;
  };

  explicit OutgoingQueue(Limits limits) : limits_(limits) {}

  // False: no room. A retained message takes the place of an older one with its topic.
  bool push(OutgoingMessage message, Instant now);
  // Back to the front, though full: it was sent and not acknowledged. Unless a newer one with its
  // retained topic waits.
  void put_back(Entry entry);
  // Before all others: a birth.
  void push_first(OutgoingMessage message);
  // The oldest that has not expired; its expiry is reduced by the time it waited.
  std::optional<Entry> pop(Instant now);

  bool empty() const { return entries_.empty(); }
  std::size_t size() const { return entries_.size(); }
  std::size_t bytes() const { return bytes_; }
  std::uint64_t expired() const { return expired_; }

 private:
  std::deque<Entry>::iterator find_retained(const std::string& topic);

  Limits limits_;
  std::deque<Entry> entries_;
  std::size_t bytes_ = 0;
  std::uint64_t expired_ = 0;
};

// What a message takes of the queue and, about, on the wire.
std::size_t size_of(const OutgoingMessage& message);

}  // namespace lokaal
