// Real packets on the loopback of a network namespace of its own, with nft as what blocks. Needs
// root, ip and nft.
#include "agent/probes/prober.hpp"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <optional>

namespace lokaal {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;  // NOLINT: durations read as durations
using wire::ProbeOutcome;
using Outcomes = std::vector<ProbeOutcome>;

const IpAddress kLoopback = IpAddress::parse("127.0.0.1").value();

ProbeTarget to(const char* address, std::uint16_t port) {
  return {{}, IpAddress::parse(address).value(), port, IpFamily::v4};
}

ProbeTarget named(const char* name, std::optional<std::uint16_t> port = std::nullopt) {
  return {name, std::nullopt, port, IpFamily::v4};
}

class Probing : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(::unshare(CLONE_NEWNET), 0) << "root is needed";
    run("ip link set lo up");
    start("");
  }
  void start(const std::string& namespace_file) {
    auto started = Prober::start(namespace_file, kLoopback, 300ms);
    ASSERT_TRUE(started) << started.error().text();
    prober = std::move(*started);
  }
  static void run(const std::string& command) {
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
  }
  Outcomes round(std::vector<ProbeTarget> targets) {
    std::promise<Outcomes> promise;
    auto future = promise.get_future();
    prober->round(std::move(targets), [&](Outcomes outcomes) { promise.set_value(outcomes); });
    if (future.wait_for(20s) != std::future_status::ready) {
      ADD_FAILURE() << "the round does not end";
      prober.reset();  // `promise` ends here
      return {};
    }
    return future.get();
  }
  // Answers one question: every name has an address of this loopback, but the refused ones.
  std::future<void> answer_once() {
    auto socket = std::make_shared<asio::ip::udp::socket>(
        io, asio::ip::udp::endpoint(asio::ip::make_address("127.0.0.1"), 53));
    return std::async(std::launch::async, [socket] {
      std::array<std::uint8_t, 512> message{};
      asio::ip::udp::endpoint asker;
      const std::size_t size = socket->receive_from(asio::buffer(message), asker);
      std::vector<std::uint8_t> reply(message.begin(), message.begin() + static_cast<long>(size));
      reply.resize(size - 11);  // without EDNS
      reply[10] = reply[11] = 0;
      reply[2] = 0x81;
      reply[3] = reply[13] == 'r' ? 0x83 : 0x80;
      if (reply[3] == 0x80) {
        reply[7] = 1;
        const std::vector<std::uint8_t> record = {0xc0, 12, 0, 1, 0,   1, 0, 0,
                                                  0,    5,  0, 4, 127, 0, 0, 1};
        reply.insert(reply.end(), record.begin(), record.end());
      }
      socket->send_to(asio::buffer(reply), asker);
    });
  }

  asio::io_context io;
  std::unique_ptr<Prober> prober;
};

TEST_F(Probing, SaysWhatAnswersAndWhatDoesNot) {
  asio::ip::tcp::acceptor open(io, {asio::ip::make_address("127.0.0.1"), 8443});
  run("nft 'table inet t { chain c { type filter hook output priority 0; tcp dport 9 drop; }; }'");
  EXPECT_EQ(round({to("127.0.0.1", 8443), to("127.0.0.1", 8444), to("127.0.0.1", 9),
                   to("192.0.2.1", 443)}),
            (Outcomes{ProbeOutcome::reachable, ProbeOutcome::blocked, ProbeOutcome::blocked,
                      ProbeOutcome::error}));
}

TEST_F(Probing, GoesWhereTheNameServerSays) {
  asio::ip::tcp::acceptor open(io, {asio::ip::make_address("127.0.0.1"), 8443});
  auto answered = answer_once();
  EXPECT_EQ(round({named("www.example.org", 8443)}), Outcomes{ProbeOutcome::reachable});
  answered.get();
  answered = answer_once();
  EXPECT_EQ(round({named("www.example.org", 8444)}), Outcomes{ProbeOutcome::blocked});
  answered.get();
}

TEST_F(Probing, ARefusedNameIsBlockedAndAnAnsweredOneReachable) {
  auto answered = answer_once();
  EXPECT_EQ(round({named("refused.example.org", 443)}), Outcomes{ProbeOutcome::blocked});
  answered.get();
  answered = answer_once();
  EXPECT_EQ(round({named("www.example.org")}), Outcomes{ProbeOutcome::reachable});
  answered.get();
}

TEST_F(Probing, WithoutANameServerNamesAreBlocked) {
  EXPECT_EQ(round({named("www.example.org"), named("a..b")}),
            (Outcomes{ProbeOutcome::blocked, ProbeOutcome::error}));
}

TEST_F(Probing, AnEmptyRoundEnds) {
  EXPECT_EQ(round({}), Outcomes{});
}

TEST_F(Probing, GoesOutFromTheNamespaceThatItWasGiven) {
  asio::ip::tcp::acceptor open(io, {asio::ip::make_address("127.0.0.1"), 8443});
  EXPECT_EQ(round({to("127.0.0.1", 8443)}), Outcomes{ProbeOutcome::reachable});
  // Another namespace, whose loopback is down; held by this thread while the prober enters it.
  std::promise<std::string> made;
  std::promise<void> over;
  std::thread holder([&] {
    EXPECT_EQ(::unshare(CLONE_NEWNET), 0);
    made.set_value("/proc/" + std::to_string(::getpid()) + "/task/" +
                   std::to_string(::syscall(SYS_gettid)) + "/ns/net");
    over.get_future().wait();
  });
  start(made.get_future().get());
  over.set_value();
  holder.join();
  EXPECT_EQ(round({to("127.0.0.1", 8443)}), Outcomes{ProbeOutcome::error});
}

TEST_F(Probing, ANamespaceThatIsNotThereIsNamed) {
  const auto started = Prober::start("/run/netns/no-such-room", kLoopback, 1s);
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().place->file, "/run/netns/no-such-room");
}

TEST_F(Probing, ItsThreadHasNoCapability) {
  int without = 0;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream status(task.path() / "status");
    std::string line;
    while (std::getline(status, line))
      if (line == "CapEff:\t0000000000000000") ++without;
  }
  EXPECT_EQ(without, 1);
}

}  // namespace
}  // namespace lokaal
