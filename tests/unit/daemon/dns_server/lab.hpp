// A network namespace for a test process, a second one for its clients, and the programs in them.
// Nothing outlives the process: both namespaces end with the processes in them.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/base/bytes.hpp"
#include "tests/unit/core/traffic/dns/dns_build.hpp"

namespace lokaal::test {

// Output of a shell command, and whether it ended with 0.
struct Ran {
  bool ok = false;
  std::string out;
};
inline Ran run(const std::string& command) {
  Ran ran;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return ran;
  std::array<char, 4096> part{};
  while (const std::size_t size = fread(part.data(), 1, part.size(), pipe))
    ran.out.append(part.data(), size);
  ran.ok = pclose(pipe) == 0;
  return ran;
}
inline void must(const std::string& command) {
  const Ran ran = run(command);
  if (!ran.ok) ADD_FAILURE() << command << ": " << ran.out;
}

// A child process, killed with its parent and ended by its destructor.
class Child {
 public:
  explicit Child(const std::function<void()>& work) : pid_(fork()) {
    if (pid_ != 0) return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    work();
    _exit(127);
  }
  ~Child() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_;
};

// This process gets a network of its own, with a loopback that is up.
inline void enter_own_network() {
  if (unshare(CLONE_NEWNET) != 0) {
    ADD_FAILURE() << "no network namespace: run as root";
    return;
  }
  must("ip link set lo up");
}

// Waits until `ready` says so, at most ten seconds.
inline bool eventually(const std::function<bool()>& ready) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (std::chrono::steady_clock::now() < end) {
    if (ready()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

// An IPv4 or IPv6 socket address, from text.
struct Address {
  sockaddr_storage raw{};
  socklen_t size = 0;
};
inline Address address(const std::string& text, std::uint16_t port) {
  Address result;
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    std::memcpy(&result.raw, &v4, sizeof(v4));
    result.size = sizeof(v4);
  } else if (inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    std::memcpy(&result.raw, &v6, sizeof(v6));
    result.size = sizeof(v6);
  }
  return result;
}
inline const sockaddr* raw(const Address& at) {
  return reinterpret_cast<const sockaddr*>(&at.raw);  // NOLINT
}

// A file descriptor.
class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {}
  Socket(const Address& at, int type) : fd_(::socket(at.raw.ss_family, type | SOCK_CLOEXEC, 0)) {
    const timeval patience{10, 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    const int on = 1;
    setsockopt(fd_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  }
  ~Socket() { ::close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int fd() const { return fd_; }

  void send(const Bytes& bytes) const {
    EXPECT_EQ(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }
  // One datagram; empty if none came.
  Bytes receive() const {
    Bytes bytes(65535);
    const ssize_t size = ::recv(fd_, bytes.data(), bytes.size(), 0);
    bytes.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return bytes;
  }
  // Exactly so many octets of a stream; empty if it ended before.
  Bytes receive_all(std::size_t size) const {
    Bytes bytes(size);
    const ssize_t got = ::recv(fd_, bytes.data(), size, MSG_WAITALL);
    if (got != static_cast<ssize_t>(size)) bytes.clear();
    return bytes;
  }
  // One message with its length before it; empty if the stream ended.
  Bytes receive_framed() const {
    const Bytes length = receive_all(2);
    return length.empty() ? length : receive_all(at16(length, 0));
  }
  void send_framed(const Bytes& message) const {
    Bytes framed;
    u16(framed, static_cast<unsigned>(message.size()));
    add(framed, message);
    send(framed);
  }

 private:
  int fd_;
};

// An upstream resolver of which the test says every octet. One thread; UDP, and TCP if asked for.
class FakeUpstream {
 public:
  // What is sent to a query: datagrams one after the other, or one message over TCP.
  using Answers = std::function<std::vector<Bytes>(const Bytes& query)>;

  FakeUpstream(const std::string& ip, Answers udp, Answers tcp = {})
      : udp_(address(ip, kPort), SOCK_DGRAM), tcp_(address(ip, kPort), SOCK_STREAM) {
    const Address at = address(ip, kPort);
    EXPECT_EQ(bind(udp_.fd(), raw(at), at.size), 0);
    if (tcp) {
      EXPECT_EQ(bind(tcp_.fd(), raw(at), at.size), 0);
      EXPECT_EQ(listen(tcp_.fd(), 8), 0);
    }
    thread_ = std::thread([this, udp = std::move(udp), tcp = std::move(tcp)] { serve(udp, tcp); });
  }
  ~FakeUpstream() {
    ending_ = true;
    thread_.join();
  }

  static constexpr std::uint16_t kPort = 5300;
  int udp_queries() const { return udp_queries_; }
  int tcp_queries() const { return tcp_queries_; }

 private:
  void serve(const Answers& udp, const Answers& tcp) {
    while (!ending_) {
      std::array<pollfd, 2> ready{pollfd{udp_.fd(), POLLIN, 0},
                                  pollfd{tcp ? tcp_.fd() : -1, POLLIN, 0}};
      if (poll(ready.data(), ready.size(), 10) <= 0) continue;
      if ((ready[0].revents & POLLIN) != 0) serve_udp(udp);
      if ((ready[1].revents & POLLIN) != 0) serve_tcp(tcp);
    }
  }
  void serve_udp(const Answers& answers) {
    Bytes query(4096);
    sockaddr_storage peer{};
    socklen_t size = sizeof(peer);
    auto* peer_raw = reinterpret_cast<sockaddr*>(&peer);  // NOLINT
    const ssize_t got = recvfrom(udp_.fd(), query.data(), query.size(), 0, peer_raw, &size);
    if (got <= 0) return;
    query.resize(static_cast<std::size_t>(got));
    ++udp_queries_;
    for (const Bytes& message : answers(query))
      sendto(udp_.fd(), message.data(), message.size(), 0, peer_raw, size);
  }
  void serve_tcp(const Answers& answers) {
    const Socket connection(accept(tcp_.fd(), nullptr, nullptr));
    const Bytes query = connection.receive_framed();
    if (query.empty()) return;
    ++tcp_queries_;
    for (const Bytes& message : answers(query)) connection.send_framed(message);
  }

  Socket udp_;
  Socket tcp_;
  std::atomic<bool> ending_{false};
  std::atomic<int> udp_queries_{0};
  std::atomic<int> tcp_queries_{0};
  std::thread thread_;
};

// The answer to a query that we sent: its id and question, these records.
inline Bytes answer_to(const Bytes& query, const std::vector<Bytes>& records,
                       unsigned flags = 0x8180) {
  std::size_t end = 12;
  while (query.at(end) != 0) end += 1U + query[end];
  Bytes out = header(at16(query, 0), flags, 1, static_cast<unsigned>(records.size()));
  out.insert(out.end(), query.begin() + 12, query.begin() + static_cast<std::ptrdiff_t>(end) + 5);
  for (const Bytes& one : records) add(out, one);
  return out;
}

}  // namespace lokaal::test
