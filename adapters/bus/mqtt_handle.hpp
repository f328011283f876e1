// libmosquitto's client as a value: owns the handle, gathers what its callbacks say.
//
// The callbacks run inside calls of this class; they only note, so that nobody reacts while the
// library is in the middle of something. take_notes() yields what was noted, in order.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "adapters/bus/message_bus.hpp"
#include "adapters/bus/mqtt_options.hpp"
#include "core/base/result.hpp"

struct mosquitto;

namespace lokaal {

class MqttHandle {
 public:
  struct Accepted {
    bool session_kept = false;
  };
  struct Published {
    int id = 0;
    int reason = 0;  // MQTT 5 reason code; from 0x80 on a refusal
  };
  struct Subscribed {
    int id = 0;
    int reason = 0;  // likewise; below: the QoS
  };
  struct TooLarge {};
  using Note = std::variant<Accepted, Published, Subscribed, TooLarge, IncomingMessage>;

  // `tls` must outlive it.
  MqttHandle(const MqttOptions& options, TlsContext& tls);
  ~MqttHandle();
  MqttHandle(const MqttHandle&) = delete;
  MqttHandle& operator=(const MqttHandle&) = delete;

  // Before open(). Empty payload: no will.
  Result<void> set_will(const OutgoingMessage& will);
  // Begins to connect; never blocks. `address` is numeric: a name would be resolved here.
  Result<void> open(const std::string& address, std::uint16_t port);

  // The library's socket, -1 when there is none (any more). It closes it by itself.
  int socket() const;
  bool handshake_done() const;  // TLS
  bool wants_write() const;

  // Each: false when the connection is over.
  bool read();
  bool write();
  bool tick();  // keepalive; a few times in each
  // Packet identifier; a failure means that the connection is over or the message can never be
  // sent.
  struct SendError {
    bool too_large = false;
  };
  tl::expected<int, SendError> publish(const OutgoingMessage& message);
  tl::expected<int, SendError> subscribe(const std::string& filter);
  void disconnect();

  std::vector<Note> take_notes();
  // Why the connection ended or failed, for people.
  std::string reason() const;

 private:
  struct Callbacks;
  struct Destroy {
    void operator()(mosquitto* handle) const;
  };

  bool alive(int result);

  TlsContext& tls_;
  std::size_t max_payload_;
  std::chrono::seconds keepalive_;
  std::uint32_t session_expiry_;
  std::uint32_t max_packet_;
  std::vector<Note> notes_;
  std::string peer_reason_;    // what the broker gave as its reason
  std::string library_error_;  // the library's last error line
  int result_ = 0;
  int system_error_ = 0;
  std::unique_ptr<mosquitto, Destroy> handle_;
};

// The broker's reason in words.
std::string reason_text(int reason_code);

}  // namespace lokaal
