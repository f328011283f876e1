// A client that only downloads is told at once that it has been cut.
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <cerrno>
#include <cstring>
#include <thread>

#include "core/policy/marks.hpp"
#include "daemon/cut_notice/cut_notice.hpp"
#include "tests/unit/adapters/packet_filter/school.hpp"

namespace lokaal::test {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::uint16_t kPort = 8443;
constexpr Station kClient{Link::room_a, kRealHost};
constexpr Station kHost{Link::outside, kRealHost};

void use_all_processors() {
  cpu_set_t all;
  CPU_ZERO(&all);
  for (std::size_t i = 0; i < 8; ++i) CPU_SET(i, &all);
  ::sched_setaffinity(0, sizeof all, &all);
}

struct Name {
  explicit Name(const IpAddress& address) {
    if (address.family == IpFamily::v4) {
      auto* in = reinterpret_cast<sockaddr_in*>(&storage);  // NOLINT
      in->sin_family = AF_INET;
      in->sin_port = htons(kPort);
      std::memcpy(&in->sin_addr, address.raw().data(), 4);
      size = sizeof *in;
    } else {
      auto* in = reinterpret_cast<sockaddr_in6*>(&storage);  // NOLINT
      in->sin6_family = AF_INET6;
      in->sin6_port = htons(kPort);
      std::memcpy(&in->sin6_addr, address.raw().data(), 16);
      size = sizeof *in;
    }
  }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }  // NOLINT
  sockaddr_storage storage{};
  socklen_t size = 0;
};

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) { EXPECT_GE(fd, 0) << std::strerror(errno); }
  ~Descriptor() { ::close(fd_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

int stream_socket(IpFamily family) {
  return ::socket(family == IpFamily::v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

// Sends a little every two milliseconds to whoever asks, as long as it is taken: between two of
// them the client has nothing to say that a reject could answer.
class Trickle {
 public:
  Trickle(const Namespace& host, const IpAddress& address) {
    host.run([&] { listener_ = stream_socket(address.family); });
    const int on = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const Name name(address);
    EXPECT_EQ(::bind(listener_, name.get(), name.size), 0) << std::strerror(errno);
    EXPECT_EQ(::listen(listener_, 16), 0);
    thread_ = std::thread([this] {
      use_all_processors();
      serve();
    });
  }
  ~Trickle() {
    done_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  Trickle(const Trickle&) = delete;
  Trickle& operator=(const Trickle&) = delete;

 private:
  void serve() {
    while (!done_) {
      const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) return;
      const Descriptor client(fd);
      const int on = 1;
      ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n";
      ::send(fd, head.data(), head.size(), MSG_NOSIGNAL);
      const std::array<char, 200> some{};
      while (!done_ && ::send(fd, some.data(), some.size(), MSG_NOSIGNAL) > 0)
        std::this_thread::sleep_for(2ms);
    }
  }

  int listener_ = -1;
  std::atomic<bool> done_ = false;
  std::thread thread_;
};

class ToldClients : public School, public testing::WithParamInterface<IpFamily> {
 protected:
  ToldClients() : server_(net_.host(kHost.link), kHost.address(GetParam())) {}
  ~ToldClients() override {
    work_.reset();
    io_.stop();
    if (reactor_.joinable()) reactor_.join();
  }

  void tell() {
    tap_ = tap_packets(io_.get_executor(), {kCutLogGroup, kCutLogSnaplen}).value();
    sender_ = make_packet_sender(kGuardMark).value();
    notice_ = std::make_unique<CutNotice>(
        *tap_, *sender_,
        [] { return std::chrono::time_point_cast<std::chrono::microseconds>(Clock::now()); },
        CutNotice::Limits{});
    reactor_ = std::thread([this] {
      use_all_processors();
      io_.run();
    });
  }

  void set(Mode mode) {
    a().mode = mode;
    apply();
  }

  // How long after the flip the client's read fails; nothing: it still waits after `patience`.
  std::optional<std::chrono::microseconds> cut_download(std::chrono::milliseconds patience) {
    set(Mode::open);
    int fd = -1;
    net_.host(kClient.link).run([&] { fd = stream_socket(GetParam()); });
    const Descriptor client(fd);
    const Name name(kHost.address(GetParam()));
    EXPECT_EQ(::connect(fd, name.get(), name.size), 0) << std::strerror(errno);
    const timeval wait{patience.count() / 1000, patience.count() % 1000 * 1000};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    std::array<char, 4096> buffer{};
    std::size_t read = 0;
    while (read < 600) {
      const ssize_t size = ::recv(fd, buffer.data(), buffer.size(), 0);
      EXPECT_GT(size, 0) << std::strerror(errno);
      if (size <= 0) return std::nullopt;
      read += static_cast<std::size_t>(size);
    }
    set(Mode::devices_away);
    const auto begun = Clock::now();
    ssize_t size = 0;
    while ((size = ::recv(fd, buffer.data(), buffer.size(), 0)) > 0) {
    }
    if (size < 0 && errno == ECONNRESET)
      return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begun);
    return std::nullopt;
  }

  Trickle server_;
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      io_.get_executor()};
  std::unique_ptr<PacketTap> tap_;
  std::unique_ptr<PacketSender> sender_;
  std::unique_ptr<CutNotice> notice_;
  std::thread reactor_;
};

INSTANTIATE_TEST_SUITE_P(Ip, ToldClients, testing::Values(IpFamily::v4, IpFamily::v6),
                         [](const auto& tested) {
                           return tested.param == IpFamily::v4 ? "V4" : "V6";
                         });

TEST_P(ToldClients, HundredOfAHundredWithinAHundredMilliseconds) {
  tell();
  std::vector<std::chrono::microseconds> took;
  for (int i = 0; i < 100; ++i)
    if (const auto time = cut_download(2s)) took.push_back(*time);
  std::sort(took.begin(), took.end());
  EXPECT_EQ(took.size(), 100U);
  ASSERT_FALSE(took.empty());
  fmt::print("{} of 100 told, median {} us, slowest {} us\n", took.size(),
             took[took.size() / 2].count(), took.back().count());
  EXPECT_LT(took[took.size() * 9 / 10], 100ms);
}

// What the notice is for. Some are told without it: those whose acknowledgement comes after the
// flip.
TEST_P(ToldClients, WouldMostlyHangWithoutTheNotice) {
  int told = 0;
  for (int i = 0; i < 20; ++i)
    if (cut_download(50ms)) ++told;
  fmt::print("{} of 20 told without the notice\n", told);
  EXPECT_LT(told, 15);
}

TEST_P(ToldClients, CurlGivesUpAtOnce) {
  tell();
  const std::string host = kHost.address(GetParam()).text();
  const std::string url = GetParam() == IpFamily::v4 ? fmt::format("http://{}:{}/", host, kPort)
                                                     : fmt::format("http://[{}]:{}/", host, kPort);
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe2(pipe.data(), O_CLOEXEC), 0);
  const int into = net_.host(kClient.link).fd();
  const pid_t child = ::fork();
  if (child == 0) {
    if (::setns(into, CLONE_NEWNET) != 0 || ::dup2(pipe[1], 1) < 0) ::_exit(126);
    ::execlp("curl", "curl", "-sN", "--max-time", "20", url.c_str(), nullptr);
    ::_exit(127);
  }
  ::close(pipe[1]);
  std::array<char, 600> buffer{};
  ASSERT_GT(::read(pipe[0], buffer.data(), buffer.size()), 0) << "it downloads";
  set(Mode::devices_away);
  const auto begun = Clock::now();
  int status = 0;
  while (::read(pipe[0], buffer.data(), buffer.size()) > 0) {
  }
  ::waitpid(child, &status, 0);
  const auto took = Clock::now() - begun;
  ::close(pipe[0]);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 56) << "failure in receiving";
  fmt::print("curl gave up after {} us\n",
             std::chrono::duration_cast<std::chrono::microseconds>(took).count());
  EXPECT_LT(took, 1s) << "100 ms on a machine that has nothing else to do";
}

}  // namespace
}  // namespace lokaal::test
