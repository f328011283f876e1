// A machine's own table, with real sockets on the machine.
#include <gtest/gtest.h>
#include <sys/fsuid.h>

#include <atomic>
#include <cerrno>
#include <thread>

#include "core/policy/marks.hpp"
#include "tests/unit/adapters/packet_filter/generated_state.hpp"
#include "tests/unit/adapters/packet_filter/machine_network.hpp"
#include "tests/unit/adapters/packet_filter/oracle.hpp"

namespace lokaal::test {
namespace {

constexpr int kStates = 150;
constexpr int kFlows = 16;
constexpr DeviceNumber kOwnNumber = 900;
constexpr DeviceNumber kOtherNumber = 901;  // of somebody else, whom states also speak of
constexpr std::uint16_t kBrokerPort = 8883;
constexpr std::uint16_t kDnsPort = 5354;
constexpr std::array<ServiceNumber, 5> kServices = {kUnclassified, 5, 6, 9, 200};
constexpr WallTime kNow{std::chrono::hours(24 * 365 * 56)};

Station other(int host) {
  return {Link::room_a, static_cast<std::uint8_t>(host)};
}

class MachineFilter : public testing::Test {
 protected:
  static constexpr Station kBroker{Link::room_a, 38};

  void install(Cohort cohort) {
    FilterLayout layout;
    layout.rooms = {{room_a(), number_of(Link::room_a), {}}};
    layout.dns_port = kDnsPort;
    layout.machine = MachineEnd{kOwnNumber, cohort};
    for (const IpFamily family : {IpFamily::v4, IpFamily::v6})
      layout.servers.push_back({kBroker.address(family), kBrokerPort});
    layout_ = layout;
    open_.rooms[room_a()].number = number_of(Link::room_a);
    open_.devices = {device(kOwnNumber, cohort), device(kOtherNumber, {Kind::phone, false})};
    const auto installed = filter_->install(layout, open_, kNow);
    ASSERT_TRUE(installed) << installed.error().text();
    for (int host = 20; host < 30; ++host)
      for (const IpFamily family : {IpFamily::v4, IpFamily::v6})
        ASSERT_TRUE(filter_->learn(kOwnNumber, other(host).address(family),
                                   kServices[static_cast<std::size_t>(host) % kServices.size()],
                                   std::chrono::hours(1)));
  }

  static Device device(DeviceNumber number, Cohort cohort) {
    Device device;
    device.id = DeviceId("d-" + std::to_string(number));
    device.number = number;
    device.kind = cohort.kind;
    device.owner = cohort.staff ? Owner::staff : Owner::school;
    return device;
  }

  void apply(const DesiredState& state) {
    const auto applied = filter_->apply(state, kNow);
    ASSERT_TRUE(applied) << applied.error().error.text();
  }
  DesiredState closed() const {
    DesiredState state = open_;
    ++state.generation;
    state.rooms.at(room_a()).exams = {DesiredExam{{}, kNow + std::chrono::hours(1)}};
    return state;
  }

  // Sockets of hosts beyond the cable.
  Socket listener(const Station& at, std::uint16_t port, IpFamily family, int type) {
    Socket socket;
    net_.beyond().run([&] {
      socket = open_socket(family, type);
      const Name name(at.address(family), port);
      EXPECT_EQ(::bind(socket.fd(), name.get(), name.size), 0) << std::strerror(errno);
      if (type == SOCK_STREAM) {
        EXPECT_EQ(::listen(socket.fd(), 8), 0);
      }
    });
    return socket;
  }
  // errno of connecting from the machine; 0: it worked.
  static int connect(Socket& client, const Station& to, std::uint16_t port, IpFamily family) {
    client = open_socket(family, SOCK_STREAM);
    const Name name(to.address(family), port);
    if (::connect(client.fd(), name.get(), name.size) != 0 && errno != EINPROGRESS) return errno;
    if (!ready(client, POLLOUT)) return ETIMEDOUT;
    return error_of(client);
  }

