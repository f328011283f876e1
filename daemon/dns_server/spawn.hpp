// How every coroutine of the DNS server is begun.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <utility>

namespace lokaal {

// An exception here is a bug. It leaves through io_context::run() and ends the process: a server
// that is half dead would leave rooms without an answer, a dead one is started again.
template <class Executor>
void spawn(Executor&& executor, boost::asio::awaitable<void> work) {
  boost::asio::co_spawn(std::forward<Executor>(executor), std::move(work),
                        [](std::exception_ptr failure) {
                          if (failure) std::rethrow_exception(std::move(failure));
                        });
}

}  // namespace lokaal
