#include "daemon/dns_server/udp_listener.hpp"

#include <fmt/format.h>

#include <boost/asio/ip/v6_only.hpp>
#include <utility>

#include "daemon/dns_server/packet_info.hpp"

namespace lokaal {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// A query is a few hundred octets at most; padding (RFC 8467) rounds up to 128.
constexpr std::size_t kMaxQuery = 4096;
// A class of clients that starts at once must not overrun the socket.
constexpr int kReceiveBuffer = 4 << 20;
// Datagrams served before other sockets have their turn.
constexpr int kBatch = 32;

}  // namespace

UdpListener::UdpListener(asio::ip::udp::socket socket, Responder& responder)
    : socket_(std::move(socket)), responder_(responder), buffer_(kMaxQuery) {}

Result<std::unique_ptr<UdpListener>> UdpListener::open(asio::io_context& context, IpFamily family,
                                                       std::uint16_t port, Responder& responder) {
  const auto protocol = family == IpFamily::v4 ? asio::ip::udp::v4() : asio::ip::udp::v6();
  asio::ip::udp::socket socket(context);
  error_code error;
  socket.open(protocol, error);
  if (!error && family == IpFamily::v6) socket.set_option(asio::ip::v6_only(true), error);
  if (!error && !enable_packet_info(socket.native_handle(), family))
    error = error_code(errno, boost::system::system_category());
  if (!error) socket.bind({protocol, port}, error);
  if (error) return failure(fmt::format("DNS port {} over UDP: {}", port, error.message()));
  error_code no_matter;  // the kernel may allow less
  socket.set_option(asio::socket_base::receive_buffer_size(kReceiveBuffer), no_matter);
  return std::unique_ptr<UdpListener>(new UdpListener(std::move(socket), responder));
}

void UdpListener::close() {
  error_code ignored;
  socket_.close(ignored);
}

void UdpListener::wait() {
  socket_.async_wait(asio::ip::udp::socket::wait_read, [this](const error_code& error) {
    if (error || !socket_.is_open()) return;
    receive();
    wait();
  });
}

void UdpListener::receive() {
  for (int i = 0; i < kBatch; ++i) {
    DatagramPath path;
    const auto size = receive_datagram(socket_.native_handle(), buffer_, path);
    if (!size) return;
    if (*size == 0) continue;
    responder_.handle({path.interface, path.source}, ByteView(buffer_).first(*size),
                      Responder::Transport::udp, [this, path](const Bytes& reply) {
                        if (!reply.empty() && socket_.is_open())
                          send_datagram(socket_.native_handle(), reply, path);
                      });
  }
}

}  // namespace lokaal
