#include "adapters/bus/mqtt_session.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <system_error>

namespace lokaal {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// How often the library is asked, in a keepalive's time, whether a PINGREQ is due. One that leaves
// a fifth late is well within the half that a broker waits longer (MQTT 5.0 section 3.1.2.10), and
// a client at rest does not wake up every second.
constexpr int kTicksInKeepalive = 5;

// Why not is unknown: the library has written by then, which takes the socket's error away.
bool connected(int fd) {
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  return getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) == 0;
}

// Empty: nothing is wrong with the socket. The library takes a reset during its TLS handshake for
// "try again" and would spin on it, so the socket is asked first.
std::string socket_fault(int fd) {
  int fault = 0;
  socklen_t size = sizeof fault;
  if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &fault, &size) != 0) fault = errno;
  if (fault != 0) return std::generic_category().message(fault);
  char byte{};
  const auto seen = recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (seen == 0) return "the broker closed the connection";
  if (seen < 0 && errno != EAGAIN && errno != EINTR) return std::generic_category().message(errno);
  return {};
}

}  // namespace

MqttSession::MqttSession(asio::io_context& io, const MqttOptions& options,
                         std::shared_ptr<TlsContext> tls, Listener& listener)
    : options_(options),
      tls_(std::move(tls)),
      listener_(&listener),
      socket_(io),
      deadline_(io),
      tick_(io) {}

void MqttSession::open(const asio::ip::tcp::endpoint& broker, const OutgoingMessage& will) {
  phase_ = Phase::tcp;
  handle_ = std::make_unique<MqttHandle>(options_, *tls_);
  Result<void> begun;
  if (!will.payload.empty()) begun = handle_->set_will(will);
  if (begun) begun = handle_->open(broker.address().to_string(), broker.port());
  int copy = -1;
  if (begun) {
    copy = fcntl(handle_->socket(), F_DUPFD_CLOEXEC, 0);
    if (copy < 0) begun = failure("no more file descriptors");
  }
  if (!begun) {
    asio::post(socket_.get_executor(),
               [self = shared_from_this(), why = begun.error().message] { self->fail(why); });
    return;
  }
  // The library's number is not inherited by what we start either.
  fcntl(handle_->socket(), F_SETFD, FD_CLOEXEC);
  socket_.assign(copy);
  start_deadline();
  wait_writable();
}

void MqttSession::start_deadline() {
  deadline_.expires_after(options_.connect_timeout);
  deadline_.async_wait([self = shared_from_this()](error_code cancelled) {
    if (!cancelled && self->phase_ < Phase::accepted) self->fail("the broker does not answer");
  });
}

void MqttSession::start_ticking() {
  tick_.expires_after(options_.keepalive / kTicksInKeepalive);
  tick_.async_wait([self = shared_from_this()](error_code cancelled) {
    if (cancelled || !self->handle_) return;
    self->advance(self->handle_->tick());
    if (self->handle_) self->start_ticking();
  });
}

void MqttSession::wait_readable() {
  if (waiting_readable_) return;
  waiting_readable_ = true;
  socket_.async_wait(asio::posix::descriptor_base::wait_read,
                     [self = shared_from_this()](error_code cancelled) {
                       self->waiting_readable_ = false;
                       if (!cancelled && self->handle_) self->on_readable();
                     });
}

void MqttSession::wait_writable() {
  if (waiting_writable_) return;
  waiting_writable_ = true;
  socket_.async_wait(asio::posix::descriptor_base::wait_write,
                     [self = shared_from_this()](error_code cancelled) {
                       self->waiting_writable_ = false;
                       if (!cancelled && self->handle_) self->on_writable();
                     });
}

// During TLS the library's wish to write is not to be trusted (it keeps the one from before the TCP
// connection stood); the handshake's few kilobytes always fit the socket's buffer.
void MqttSession::watch() {
  wait_readable();
  if (phase_ >= Phase::mqtt && handle_->wants_write()) wait_writable();
}

