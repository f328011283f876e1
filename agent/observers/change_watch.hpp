// Hears from the kernel that lokaald's table changes, and who changes it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <vector>

#include "core/base/result.hpp"

struct nlmsghdr;

namespace lokaal {

// In the network namespace of the thread that starts it. Needs CAP_NET_ADMIN. Everything happens on
// the reactor's thread; no call after destruction.
class ChangeWatch {
 public:
  // `foreign`: by somebody other than lokaald. Changes that come together are told once. What name
  // service teaches the table is filtered out by the kernel, and wakes nobody.
  using Changed = std::function<void(bool foreign)>;

  static Result<std::unique_ptr<ChangeWatch>> start(boost::asio::io_context& io, Changed changed);

 private:
  ChangeWatch(boost::asio::io_context& io, int fd, Changed changed);
  void wait();
  void drain();
  void take(nlmsghdr* message);

  boost::asio::posix::stream_descriptor socket_;
  Changed changed_;
  std::vector<std::uint8_t> buffer_;
  // Netlink ports that touched the table and whose transaction's author is not known yet: the
  // kernel names the author after the changes.
  std::set<std::uint32_t> touching_;
  bool seen_ = false;
  bool foreign_ = false;
};

}  // namespace lokaal
