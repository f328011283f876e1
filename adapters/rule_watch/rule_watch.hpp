// Who else changes a table of the packet filter.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/base/result.hpp"

namespace lokaal {

// One thread: the executor's, on which handlers are called. A handler may destroy the watch.
class RuleWatch {
 public:
  // What was done and by whom, as text for the record; or that notices were lost, and anything may
  // have been. Once for each transaction that touches the table.
  using ChangeHandler = std::function<void(const std::string& what)>;
  // The kernel's notices can no longer be read; the watch has ended.
  using ErrorHandler = std::function<void(const Error&)>;

  virtual ~RuleWatch() = default;

  // One handler each.
  virtual void on_change(ChangeHandler handler) = 0;
  virtual void on_error(ErrorHandler handler) = 0;
  // Datagrams that have woken the watch, of whatever table.
  virtual std::uint64_t wake_ups() const = 0;
};

struct RuleWatchOptions {
  std::string table;  // of family inet
  std::uint32_t own_port =
      0;  // changes from this netlink port are ours: they do not wake the watch
  int receive_buffer = 8 * 1024 * 1024;  // bytes; a flushed rule set of thousands of parts fits
};

// By NFNLGRP_NFTABLES, in the network namespace of the calling thread. Subscribed when it returns.
// Our own changes are dropped by a socket filter before they are queued: a learned address costs no
// wake-up. An element that ends by itself is not told by the kernel at all.
Result<std::unique_ptr<RuleWatch>> watch_rules(const boost::asio::any_io_executor& executor,
                                               RuleWatchOptions options);

}  // namespace lokaal
