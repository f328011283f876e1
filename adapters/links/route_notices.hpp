// Notices of rtnetlink in a reactor. For this folder only.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <memory>
#include <vector>

#include "adapters/links/netlink.hpp"

namespace lokaal::links {

struct NoticeHandlers {
  std::function<void(const nlmsghdr&)> notice;
  std::function<void()> lost;  // notices were dropped: read the tables again
  std::function<void(const Error&)> broken;
};

// Owned through a shared_ptr: a handler may be running when the owner lets go.
class RouteNotices : public std::enable_shared_from_this<RouteNotices> {
 public:
  // Subscribed when it returns; notices are handed over from run() on.
  static Result<std::shared_ptr<RouteNotices>> subscribe(
      const boost::asio::any_io_executor& executor, const std::vector<int>& groups,
      int receive_buffer);
  RouteNotices(const boost::asio::any_io_executor& executor, Socket socket);
  ~RouteNotices();
  RouteNotices(const RouteNotices&) = delete;
  RouteNotices& operator=(const RouteNotices&) = delete;

  void run(NoticeHandlers handlers);
  // No handler is called afterwards.
  void stop();
  bool stopped() const { return stopped_; }

 private:
  void await();
  void receive();
  void drain();

  Socket socket_;
  // Borrows the socket's descriptor: libnl closes it.
  boost::asio::posix::stream_descriptor descriptor_;
  NoticeHandlers handlers_;
  bool stopped_ = false;
};

}  // namespace lokaal::links
