// A MessageBus in memory, for tests of whoever uses one: records what is published, and is told
// what arrives. Synchronous: a handler runs inside the call that causes it.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/bus/message_bus.hpp"

namespace lokaal {

class FakeBus final : public MessageBus {
 public:
  explicit FakeBus(Presence presence = {}, SignMessage sign = {})
      : presence_(std::move(presence)), sign_(std::move(sign)) {}

  void start(BusHandlers handlers) override {
    handlers_ = std::move(handlers);
    started = true;
  }
  void subscribe(std::string filter) override {
    if (std::find(filters.begin(), filters.end(), filter) == filters.end())
      filters.push_back(std::move(filter));
  }
  bool publish(OutgoingMessage message) override {
    if (full || stopped) return false;
    record(std::move(message));
    if (during_publish) std::exchange(during_publish, {})();
    return true;
  }
  void announce() override {
    if (connected_) publish_presence(PresenceStage::birth);
  }
  // Without a goodbye when not connected, as the real one.
  void stop(std::function<void()> done) override {
    if (stopped) return;
    if (connected_) publish_presence(PresenceStage::goodbye);
    stopped = true;
    connected_ = false;
    if (done) done();
  }
  bool connected() const override { return connected_; }
  std::uint64_t session() const override { return session_; }
  BusCounters counters() const override { return counters_; }

  // What happens to it.
  void connect(bool session_kept = false) {
    ++session_;
    connected_ = true;
    ++counters_.connections;
    publish_presence(PresenceStage::birth);
    tell({BusEvent::Kind::connected, {}, session_kept});
  }
  void lose(const std::string& why = "lost") {
    connected_ = false;
    ++counters_.failed_attempts;
    tell({BusEvent::Kind::disconnected, why, false});
  }
  void tell(const BusEvent& event) {
    if (!stopped && handlers_.event) handlers_.event(event);
  }
  // Delivered only if a subscription matches, as a broker would; says whether one did.
  bool deliver(IncomingMessage message) {
    const bool wanted = std::any_of(filters.begin(), filters.end(), [&](const auto& filter) {
      return matches(filter, message.topic);
    });
    if (!wanted || !handlers_.message || stopped) return false;
    ++counters_.received;
    handlers_.message(std::move(message));
    return true;
  }
  bool deliver(std::string topic, std::string payload) {
    IncomingMessage message;
    message.topic = std::move(topic);
    message.payload = std::move(payload);
    return deliver(std::move(message));
  }

  // What it saw.
  std::vector<OutgoingMessage> on(std::string_view topic) const {
    std::vector<OutgoingMessage> found;
    for (const auto& message : published)
      if (message.topic == topic) found.push_back(message);
    return found;
  }

  std::vector<OutgoingMessage> published;
  std::vector<std::string> filters;
  bool started = false;
  bool stopped = false;
  bool full = false;                     // publish() answers false
  std::function<void()> during_publish;  // called once, by the next publish()

  // MQTT 5, 4.7: `+` for one level, `#` for the rest.
  static bool matches(std::string_view filter, std::string_view topic) {
    while (true) {
      if (filter == "#") return true;
      const auto filter_end = filter.find('/');
      const auto topic_end = topic.find('/');
      const auto level = filter.substr(0, filter_end);
      if (level != "+" && level != topic.substr(0, topic_end)) return false;
      const bool filter_done = filter_end == std::string_view::npos;
      const bool topic_done = topic_end == std::string_view::npos;
      if (filter_done || topic_done) {
        // "a/#" matches "a" as well.
        return filter_done == topic_done || (topic_done && filter.substr(filter_end + 1) == "#");
      }
      filter.remove_prefix(filter_end + 1);
      topic.remove_prefix(topic_end + 1);
    }
  }

 private:
  void record(OutgoingMessage message) {
    if (sign_) {
      std::string jws = sign_(message.topic, message.payload);
      if (!jws.empty()) message.user_properties.emplace_back("jws", std::move(jws));
    }
    ++counters_.published;
    published.push_back(std::move(message));
  }
  void publish_presence(PresenceStage stage) {
    if (presence_.topic.empty()) return;
    OutgoingMessage message;
    message.topic = presence_.topic;
    message.payload = presence_.payload(stage, session_);
    message.retain = true;
    record(std::move(message));
  }

  Presence presence_;
  SignMessage sign_;
  BusHandlers handlers_;
  BusCounters counters_;
  bool connected_ = false;
  std::uint64_t session_ = 0;
};

}  // namespace lokaal
