#include "adapters/links/route_notices.hpp"

#include <netlink/errno.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace lokaal::links {
namespace {

int keep(nl_msg* message, void* batch) noexcept {
  nlmsg_get(message);
  static_cast<std::vector<Message>*>(batch)->emplace_back(message);
  return NL_OK;
}

int ignore(nl_msg* /*message*/, void* /*nothing*/) noexcept {
  return NL_OK;
}

}  // namespace

Result<std::shared_ptr<RouteNotices>> RouteNotices::subscribe(
    const boost::asio::any_io_executor& executor, const std::vector<int>& groups,
    int receive_buffer) {
  auto socket = open_route_socket();
  if (!socket) return tl::unexpected(socket.error());
  nl_sock* raw = socket->get();
  // Notices answer no request of ours: their sequence numbers say nothing.
  nl_socket_disable_seq_check(raw);
  int code = nl_socket_set_nonblocking(raw);
  // Beyond net.core.rmem_max where we may; else as far as that goes.
  const int fd = nl_socket_get_fd(raw);
  if (::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &receive_buffer, sizeof receive_buffer) != 0) {
    ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  }
  for (const int group : groups) {
    if (code == 0) code = nl_socket_add_membership(raw, group);
  }
  if (code < 0) return tl::unexpected(netlink_error("netlink notices", code));
  return std::make_shared<RouteNotices>(executor, std::move(*socket));
}

RouteNotices::RouteNotices(const boost::asio::any_io_executor& executor, Socket socket)
    : socket_(std::move(socket)), descriptor_(executor, nl_socket_get_fd(socket_.get())) {}

RouteNotices::~RouteNotices() {
  stop();
}

void RouteNotices::run(NoticeHandlers handlers) {
  handlers_ = std::move(handlers);
  await();
}

void RouteNotices::stop() {
  if (std::exchange(stopped_, true)) return;
  descriptor_.release();
}

void RouteNotices::await() {
  descriptor_.async_wait(
      boost::asio::posix::stream_descriptor::wait_read,
      [self = shared_from_this()](const boost::system::error_code& error) {
        if (self->stopped_) return;
        if (error) {
          self->handlers_.broken(Error{"netlink notices: " + error.message(), std::nullopt, {}});
          return;
        }
        self->receive();
      });
}

// One datagram, a few notices; the reactor serves others in between.
void RouteNotices::receive() {
  std::vector<Message> batch;
  nl_socket_modify_cb(socket_.get(), NL_CB_VALID, NL_CB_CUSTOM, keep, &batch);
  const int code = nl_recvmsgs_default(socket_.get());
  // Handed over only now: a handler may stop this, and nothing is thrown through libnl.
  for (const Message& message : batch) {
    handlers_.notice(*nlmsg_hdr(message.get()));
    if (stopped_) return;
  }
  if (code == -NLE_NOMEM) {
    // ENOBUFS (netlink(7)): the receive buffer was full, notices are lost. The kernel says so once
    // and goes on dropping until the buffer is empty: only what is read after that is complete.
    drain();
    handlers_.lost();
    if (stopped_) return;
  } else if (code < 0 && code != -NLE_AGAIN && code != -NLE_INTR) {
    handlers_.broken(netlink_error("netlink notices", code));
    return;
  }
  await();
}

// Ends at the latest when a sender faster than this thread has filled the buffer that often again.
void RouteNotices::drain() {
  constexpr int kMostDatagrams = 1'000'000;
  nl_socket_modify_cb(socket_.get(), NL_CB_VALID, NL_CB_CUSTOM, ignore, nullptr);
  for (int i = 0; i < kMostDatagrams; ++i) {
    const int code = nl_recvmsgs_default(socket_.get());
    if (code < 0 && code != -NLE_NOMEM && code != -NLE_INTR) return;
  }
}

}  // namespace lokaal::links