  MachineNetwork net_;
  std::unique_ptr<PacketFilter> filter_ = make_nftables_filter().value();
  FilterLayout layout_;
  DesiredState open_;
};

struct Flow {
  bool outward = true;
  Station other;
  IpFamily family = IpFamily::v4;
  std::uint16_t port = 0;
};

class MachineOracle : public MachineFilter {
 protected:
  Flow flow() {
    Flow flow{any_.chance(60), other(20 + any_.pick(10)),
              any_.chance(50) ? IpFamily::v4 : IpFamily::v6, port_};
    port_ = port_ == 60000 ? std::uint16_t{10000} : static_cast<std::uint16_t>(port_ + 1);
    return flow;
  }
  std::uint32_t forth(const Flow& flow) {
    return flow.outward ? net_.out(flow.port, flow.other, flow.family)
                        : net_.in(flow.other, flow.port, flow.family);
  }
  std::uint32_t back(const Flow& flow) {
    return flow.outward ? net_.back_in(flow.port, flow.other, flow.family)
                        : net_.back_out(flow.other, flow.port, flow.family);
  }
  bool expected(const DesiredState& state, const Flow& flow) const {
    Packet packet;
    const End self{room_a(), kOwnNumber};
    if (flow.outward) {
      packet.originator = self;
      packet.service = kServices[flow.other.host % kServices.size()];
    } else {
      packet.responder = self;
    }
    return judge(state, layout_, packet, kNow);
  }

