#include "agent/probes/attempt.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <utility>

#include "agent/probes/dns_question.hpp"

namespace lokaal {
namespace {

namespace asio = boost::asio;
using wire::ProbeOutcome;

asio::ip::address address_of(const IpAddress& address) {
  if (address.family == IpFamily::v4) {
    asio::ip::address_v4::bytes_type bytes{};
    std::copy_n(address.bytes.begin(), bytes.size(), bytes.begin());
    return asio::ip::address_v4(bytes);
  }
  asio::ip::address_v6::bytes_type bytes{};
  std::copy_n(address.bytes.begin(), bytes.size(), bytes.begin());
  return asio::ip::address_v6(bytes);
}

}  // namespace

Attempt::Attempt(asio::io_context& io, ProbeTarget target, asio::ip::udp::endpoint resolver,
                 std::uint16_t query_id, Done done)
    : target_(std::move(target)),
      resolver_(std::move(resolver)),
      query_id_(query_id),
      done_(std::move(done)),
      deadline_(io),
      question_(io),
      connection_(io) {}

void Attempt::start(std::chrono::milliseconds timeout) {
  deadline_.expires_after(timeout);
  // What is dropped is not answered: that is how most of what is blocked looks.
  deadline_.async_wait([self = shared_from_this()](const boost::system::error_code& ec) {
    if (!ec) self->finish(ProbeOutcome::blocked);
  });
  if (target_.name.empty()) return connect(*target_.address);
  ask();
}

void Attempt::ask() {
  const Bytes question = dns_question(target_.name, target_.family, query_id_);
  boost::system::error_code ec;
  if (question.empty()) ec = boost::asio::error::invalid_argument;
  if (!ec) question_.open(resolver_.protocol(), ec);
  if (!ec) question_.connect(resolver_, ec);
  if (!ec) question_.send(asio::buffer(question), 0, ec);
  if (ec) return fail(ec);
  receive();
}

void Attempt::receive() {
  question_.async_receive(
      asio::buffer(buffer_),
      [self = shared_from_this()](const boost::system::error_code& ec, std::size_t size) {
        if (!self->done_) return;
        if (ec) return self->finish(ProbeOutcome::blocked);
        const auto reply =
            read_dns_reply({self->buffer_.data(), size}, self->target_.family, self->query_id_);
        if (!reply) return self->receive();  // not our answer: it may still come
        if (reply->refused || reply->addresses.empty()) return self->finish(ProbeOutcome::blocked);
        if (!self->target_.port) return self->finish(ProbeOutcome::reachable);
        self->connect(reply->addresses.front());
      });
}

void Attempt::connect(const IpAddress& address) {
  const asio::ip::tcp::endpoint endpoint(address_of(address), *target_.port);
  boost::system::error_code ec;
  connection_.open(endpoint.protocol(), ec);
  if (ec) return fail(ec);
  connection_.async_connect(
      endpoint, [self = shared_from_this()](const boost::system::error_code& refused) {
        if (!self->done_) return;
        if (!refused) return self->finish(ProbeOutcome::reachable);
        // No way there from this machine says nothing of the rules.
        self->finish(refused == asio::error::network_unreachable ? ProbeOutcome::error
                                                                 : ProbeOutcome::blocked);
      });
}

void Attempt::fail(const boost::system::error_code& ec) {
  // A gateway that refuses is told at once where a socket had an ICMP error before.
  const bool refused = ec == asio::error::connection_refused;
  asio::post(deadline_.get_executor(), [self = shared_from_this(), refused] {
    self->finish(refused ? ProbeOutcome::blocked : ProbeOutcome::error);
  });
}

void Attempt::finish(ProbeOutcome outcome) {
  if (!done_) return;
  const Done done = std::exchange(done_, nullptr);
  deadline_.cancel();
  boost::system::error_code ignored;
  question_.close(ignored);
  connection_.close(ignored);
  done(outcome);
}

}  // namespace lokaal