void MqttSession::on_writable() {
  if (phase_ == Phase::tcp) {
    if (!connected(socket_.native_handle())) return fail("cannot connect to the broker's address");
    phase_ = Phase::tls;
    reached_ = true;
    return advance(handle_->read());  // the library continues the handshake when told to read
  }
  advance(phase_ < Phase::mqtt || handle_->write());
}

void MqttSession::on_readable() {
  if (phase_ == Phase::tls) {
    if (const auto fault = socket_fault(socket_.native_handle()); !fault.empty())
      return fail(fault);
  }
  advance(handle_->read());
}

// After every call into the library.
void MqttSession::advance(bool alive) {
  if (alive && phase_ == Phase::tls && handle_->handshake_done()) {
    phase_ = Phase::mqtt;
    alive = handle_->write();  // CONNECT waits
  }
  deliver_notes();
  if (!handle_) return;
  if (!alive || handle_->socket() < 0) return said_goodbye_ ? linger() : fail(handle_->reason());
  watch();
}

void MqttSession::deliver_notes() {
  if (delivering_) return;
  const auto self = shared_from_this();  // a listener may let go of us
  delivering_ = true;
  while (handle_) {
    auto notes = handle_->take_notes();
    if (notes.empty()) break;
    for (auto& note : notes) {
      if (!handle_) break;
      if (const auto* accepted = std::get_if<MqttHandle::Accepted>(&note)) {
        phase_ = Phase::accepted;
        deadline_.cancel();
        start_ticking();
        listener_->on_accepted(accepted->session_kept);
      } else {
        listener_->on_note(std::move(note));
      }
    }
  }
  delivering_ = false;
}

// For calls from outside: what they made the library note or wish is looked at later.
void MqttSession::deliver_soon() {
  asio::post(socket_.get_executor(), [self = shared_from_this()] {
    if (self->handle_) self->advance(self->handle_->socket() >= 0);
  });
}

tl::expected<int, MqttHandle::SendError> MqttSession::publish(const OutgoingMessage& message) {
  deliver_soon();
  return handle_->publish(message);
}

tl::expected<int, MqttHandle::SendError> MqttSession::subscribe(const std::string& filter) {
  deliver_soon();
  return handle_->subscribe(filter);
}

// The library has written DISCONNECT and closed its descriptor. Closing ours with something unread
// would reset the connection, and a reset may overtake the DISCONNECT: the broker would publish the
// will. So its closing is waited for; whoever stops us sets the limit.
void MqttSession::linger() {
  phase_ = Phase::lingering;
  tick_.cancel();
  handle_.reset();
  shutdown(socket_.native_handle(), SHUT_WR);
  socket_.cancel();
  drain();
}

void MqttSession::drain() {
  socket_.async_wait(
      asio::posix::descriptor_base::wait_read, [self = shared_from_this()](error_code cancelled) {
        if (cancelled || self->phase_ != Phase::lingering) return;
        std::array<char, 4096> unread;
        const auto got =
            recv(self->socket_.native_handle(), unread.data(), unread.size(), MSG_DONTWAIT);
        const bool more = got > 0 || (got < 0 && errno == EAGAIN);
        more ? self->drain() : self->fail("disconnected");
      });
}

void MqttSession::disconnect() {
  said_goodbye_ = true;
  handle_->disconnect();
  deliver_soon();
}

void MqttSession::fail(const std::string& reason) {
  if (phase_ == Phase::over) return;
  const std::string why = reason;  // it may live in what is dropped
  drop();
  listener_->on_ended(why, reached_);
}

void MqttSession::close() {
  if (phase_ != Phase::over) drop();
}

void MqttSession::drop() {
  phase_ = Phase::over;
  deadline_.cancel();
  tick_.cancel();
  error_code ignored;
  socket_.close(ignored);
  handle_.reset();
}

}  // namespace lokaal
