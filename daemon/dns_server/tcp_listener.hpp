// Port 53 over TCP, of one address family (RFC 1035 section 4.2.2, RFC 7766).
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>

#include "core/base/ip.hpp"
#include "core/base/result.hpp"
#include "daemon/dns_server/responder.hpp"
#include "daemon/dns_server/timed_socket.hpp"

namespace lokaal {

struct TcpBounds {
  std::size_t connections = 128;          // of this listener; one more is closed at once
  std::size_t per_source = 8;             // of one address
  std::chrono::milliseconds idle{10000};  // for a whole query to arrive, or an answer to be taken
};

// One thread. Must outlive the io_context's last handler. Queries of one connection are answered
// one after the other.
class TcpListener {
 public:
  static Result<std::unique_ptr<TcpListener>> open(boost::asio::io_context& context,
                                                   IpFamily family, std::uint16_t port,
                                                   OpenSockets& open, Responder& responder,
                                                   TcpBounds bounds);

  void start();
  void close();

 private:
  TcpListener(boost::asio::ip::tcp::acceptor acceptor, IpFamily family, OpenSockets& open,
              Responder& responder, TcpBounds bounds);

  boost::asio::awaitable<void> accept();
  void take(boost::asio::ip::tcp::socket socket);
  boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket accepted, DnsClient client);
  boost::asio::awaitable<Bytes> answer(DnsClient client, Bytes query);

  boost::asio::ip::tcp::acceptor acceptor_;
  IpFamily family_;
  OpenSockets& open_;
  Responder& responder_;
  TcpBounds bounds_;
  std::size_t connections_ = 0;
  std::map<IpAddress, std::size_t> per_source_;
};

}  // namespace lokaal
