#include "adapters/rule_watch/rule_watch.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/filter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <netlink/msg.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <utility>
#include <vector>

#include "adapters/rule_watch/rule_notice.hpp"

namespace lokaal {
namespace {

using boost::asio::posix::stream_descriptor;

constexpr std::size_t kReceiveSize = 64 * 1024;
// The reactor serves others in between.
constexpr int kMostAtOnce = 64;
constexpr int kMostDrained = 1'000'000;
constexpr auto kLost = "notices were lost: anything may have changed";

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor& operator=(Descriptor&&) = delete;

  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

tl::unexpected<Error> system_failure(const char* what) {
  return failure(fmt::format("{}: {}", what, std::strerror(errno)));
}

// All notices of a transaction carry the port that it came from; those of one port are dropped.
Result<void> drop_from(int fd, std::uint32_t port) {
  std::array<sock_filter, 4> program = {{
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(nlmsghdr, nlmsg_pid)),
      // The filter loads big-endian what the kernel wrote in host order.
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htonl(port), 0, 1),
      BPF_STMT(BPF_RET | BPF_K, 0),
      BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
  }};
  const sock_fprog filter{program.size(), program.data()};
  if (::setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) != 0)
    return system_failure("the socket filter of the rule watch");
  return {};
}

Result<Descriptor> subscribe(const RuleWatchOptions& options) {
  Descriptor socket(
      ::socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_NETFILTER));
  if (socket.get() < 0) return system_failure("a netlink socket to netfilter");
  // Beyond net.core.rmem_max where we may; else as far as that goes.
  const int size = options.receive_buffer;
  if (::setsockopt(socket.get(), SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) != 0)
    ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  if (auto done = drop_from(socket.get(), options.own_port); !done)
    return tl::unexpected(done.error());
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = 1U << (NFNLGRP_NFTABLES - 1);
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) !=
      0)  // NOLINT
    return system_failure("notices of rule sets");
  return socket;
}

// Owned through a shared_ptr: a handler may be running when the owner lets go.
class Notices : public std::enable_shared_from_this<Notices> {
 public:
  Notices(const boost::asio::any_io_executor& executor, Descriptor socket, std::string table)
      : descriptor_(executor, socket.release()),
        transaction_(std::move(table)),
        buffer_(kReceiveSize) {}

  void await() {
    descriptor_.async_wait(stream_descriptor::wait_read,
                           [self = shared_from_this()](const boost::system::error_code& error) {
                             if (self->stopped_) return;
                             if (error) return self->broke(Error{error.message(), {}, {}});
                             self->receive();
                           });
  }
  void stop() {
    if (std::exchange(stopped_, true)) return;
    boost::system::error_code ignored;
    descriptor_.close(ignored);
  }

  RuleWatch::ChangeHandler on_change;
  RuleWatch::ErrorHandler on_error;
  std::uint64_t wake_ups = 0;

 private:
  void receive() {
    for (int i = 0; i < kMostAtOnce && !stopped_; ++i) {
      const ssize_t size = read();
      if (size < 0 && (errno == EAGAIN || errno == EINTR)) break;
      if (size < 0 && errno == ENOBUFS) {
        // The kernel says so once and drops on until the buffer is empty.
        drain();
        tell(kLost);
      } else if (size < 0) {
        return broke(Error{std::strerror(errno), {}, {}});
      } else {
        ++wake_ups;
        take(static_cast<std::size_t>(size));
      }
    }
    if (!stopped_) await();
  }

  ssize_t read() {
    return ::recv(descriptor_.native_handle(), buffer_.data(), buffer_.size(), MSG_TRUNC);
  }

  void drain() {
    for (int i = 0; i < kMostDrained; ++i)
      if (read() < 0 && errno != ENOBUFS && errno != EINTR) break;
    transaction_.forget();
  }

  void take(std::size_t size) {
    if (size > buffer_.size()) return tell(kLost);
    int left = static_cast<int>(size);
    auto* message = reinterpret_cast<nlmsghdr*>(buffer_.data());  // NOLINT
    for (; nlmsg_ok(message, left) != 0 && !stopped_; message = nlmsg_next(message, &left))
      if (const auto what = transaction_.take(*message)) tell(*what);
  }

  void tell(const std::string& what) {
    if (const RuleWatch::ChangeHandler handler = on_change) handler(what);
  }

  void broke(Error error) {
    stop();
    error.message = "notices of rule sets: " + error.message;
    if (const RuleWatch::ErrorHandler handler = on_error) handler(error);
  }

  stream_descriptor descriptor_;
  rule_watch::Transaction transaction_;
  std::vector<std::uint8_t> buffer_;
  bool stopped_ = false;
};

class KernelRuleWatch final : public RuleWatch {
 public:
  explicit KernelRuleWatch(std::shared_ptr<Notices> notices) : notices_(std::move(notices)) {}
  ~KernelRuleWatch() override { notices_->stop(); }

  void on_change(ChangeHandler handler) override { notices_->on_change = std::move(handler); }
  void on_error(ErrorHandler handler) override { notices_->on_error = std::move(handler); }
  std::uint64_t wake_ups() const override { return notices_->wake_ups; }

 private:
  std::shared_ptr<Notices> notices_;
};

}  // namespace

Result<std::unique_ptr<RuleWatch>> watch_rules(const boost::asio::any_io_executor& executor,
                                               RuleWatchOptions options) {
  auto socket = subscribe(options);
  if (!socket) return tl::unexpected(socket.error());
  auto notices = std::make_shared<Notices>(executor, std::move(*socket), std::move(options.table));
  notices->await();
  return std::make_unique<KernelRuleWatch>(std::move(notices));
}

}  // namespace lokaal
