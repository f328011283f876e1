// One client's short conversation with the broker: MQTT 5 over TLS, by libmosquitto. Blocking; one
// thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.hpp"

namespace lokaal::ctl {

struct Broker {
  std::string host;
  std::uint16_t port = 8883;
  std::string ca;  // PEM file: who may vouch for the broker
  std::string user;
  std::string password;
};

struct Request {
  std::string topic;
  std::string payload;
  std::string response_topic;
  std::string correlation;
  std::uint32_t expiry = 60;  // seconds, MQTT 5 section 3.3.2.3.3
};

struct Received {
  std::string topic;
  std::string payload;
  std::string correlation;
  std::vector<std::string> jws;  // every user property of that name
};

class MqttExchange {
 public:
  // Connects and subscribes to `topic`; waits at most `patience` for both.
  static Result<std::unique_ptr<MqttExchange>> open(const Broker& broker, const std::string& topic,
                                                    std::chrono::milliseconds patience);
  virtual ~MqttExchange() = default;

  // QoS 1, never retained. Where the connection is gone, it is made again within receive().
  virtual Result<void> send(const Request& request) = 0;
  // What has come until something did, or the time is over.
  virtual Result<std::vector<Received>> receive(std::chrono::milliseconds patience) = 0;
};

}  // namespace lokaal::ctl
