// The bus under test with a reactor of its own, and what it told.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "adapters/bus/mqtt_bus.hpp"
#include "tests/unit/adapters/bus/broker.hpp"

namespace lokaal::test {

inline MqttOptions options_for(const Broker& broker, const std::string& user) {
  MqttOptions options;
  options.host = "localhost";
  // It does not listen at ::1, which a Debian calls localhost too: that would be one session more.
  options.addresses = {IpAddress::parse("127.0.0.1").value()};
  options.port = broker.port();
  options.tls.ca = broker.authority().certificate.string();
  options.user = user;
  options.password = user + "-password";
  options.client_id = user + "-id";
  options.random = [] { return std::uint64_t{20}; };  // reconnects after 20 ms
  return options;
}

class Node {
 public:
  explicit Node(MqttOptions options) {
    auto made = make_mqtt_bus(io, std::move(options));
    if (!made) throw std::runtime_error(made.error().text());
    bus = std::move(*made);
  }

  void start() {
    bus->start({[this](IncomingMessage message) { messages.push_back(std::move(message)); },
                [this](const BusEvent& event) { events.push_back(event); }});
  }
  void start_connected() {
    start();
    if (!run_until([&] { return bus->connected(); }))
      throw std::runtime_error("not connected: " + told());
  }

  // Runs the reactor until that is so; false after ten seconds.
  bool run_until(const std::function<bool()>& condition,
                 std::chrono::milliseconds at_most = std::chrono::seconds(10)) {
    const auto end = std::chrono::steady_clock::now() + at_most;
    while (!condition()) {
      if (std::chrono::steady_clock::now() >= end) return false;
      io.restart();
      io.run_one_for(std::chrono::milliseconds(5));
    }
    return true;
  }

  bool stop() {
    bool stopped = false;
    bus->stop([&] { stopped = true; });
    return run_until([&] { return stopped; });
  }

  bool has_event(BusEvent::Kind kind, const std::string& part = {}) const {
    for (const auto& event : events)
      if (event.kind == kind && event.detail.find(part) != std::string::npos) return true;
    return false;
  }
  std::string told() const {
    std::string all;
    for (const auto& event : events) all += event.detail + "\n";
    return all;
  }
  // All that the broker has acknowledged so far.
  bool run_until_published(std::uint64_t count) {
    return run_until([&] { return bus->counters().published >= count; });
  }

  boost::asio::io_context io;
  std::vector<IncomingMessage> messages;
  std::vector<BusEvent> events;
  std::unique_ptr<MessageBus> bus;  // ends before io
};

inline OutgoingMessage message(std::string topic, std::string payload, bool retain = false) {
  OutgoingMessage out;
  out.topic = std::move(topic);
  out.payload = std::move(payload);
  out.retain = retain;
  return out;
}

}  // namespace lokaal::test
