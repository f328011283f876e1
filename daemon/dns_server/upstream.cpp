#include "daemon/dns_server/upstream.hpp"

#include <sys/socket.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <utility>

#include "adapters/entropy/entropy.hpp"
#include "core/traffic/dns_wire.hpp"
#include "daemon/dns_server/asio_address.hpp"

namespace lokaal {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// Datagrams that are not ours before the upstream is asked over TCP, where nobody can guess.
constexpr int kMaxForeign = 8;
constexpr auto kRest = std::chrono::seconds(10);

std::uint16_t random_id() {
  return dns_wire::get16(random_bytes(2), 0);
}

SteadyTime steady_now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::steady_clock::now());
}

error_code set_mark(int socket, std::uint32_t mark) {
  if (mark == 0 || ::setsockopt(socket, SOL_SOCKET, SO_MARK, &mark, sizeof mark) == 0) return {};
  return {errno, boost::system::system_category()};
}

// Whether an upstream could do its work. Others are asked otherwise, for they may.
bool usable(const DnsAnswer& answer) {
  return answer.rcode == static_cast<unsigned>(DnsRcode::no_error) ||
         answer.rcode == static_cast<unsigned>(DnsRcode::nx_domain);
}

}  // namespace

Upstreams::Upstreams(asio::io_context& context, OpenSockets& open, std::vector<DnsUpstream> servers,
                     std::chrono::milliseconds timeout, std::uint32_t mark)
    : context_(context), open_(open), timeout_(timeout), mark_(mark) {
  for (DnsUpstream& server : servers) servers_.push_back({server, SteadyTime()});
}

std::vector<std::size_t> Upstreams::order() const {
  const SteadyTime now = steady_now();
  std::vector<std::size_t> order;
  for (const bool resting : {false, true})
    for (std::size_t i = 0; i < servers_.size(); ++i)
      if ((servers_[i].rests_until > now) == resting) order.push_back(i);
  return order;
}

asio::awaitable<std::optional<DnsAnswer>> Upstreams::ask(DnsQuestion question) {
  std::optional<DnsAnswer> poor;  // an error of an upstream, told on if no other does better
  const std::vector<std::size_t> turns = order();
  for (const std::size_t turn : turns) {
    if (open_.closing()) break;
    std::optional<DnsAnswer> answer = co_await ask_one(servers_[turn].at, question);
    if (!answer) {
      servers_[turn].rests_until = steady_now() + kRest;
      continue;
    }
    servers_[turn].rests_until = SteadyTime();
    if (usable(*answer)) co_return answer;
    // Codes above 15 do not fit a header; they concern our own OPT, not the client's question.
    if (!poor && answer->rcode <= dns_wire::kRcode) poor = std::move(answer);
  }
  co_return poor;
}

asio::awaitable<std::optional<DnsAnswer>> Upstreams::ask_one(DnsUpstream server,
                                                             DnsQuestion question) {
  std::optional<DnsAnswer> answer = co_await ask_udp(server, question);
  if (answer && answer->truncated) answer = co_await ask_tcp(server, question);
  co_return answer;
}

asio::awaitable<std::optional<DnsAnswer>> Upstreams::ask_udp(DnsUpstream server,
                                                             DnsQuestion question) {
  error_code error;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  const asio::ip::udp::endpoint endpoint(asio_address(server.address), server.port);
  TimedSocket<asio::ip::udp::socket> socket(asio::ip::udp::socket(context_), open_);
  if (open_.closing()) co_return std::nullopt;
  socket->open(endpoint.protocol(), error);
  if (!error) error = set_mark(socket->native_handle(), mark_);
  // Connected: the kernel gives a random port and drops what comes from elsewhere.
  if (!error) socket->connect(endpoint, error);
  if (error) co_return std::nullopt;
  const std::uint16_t id = random_id();
  const Bytes query = build_dns_query(question, id);
  socket->send(asio::buffer(query), 0, error);
  if (error) co_return std::nullopt;
  socket.close_after(timeout_);

  Bytes received(kMaxDnsMessage);
  for (int foreign = 0; foreign < kMaxForeign; ++foreign) {
    const asio::mutable_buffer space = asio::buffer(received);
    const std::size_t size = co_await socket->async_receive(space, token);
    if (error) co_return std::nullopt;
    auto answer = parse_dns_answer(ByteView(received).first(size), question, id);
    if (answer) co_return std::move(*answer);
  }
  // Somebody guesses at us: ask where that does not help.
  DnsAnswer suspicious;
  suspicious.truncated = true;
  co_return suspicious;
}

asio::awaitable<std::optional<DnsAnswer>> Upstreams::ask_tcp(DnsUpstream server,
                                                             DnsQuestion question) {
  error_code error;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  const asio::ip::tcp::endpoint endpoint(asio_address(server.address), server.port);
  TimedSocket<asio::ip::tcp::socket> socket(asio::ip::tcp::socket(context_), open_);
  if (open_.closing()) co_return std::nullopt;
  socket->open(endpoint.protocol(), error);
  if (!error) error = set_mark(socket->native_handle(), mark_);
  if (error) co_return std::nullopt;
  socket.close_after(timeout_);
  co_await socket->async_connect(endpoint, token);
  if (error) co_return std::nullopt;

  const std::uint16_t id = random_id();
  const Bytes query = build_dns_query(question, id);
  Bytes framed;
  dns_wire::put16(framed, query.size());  // RFC 1035 section 4.2.2
  dns_wire::put(framed, query);
  const asio::const_buffer whole = asio::buffer(framed);
  co_await asio::async_write(*socket, whole, token);
  if (error) co_return std::nullopt;

  std::array<std::uint8_t, 2> length{};
  const asio::mutable_buffer length_space = asio::buffer(length);
  co_await asio::async_read(*socket, length_space, token);
  if (error) co_return std::nullopt;
  Bytes received(dns_wire::get16(length, 0));
  const asio::mutable_buffer space = asio::buffer(received);
  co_await asio::async_read(*socket, space, token);
  if (error) co_return std::nullopt;
  auto answer = parse_dns_answer(received, question, id);
  if (!answer || answer->truncated) co_return std::nullopt;
  co_return std::move(*answer);
}

}  // namespace lokaal