  StateGenerator any_{{kServices.begin(), kServices.end()}, kNow};
  std::uint16_t port_ = 10000;
};

TEST_F(MachineOracle, KernelJudgesEveryPacketOfTheMachineAsTheStateSays) {
  int refused = 0;
  int passed = 0;
  for (int i = 0; i < kStates; ++i) {
    SCOPED_TRACE("state " + std::to_string(i));
    // A machine of another kind is another installation.
    if (i % 15 == 0) {
      Cohort cohort{any_.kind(), any_.owner() == Owner::staff};
      if (cohort.kind == Kind::infrastructure) cohort.kind = Kind::lab_pc;
      install(cohort);
    }
    apply(open_);
    std::vector<Flow> live(kFlows);
    std::set<std::uint32_t> wanted;
    for (Flow& flow : live) {
      flow = this->flow();
      wanted.insert(forth(flow));
      wanted.insert(back(flow));
    }
    ASSERT_EQ(net_.settle(), wanted) << "an open school lets everything through";

    const DesiredState state = any_.state_of(open_);
    apply(state);
    std::map<std::uint32_t, std::pair<bool, std::string>> what;
    const auto expect = [&](std::uint32_t id, const Flow& flow, const char* which) {
      const bool passes = expected(state, flow);
      ++(passes ? passed : refused);
      what[id] = {passes, which + std::string(flow.outward ? "to " : "from ") +
                              flow.other.address(flow.family).text()};
    };
    for (const Flow& flow : live) {
      expect(forth(flow), flow, "live, forth, ");
      expect(back(flow), flow, "live, back, ");
    }
    for (int j = 0; j < kFlows; ++j) {
      const Flow flow = this->flow();
      expect(forth(flow), flow, "new, ");
    }
    const auto came = net_.settle();
    for (const auto& [id, judged] : what)
      ASSERT_EQ(came.count(id) == 1, judged.first) << judged.second;
    net_.close_ports();
  }
  EXPECT_GT(refused, kStates * kFlows / 4) << "the states must have refused a fair share";
  EXPECT_GT(passed, kStates * kFlows / 4);
}

class MachineInExam : public MachineFilter, public testing::WithParamInterface<IpFamily> {};
INSTANTIATE_TEST_SUITE_P(Families, MachineInExam, testing::Values(IpFamily::v4, IpFamily::v6),
                         [](const auto& each) { return each.param == IpFamily::v4 ? "v4" : "v6"; });

TEST_P(MachineInExam, ReachesItsBrokerAndNothingElse) {
  install({Kind::lab_pc, false});
  const Socket broker = listener(kBroker, kBrokerPort, GetParam(), SOCK_STREAM);
  const Socket elsewhere = listener(kBroker, 8080, GetParam(), SOCK_STREAM);
  apply(closed());
  Socket client;
  EXPECT_EQ(connect(client, kBroker, kBrokerPort, GetParam()), 0);
  EXPECT_EQ(connect(client, kBroker, 8080, GetParam()), ECONNREFUSED) << "told at once";
}

TEST_P(MachineInExam, RunningConnectionDiesAndItsProgramIsTold) {
  install({Kind::lab_pc, false});
  const Socket door = listener(other(21), 443, GetParam(), SOCK_STREAM);
  Socket client;
  ASSERT_EQ(connect(client, other(21), 443, GetParam()), 0);
  ASSERT_TRUE(ready(door, POLLIN));
  const Socket server(::accept4(door.fd(), nullptr, nullptr, SOCK_NONBLOCK));
  apply(closed());
  EXPECT_EQ(::send(client.fd(), "x", 1, MSG_NOSIGNAL), 1);
  EXPECT_TRUE(ready(client, POLLIN));
  EXPECT_EQ(error_of(client), ECONNRESET);
  EXPECT_FALSE(ready(server, POLLIN, 100)) << "nothing comes out";
}

TEST_P(MachineInExam, WhatComesInToAProgramThatOnlyReadsIsCut) {
  install({Kind::lab_pc, false});
  const Socket door = listener(other(21), 443, GetParam(), SOCK_STREAM);
  Socket client;
  ASSERT_EQ(connect(client, other(21), 443, GetParam()), 0);
  ASSERT_TRUE(ready(door, POLLIN));
  const Socket server(::accept4(door.fd(), nullptr, nullptr, SOCK_NONBLOCK));
  apply(closed());
  EXPECT_EQ(::send(server.fd(), "x", 1, MSG_NOSIGNAL), 1);
  EXPECT_TRUE(ready(server, POLLIN)) << "the server is reset";
  char byte = 0;
  EXPECT_EQ(::recv(client.fd(), &byte, 1, MSG_DONTWAIT), -1);
}

TEST_P(MachineInExam, ProgramsOfTheMachineTalkToEachOther) {
  install({Kind::lab_pc, false});
  apply(closed());
  const IpAddress loopback =
      IpAddress::parse(GetParam() == IpFamily::v4 ? "127.0.0.1" : "::1").value();
  for (const IpAddress& address : {loopback, MachineNetwork::kSelf.address(GetParam())}) {
    const Socket listening = open_socket(GetParam(), SOCK_STREAM);
    const Name name(address, 6000);
    ASSERT_EQ(::bind(listening.fd(), name.get(), name.size), 0);
    ASSERT_EQ(::listen(listening.fd(), 1), 0);
    Socket client = open_socket(GetParam(), SOCK_STREAM);
    EXPECT_TRUE(::connect(client.fd(), name.get(), name.size) == 0 || errno == EINPROGRESS);
    ASSERT_TRUE(ready(client, POLLOUT));
    EXPECT_EQ(error_of(client), 0) << address.text();
  }
}

// In any mode: whoever is asked, lokaald answers.
TEST_P(MachineInExam, NamesAreAskedOfLokaaldWhoAsksTheRealResolver) {
  install({Kind::lab_pc, false});
  apply(closed());
  const IpAddress any = IpAddress::parse(GetParam() == IpFamily::v4 ? "127.0.0.1" : "::1").value();
  const Socket lokaald = open_socket(GetParam(), SOCK_DGRAM);
  const Name here(any, kDnsPort);
  ASSERT_EQ(::bind(lokaald.fd(), here.get(), here.size), 0);
  const Socket resolver = listener(other(22), 53, GetParam(), SOCK_DGRAM);

  const Socket program = open_socket(GetParam(), SOCK_DGRAM);
  const Name asked(other(22).address(GetParam()), 53);
  ASSERT_EQ(::sendto(program.fd(), "who?", 4, 0, asked.get(), asked.size), 4)
      << std::strerror(errno);
  ASSERT_TRUE(ready(lokaald, POLLIN));
  EXPECT_FALSE(ready(resolver, POLLIN, 50));
  Name asker(any, 0);
  std::array<char, 8> text{};
  ASSERT_EQ(::recvfrom(lokaald.fd(), text.data(), text.size(), 0, asker.mutable_get(), &asker.size),
            4);
  ASSERT_EQ(::sendto(lokaald.fd(), "he", 2, 0, asker.get(), asker.size), 2) << std::strerror(errno);
  ASSERT_TRUE(ready(program, POLLIN)) << "the answer comes back";
  Name answered(any, 0);
  EXPECT_EQ(
      ::recvfrom(program.fd(), text.data(), text.size(), 0, answered.mutable_get(), &answered.size),
      2);
  EXPECT_EQ(std::memcmp(&answered.storage, &asked.storage, 8), 0) << "from whom it was asked of";

  const Socket upstream = open_socket(GetParam(), SOCK_DGRAM);
  const std::uint32_t mark = kGuardMark;
  ASSERT_EQ(::setsockopt(upstream.fd(), SOL_SOCKET, SO_MARK, &mark, sizeof mark), 0);
  ASSERT_EQ(::sendto(upstream.fd(), "who?", 4, 0, asked.get(), asked.size), 4);
  EXPECT_TRUE(ready(resolver, POLLIN));
}

// Who sits in the same room is not behind the gateway.
TEST_P(MachineInExam, TheTimeIsAskedByTheSystemAndIsNoWayToANeighbour) {
  install({Kind::lab_pc, false});
  const Socket neighbour = listener(other(23), 123, GetParam(), SOCK_DGRAM);
  const Name its_clock(other(23).address(GetParam()), 123);
  ::setfsuid(1000);
  const Socket pupil = open_socket(GetParam(), SOCK_DGRAM);
  ::setfsuid(0);
  ASSERT_EQ(::sendto(pupil.fd(), "hi", 2, 0, its_clock.get(), its_clock.size), 2);
  ASSERT_TRUE(ready(neighbour, POLLIN)) << "before the exam they talk";
  Name pupils_end(its_clock);
  std::array<char, 8> heard{};
  ASSERT_EQ(::recvfrom(neighbour.fd(), heard.data(), heard.size(), 0, pupils_end.mutable_get(),
                       &pupils_end.size),
            2);
  apply(closed());
  ::sendto(neighbour.fd(), "hi", 2, 0, pupils_end.get(), pupils_end.size);
  EXPECT_FALSE(ready(pupil, POLLIN, 50)) << "what they had begun goes on";
  ::sendto(pupil.fd(), "hi", 2, 0, its_clock.get(), its_clock.size);
  EXPECT_FALSE(ready(neighbour, POLLIN, 50)) << "a pupil's program says something";

  const Socket pupils_door = open_socket(GetParam(), SOCK_DGRAM);
  const Name door(MachineNetwork::kSelf.address(GetParam()), 4000);
  ASSERT_EQ(::bind(pupils_door.fd(), door.get(), door.size), 0);
  ::sendto(neighbour.fd(), "hi", 2, 0, door.get(), door.size);
  EXPECT_FALSE(ready(pupils_door, POLLIN, 50)) << "a neighbour says something";

  const Socket chrony = open_socket(GetParam(), SOCK_DGRAM);
  ASSERT_EQ(::sendto(chrony.fd(), "when", 4, 0, its_clock.get(), its_clock.size), 4);
  ASSERT_TRUE(ready(neighbour, POLLIN));
  Name asker(its_clock);
  std::array<char, 8> text{};
  ASSERT_EQ(
      ::recvfrom(neighbour.fd(), text.data(), text.size(), 0, asker.mutable_get(), &asker.size), 4);
  ASSERT_EQ(::sendto(neighbour.fd(), "now", 3, 0, asker.get(), asker.size), 3);
  EXPECT_TRUE(ready(chrony, POLLIN)) << "the answer comes";
}

TEST_F(MachineFilter, ClosesTheMachineWhileItsTableIsReplaced) {
  install({Kind::lab_pc, false});
  apply(closed());
  // An installation over a standing one; what is closed stays closed all the while.
  std::atomic<bool> done = false;
  std::atomic<int> tried = 0;
  std::thread meanwhile([&] {
    Socket socket = open_socket(IpFamily::v4, SOCK_DGRAM);
    const Name name(other(21).address(IpFamily::v4), 999);
    while (!done) {
      ::sendto(socket.fd(), "leak", 4, 0, name.get(), name.size);
      ++tried;
    }
  });
  const Socket leak = listener(other(21), 999, IpFamily::v4, SOCK_DGRAM);
  for (int i = 0; i < 20; ++i) {
    const auto again = filter_->install(layout_, closed(), kNow);
    EXPECT_TRUE(again) << again.error().text();
  }
  done = true;
  meanwhile.join();
  EXPECT_GT(tried, 100);
  EXPECT_FALSE(ready(leak, POLLIN, 50));
}

}  // namespace
}  // namespace lokaal::test
