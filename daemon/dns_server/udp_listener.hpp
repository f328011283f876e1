// Port 53 over UDP, of one address family.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <cstdint>
#include <memory>

#include "core/base/ip.hpp"
#include "core/base/result.hpp"
#include "daemon/dns_server/responder.hpp"

namespace lokaal {

// One thread. Must outlive the io_context's last handler.
class UdpListener {
 public:
  // The wildcard address of the family. An error names the port.
  static Result<std::unique_ptr<UdpListener>> open(boost::asio::io_context& context,
                                                   IpFamily family, std::uint16_t port,
                                                   Responder& responder);

  void start() { wait(); }
  void close();

 private:
  UdpListener(boost::asio::ip::udp::socket socket, Responder& responder);

  void wait();
  void receive();

  boost::asio::ip::udp::socket socket_;
  Responder& responder_;
  Bytes buffer_;
};

}  // namespace lokaal
