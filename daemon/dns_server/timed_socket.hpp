// A socket within a coroutine that is closed when its time is over or the server stops, so that
// whatever waits on it ends.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <utility>

namespace lokaal {

// What has to be closed for the server to run out of work. One thread.
class OpenSockets {
 public:
  void add(const void* key, std::function<void()> close) { open_[key] = std::move(close); }
  void remove(const void* key) { open_.erase(key); }
  std::size_t size() const { return open_.size(); }
  bool closing() const { return closing_; }
  // Closes all, and says to newcomers that they are too late.
  void close_all() {
    closing_ = true;
    for (const auto& [key, close] : open_) close();
  }

 private:
  std::map<const void*, std::function<void()>> open_;
  bool closing_ = false;
};

template <class Socket>
class TimedSocket {
 public:
  TimedSocket(Socket socket, OpenSockets& open)
      : state_(std::make_shared<State>(std::move(socket))), open_(open) {
    open_.add(state_.get(), [state = state_.get()] { state->close(); });
    if (open_.closing()) state_->close();
  }
  ~TimedSocket() {
    open_.remove(state_.get());
    state_->timer.cancel();
  }
  TimedSocket(const TimedSocket&) = delete;
  TimedSocket& operator=(const TimedSocket&) = delete;

  Socket& operator*() { return state_->socket; }
  Socket* operator->() { return &state_->socket; }

  // From now on; replaces an earlier term.
  void close_after(std::chrono::milliseconds term) {
    state_->timer.expires_after(term);
    state_->timer.async_wait(
        [weak = std::weak_ptr<State>(state_)](const boost::system::error_code& error) {
          const auto state = weak.lock();
          // The term may have been replaced while this call was on its way.
          if (error || !state || state->timer.expiry() > std::chrono::steady_clock::now()) return;
          state->close();
        });
  }

 private:
  struct State {
    explicit State(Socket own) : socket(std::move(own)), timer(socket.get_executor()) {}
    void close() {
      boost::system::error_code ignored;
      socket.close(ignored);
    }
    Socket socket;
    boost::asio::steady_timer timer;
  };
  std::shared_ptr<State> state_;
  OpenSockets& open_;
};

}  // namespace lokaal
