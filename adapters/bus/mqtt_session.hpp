// One connection to the broker, from TCP connect to its end, driven by the reactor.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <string>

#include "adapters/bus/mqtt_handle.hpp"

namespace lokaal {

class MqttSession : public std::enable_shared_from_this<MqttSession> {
 public:
  // What a session tells. May call back into the session, close() included.
  class Listener {
   public:
    virtual void on_accepted(bool session_kept) = 0;
    virtual void on_note(MqttHandle::Note note) = 0;
    // The last call. `reached`: the peer answered at all, another address will not do better.
    virtual void on_ended(const std::string& reason, bool reached) = 0;

   protected:
    ~Listener() = default;
  };

  // `listener` must live until on_ended() or close().
  MqttSession(boost::asio::io_context& io, const MqttOptions& options,
              std::shared_ptr<TlsContext> tls, Listener& listener);

  // Ends with on_ended() if not with close(); never calls back from within.
  void open(const boost::asio::ip::tcp::endpoint& broker, const OutgoingMessage& will);
  // Drops everything at once; nothing is called after that.
  void close();

  // While accepted.
  tl::expected<int, MqttHandle::SendError> publish(const OutgoingMessage& message);
  tl::expected<int, MqttHandle::SendError> subscribe(const std::string& filter);
  // Says DISCONNECT, so that the will is not published; on_ended() follows.
  void disconnect();

  bool accepted() const { return phase_ == Phase::accepted; }

 private:
  enum class Phase : std::uint8_t { fresh, tcp, tls, mqtt, accepted, lingering, over };

  void watch();
  void wait_readable();
  void wait_writable();
  void on_readable();
  void on_writable();
  void start_deadline();
  void start_ticking();
  void advance(bool alive);
  void deliver_notes();
  void deliver_soon();
  void linger();
  void drain();
  void fail(const std::string& reason);
  void drop();

  const MqttOptions& options_;
  std::shared_ptr<TlsContext> tls_;
  Listener* listener_;
  // A duplicate of the library's socket: the library may close its own inside any call, and Asio
  // must not find another file under that number.
  boost::asio::posix::stream_descriptor socket_;
  boost::asio::steady_timer deadline_;
  boost::asio::steady_timer tick_;
  std::unique_ptr<MqttHandle> handle_;
  Phase phase_ = Phase::fresh;
  bool waiting_readable_ = false;
  bool waiting_writable_ = false;
  bool delivering_ = false;
  bool reached_ = false;
  bool said_goodbye_ = false;
};

}  // namespace lokaal
