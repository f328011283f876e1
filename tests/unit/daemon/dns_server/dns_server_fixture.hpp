// A running server on a loopback of its own, and fake upstreams beside it.
#pragma once

#include <gtest/gtest.h>

#include <mutex>

#include "daemon/dns_server/dns_server.hpp"
#include "tests/unit/daemon/dns_server/lab.hpp"
#include "tests/unit/daemon/dns_server/school.hpp"

namespace lokaal::test {

inline constexpr std::uint16_t kPort = 5354;
inline const Bytes kAddress{192, 0, 2, 1};
inline const Bytes kOtherAddress{192, 0, 2, 2};

inline std::vector<Bytes> one_address(const Bytes& query, const Bytes& address) {
  return {answer_to(query, {record(kQuestionPointer, 1, 300, address)})};
}
inline std::vector<Bytes> good(const Bytes& query) {
  return one_address(query, kAddress);
}
inline std::vector<Bytes> silent(const Bytes& /*query*/) {
  return {};
}

// The room is the loopback.
inline std::shared_ptr<const DnsSnapshot> on_loopback(DnsSnapshot snapshot) {
  snapshot.interfaces = {{if_nametoindex("lo"), kRoom}};
  return std::make_shared<const DnsSnapshot>(std::move(snapshot));
}

class DnsServerTest : public testing::Test {
 protected:
  void SetUp() override {
    enter_own_network();
    settings_.upstream_timeout = std::chrono::seconds(5);  // on a busy machine too
  }

  void start(const std::vector<std::string>& upstreams) {
    for (const std::string& ip : upstreams)
      settings_.upstreams.push_back({IpAddress::parse(ip).value(), FakeUpstream::kPort});
    settings_.port = kPort;
    auto started =
        DnsServer::start(settings_, {[] { return kNow; },
                                     [this](const LearnedAddress& learned) -> Result<void> {
                                       const std::lock_guard lock(mutex_);
                                       learned_.push_back(learned);
                                       if (hook_fails_) return failure("no kernel");
                                       return {};
                                     }});
    ASSERT_TRUE(started) << started.error().text();
    server_ = std::move(*started);
    server_->publish(on_loopback(school(Mode::lesson)));
  }

  Bytes ask(const Bytes& query, const std::string& ip = "127.0.0.1") {
    const Socket socket(address(ip, kPort), SOCK_DGRAM);
    const Address at = address(ip, kPort);
    EXPECT_EQ(connect(socket.fd(), raw(at), at.size), 0);
    socket.send(query);
    return socket.receive();
  }

  std::vector<LearnedAddress> learned() {
    const std::lock_guard lock(mutex_);
    return learned_;
  }

  DnsServerSettings settings_;
  std::atomic<bool> hook_fails_{false};
  std::mutex mutex_;
  std::vector<LearnedAddress> learned_;
  std::unique_ptr<DnsServer> server_;
};

inline bool has(const Bytes& message, const Bytes& part) {
  return contains(message, as_text(part));
}

}  // namespace lokaal::test
