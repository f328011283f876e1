// The site's message bus as a node sees it: an interface, so that a controller is tested without
// one (tests/fakes/fake_bus.hpp). mqtt_bus.hpp makes the real one.
//
// Threads: everything is called, and calls back, on the reactor's thread. Nothing blocks it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lokaal {

struct IncomingMessage {
  std::string topic;
  std::string payload;
  // As the publisher set it: subscriptions are made with Retain As Published (MQTT 5, 3.8.3.1).
  bool retain = false;
  std::string response_topic;  // empty: none
  std::string correlation_data;
  // Every user property named `jws`, at most two: one is what a node's message must have.
  std::vector<std::string> jws;
};

struct OutgoingMessage {
  std::string topic;
  std::string payload;  // empty and retained: clears the topic
  bool retain = false;
  int qos = 1;  // 0 or 1
  std::string correlation_data;
  // How long it is worth anything; counts from publish(), waiting here included.
  std::optional<std::chrono::seconds> expiry;
  std::vector<std::pair<std::string, std::string>> user_properties;
};

// What a node says of being there. `session` counts connections: birth and will of one connection
// carry the same number.
enum class PresenceStage : std::uint8_t {
  birth,    // published when connected, and by announce()
  goodbye,  // published by stop()
  will,     // left with the broker, which publishes it when the connection dies
};
struct Presence {
  std::string topic;  // retained there
  std::function<std::string(PresenceStage, std::uint64_t session)> payload;
};

// The detached JWS over a message (INTERFACES section 3), or empty to publish it unsigned.
using SignMessage = std::function<std::string(std::string_view topic, std::string_view payload)>;

struct BusEvent {
  enum class Kind : std::uint8_t {
    connected,
    disconnected,          // detail says why; also after each attempt that failed
    subscription_refused,  // detail: the filter and the broker's reason
    publish_refused,       // detail: the topic and the broker's reason
  };
  Kind kind = Kind::disconnected;
  std::string detail;
  // connected: the broker kept our session, so that messages from our absence follow.
  bool session_kept = false;
};

struct BusHandlers {
  std::function<void(IncomingMessage)> message;
  std::function<void(const BusEvent&)> event;
};

struct BusCounters {
  std::uint64_t connections = 0;
  std::uint64_t failed_attempts = 0;  // including connections that were lost
  std::uint64_t received = 0;
  std::uint64_t received_too_large = 0;  // dropped
  std::uint64_t published = 0;           // acknowledged by the broker
  std::uint64_t refused = 0;             // by the broker: access control, quota
  std::uint64_t dropped = 0;             // never sent: no room to wait, expired, too large
};

class MessageBus {
 public:
  MessageBus() = default;
  MessageBus(const MessageBus&) = delete;
  MessageBus& operator=(const MessageBus&) = delete;
  // Ends at once: no goodbye, so the broker publishes the will. Never from within a handler.
  virtual ~MessageBus() = default;

  // Once. From then on it stays connected as well as it can, until stop().
  virtual void start(BusHandlers handlers) = 0;
  // Before or after start(); kept over reconnections. QoS 1.
  virtual void subscribe(std::string filter) = 0;
  // Signs and queues. While there is no connection, of retained messages only the newest per topic
  // waits, and of the others as many as fit. False: not queued (full, too large, stopped).
  virtual bool publish(OutgoingMessage message) = 0;
  // Publishes the birth again, as it reads now. Without a connection nothing: the next one has it.
  virtual void announce() = 0;
  // Publishes what still waits and the goodbye, disconnects, and calls back; at most the stop
  // timeout later. While connecting: at once. No handler is called after that.
  virtual void stop(std::function<void()> stopped) = 0;

  virtual bool connected() const = 0;
  // Of the present or last connection; 0 before the first attempt.
  virtual std::uint64_t session() const = 0;
  virtual BusCounters counters() const = 0;
};

}  // namespace lokaal
