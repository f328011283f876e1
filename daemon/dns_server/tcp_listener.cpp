#include "daemon/dns_server/tcp_listener.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <optional>
#include <utility>

#include "core/traffic/dns_wire.hpp"
#include "daemon/dns_server/asio_address.hpp"
#include "daemon/dns_server/packet_info.hpp"
#include "daemon/dns_server/spawn.hpp"

namespace lokaal {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t kMaxQuery = 4096;
// After a failing accept, which is a lack of file descriptors or memory.
constexpr auto kAcceptPause = std::chrono::milliseconds(100);

// An answer that is waited for, and what wakes the one who waits.
struct Awaited {
  explicit Awaited(const asio::any_io_executor& executor)
      : wake(executor, asio::steady_timer::time_point::max()) {}
  asio::steady_timer wake;
  std::optional<Bytes> reply;
};

}  // namespace

TcpListener::TcpListener(tcp::acceptor acceptor, IpFamily family, OpenSockets& open,
                         Responder& responder, TcpBounds bounds)
    : acceptor_(std::move(acceptor)),
      family_(family),
      open_(open),
      responder_(responder),
      bounds_(bounds) {}

Result<std::unique_ptr<TcpListener>> TcpListener::open(asio::io_context& context, IpFamily family,
                                                       std::uint16_t port, OpenSockets& open,
                                                       Responder& responder, TcpBounds bounds) {
  const auto protocol = family == IpFamily::v4 ? tcp::v4() : tcp::v6();
  tcp::acceptor acceptor(context);
  error_code error;
  acceptor.open(protocol, error);
  if (!error && family == IpFamily::v6) acceptor.set_option(asio::ip::v6_only(true), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  // Accepted connections inherit it.
  if (!error && !enable_packet_info(acceptor.native_handle(), family))
    error = error_code(errno, boost::system::system_category());
  if (!error) acceptor.bind({protocol, port}, error);
  if (!error) acceptor.listen(tcp::acceptor::max_listen_connections, error);
  if (error) return failure(fmt::format("DNS port {} over TCP: {}", port, error.message()));
  return std::unique_ptr<TcpListener>(
      new TcpListener(std::move(acceptor), family, open, responder, bounds));
}

void TcpListener::start() {
  spawn(acceptor_.get_executor(), accept());
}

void TcpListener::close() {
  error_code ignored;
  acceptor_.close(ignored);
}

asio::awaitable<void> TcpListener::accept() {
  asio::steady_timer pause(acceptor_.get_executor());
  while (acceptor_.is_open()) {
    error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    tcp::socket socket = co_await acceptor_.async_accept(token);
    if (!error) {
      take(std::move(socket));
      continue;
    }
    if (!acceptor_.is_open()) break;
    pause.expires_after(kAcceptPause);
    co_await pause.async_wait(token);
  }
}

void TcpListener::take(tcp::socket socket) {
  error_code error;
  const tcp::endpoint peer = socket.remote_endpoint(error);
  if (error || connections_ >= bounds_.connections) return;
  const IpAddress source = ip_address(peer.address());
  std::size_t& same = per_source_[source];
  if (same >= bounds_.per_source) return;
  ++same;
  ++connections_;
  const InterfaceIndex interface = arrival_interface(socket.native_handle(), family_);
  spawn(acceptor_.get_executor(), serve(std::move(socket), {interface, source}));
}

asio::awaitable<void> TcpListener::serve(tcp::socket accepted, DnsClient client) {
  {
    TimedSocket<tcp::socket> socket(std::move(accepted), open_);
    error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    std::array<std::uint8_t, 2> length{};
    const asio::mutable_buffer length_space = asio::buffer(length);
    while (!open_.closing()) {
      socket.close_after(bounds_.idle);
      co_await asio::async_read(*socket, length_space, token);
      const std::size_t size = dns_wire::get16(length, 0);
      if (error || size > kMaxQuery) break;
      Bytes query(size);
      const asio::mutable_buffer space = asio::buffer(query);
      co_await asio::async_read(*socket, space, token);
      if (error) break;
      const Bytes reply = co_await answer(client, std::move(query));
      if (reply.empty()) break;
      Bytes framed;
      dns_wire::put16(framed, reply.size());
      dns_wire::put(framed, reply);
      const asio::const_buffer whole = asio::buffer(framed);
      socket.close_after(bounds_.idle);
      co_await asio::async_write(*socket, whole, token);
      if (error) break;
    }
  }
  --connections_;
  const auto same = per_source_.find(client.source);
  if (--same->second == 0) per_source_.erase(same);
}

// Ends by itself: the responder always answers, if only with nothing.
asio::awaitable<Bytes> TcpListener::answer(DnsClient client, Bytes query) {
  const auto awaited = std::make_shared<Awaited>(acceptor_.get_executor());
  responder_.handle(client, query, Responder::Transport::tcp, [awaited](const Bytes& reply) {
    awaited->reply = reply;
    awaited->wake.cancel();
  });
  if (!awaited->reply) {
    error_code ignored;
    auto token = asio::redirect_error(asio::use_awaitable, ignored);
    co_await awaited->wake.async_wait(token);
  }
  co_return std::move(awaited->reply).value_or(Bytes{});
}

}  // namespace lokaal
