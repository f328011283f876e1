// How a node is connected to its broker.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "adapters/bus/message_bus.hpp"
#include "adapters/bus/outgoing_queue.hpp"
#include "adapters/bus/tls_context.hpp"
#include "core/base/ip.hpp"

namespace lokaal {

struct MqttOptions {
  std::string host;  // a name or an address; the broker's certificate must hold it
  std::uint16_t port = 8883;
  std::vector<IpAddress> addresses;  // where `host` is; empty: it is asked for
  TlsFiles tls;
  std::string user;  // empty: none (client certificate)
  std::string password;
  // Under which the broker keeps our session. Stable over restarts. Whoever may connect and knows
  // it can take the session over (and so interrupt us): it should not be guessable.
  std::string client_id;

  std::chrono::seconds keepalive{15};         // at least 5
  std::chrono::seconds session_expiry{3600};  // how long the broker keeps messages for us
  std::uint16_t receive_maximum = 16;         // unacknowledged at a time, towards us
  std::uint16_t max_inflight = 16;            // and from us
  std::size_t max_packet = 256 * 1024;  // bytes, both ways; the broker drops larger ones to us
  std::chrono::milliseconds connect_timeout{10000};  // TCP, TLS and CONNACK of one address
  std::chrono::milliseconds stop_timeout{2000};
  // A connection that lasted as long as this ends a row of failures.
  std::chrono::milliseconds stable_after{10000};
  OutgoingQueue::Limits queue;

  std::uint64_t first_session = 1;        // the number of the first connection
  Presence presence;                      // empty topic: none
  SignMessage sign;                       // empty: nothing is signed
  std::function<std::uint64_t()> random;  // for the jitter; must be set
};

}  // namespace lokaal
