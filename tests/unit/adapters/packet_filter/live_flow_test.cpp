// Flows that run when the policy changes, and what the gateway itself answers.
#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <thread>

#include "tests/unit/adapters/packet_filter/school.hpp"
#include "tests/unit/adapters/packet_filter/sockets.hpp"

namespace lokaal::test {
namespace {

struct Connection {
  Socket client;
  Socket server;
};

class LiveFlows : public School, public testing::WithParamInterface<IpFamily> {
 protected:
  static constexpr Station kPupil{Link::room_a, kRealHost};
  static constexpr Station kWeb{Link::outside, kRealHost};
  static constexpr Station kGateway{Link::room_a, 1};

  Socket listener(const Station& at, std::uint16_t port) {
    Socket socket;
    const auto open = [&] {
      socket = open_socket(GetParam(), SOCK_STREAM);
      const Name name(at.address(GetParam()), port);
      EXPECT_EQ(::bind(socket.fd(), name.get(), name.size), 0) << std::strerror(errno);
      EXPECT_EQ(::listen(socket.fd(), 8), 0);
    };
    if (at.host == kGateway.host)
      open();
    else
      net_.host(at.link).run(open);
    return socket;
  }

  // errno of connecting from the pupil's machine; 0: it worked.
  int connect(Socket& client, const Station& to, std::uint16_t port) {
    net_.host(kPupil.link).run([&] { client = open_socket(GetParam(), SOCK_STREAM); });
    const Name name(to.address(GetParam()), port);
    if (::connect(client.fd(), name.get(), name.size) != 0 && errno != EINPROGRESS) return errno;
    if (!ready(client, POLLOUT)) return ETIMEDOUT;
    return error_of(client);
  }

  Connection established(const Station& to, std::uint16_t port) {
    const Socket listening = listener(to, port);
    Connection connection;
    EXPECT_EQ(connect(connection.client, to, port), 0);
    EXPECT_TRUE(ready(listening, POLLIN));
    connection.server = Socket(::accept4(listening.fd(), nullptr, nullptr, SOCK_NONBLOCK));
    return connection;
  }

  static void write(const Socket& socket, const char* text) {
    EXPECT_EQ(::send(socket.fd(), text, std::strlen(text), MSG_NOSIGNAL),
              static_cast<ssize_t>(std::strlen(text)));
  }
  // What came; "!" and the error if the connection broke.
  static std::string read(const Socket& socket) {
    if (!ready(socket, POLLIN)) return "nothing";
    std::array<char, 256> buffer{};
    const ssize_t size = ::recv(socket.fd(), buffer.data(), buffer.size(), 0);
    if (size < 0) return std::string("! ") + std::strerror(errno);
    return {buffer.data(), static_cast<std::size_t>(size)};
  }
  const std::string kReset = std::string("! ") + std::strerror(ECONNRESET);
};

INSTANTIATE_TEST_SUITE_P(Ip, LiveFlows, testing::Values(IpFamily::v4, IpFamily::v6),
                         [](const auto& family) {
                           return family.param == IpFamily::v4 ? "v4" : "v6";
                         });

TEST_P(LiveFlows, TcpIsResetAtTheNextPacketOfThePupil) {
  const Connection connection = established(kWeb, 443);
  write(connection.client, "hello");
  ASSERT_EQ(read(connection.server), "hello");
  a().mode = Mode::devices_away;
  apply();
  write(connection.client, "more");
  EXPECT_EQ(read(connection.client), kReset);
  EXPECT_FALSE(ready(connection.server, POLLIN, 50)) << "nothing more arrives";
}

TEST_P(LiveFlows, TcpIsResetAtTheNextPacketOfTheServer) {
  const Connection connection = established(kWeb, 443);
  write(connection.server, "hello");
  ASSERT_EQ(read(connection.client), "hello");
  a().mode = Mode::devices_away;
  apply();
  write(connection.server, "more");
  EXPECT_EQ(read(connection.server), kReset);
  EXPECT_FALSE(ready(connection.client, POLLIN, 50)) << "nothing more arrives";
}

TEST_P(LiveFlows, NewTcpIsRefusedAtOnceAndNotLeftWaiting) {
  const Socket listening = listener(kWeb, 443);
  a().mode = Mode::devices_away;
  apply();
  Socket client;
  EXPECT_EQ(connect(client, kWeb, 443), ECONNREFUSED);
  a().mode = Mode::open;
  apply();
  EXPECT_EQ(connect(client, kWeb, 443), 0);
}

TEST_P(LiveFlows, UdpStopsInBothDirectionsAndComesBack) {
  const auto both = [&] {
    const auto forth = net_.probe(kPhone, kServer, GetParam(), 6000, 6001);
    const auto back = net_.probe(kServer, kPhone, GetParam(), 6001, 6000);
    const auto came = net_.settle();
    return std::pair(came.contains(forth), came.contains(back));
  };
  ASSERT_EQ(both(), std::pair(true, true));
  a().mode = Mode::devices_away;
  apply();
  EXPECT_EQ(both(), std::pair(false, false));
  a().mode = Mode::open;
  apply();
  EXPECT_EQ(both(), std::pair(true, true));
}

TEST_P(LiveFlows, ChangedInventoryCountsForFlowsThatRun) {
  ASSERT_TRUE(net_.passes(kPhone, kServer, GetParam(), 6100, 443));
  a().mode = Mode::devices_away;
  apply();
  ASSERT_FALSE(net_.passes(kPhone, kServer, GetParam(), 6100, 443));
  for (Device& device : desired_.devices)
    if (device.number == number(kPhone)) device.kind = Kind::board;
  apply();
  EXPECT_TRUE(net_.passes(kPhone, kServer, GetParam(), 6100, 443));
}

TEST_P(LiveFlows, ClassComesToAFlowThatBeganWithoutAndStays) {
  a().mode = Mode::lesson;
  apply();
  ASSERT_TRUE(net_.passes(kPhone, kServer, GetParam(), 6200, 443));
  ASSERT_TRUE(filter_->learn(number(kPhone), kServer.address(GetParam()), kSocial,
                             std::chrono::milliseconds(1500)));
  EXPECT_FALSE(net_.passes(kPhone, kServer, GetParam(), 6200, 443));
  // The answer ends, a new flow is without a class; this one keeps what it is.
  const WallTime patience = in(std::chrono::seconds(20));
  std::uint16_t port = 6201;
  while (!net_.passes(kPhone, kServer, GetParam(), port++, 443)) {
    ASSERT_LT(now(), patience);
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_FALSE(net_.passes(kPhone, kServer, GetParam(), 6200, 443));
}

TEST_P(LiveFlows, SynThatReusesATupleIsClassifiedAnew) {
  const Tuple tuple{kPhone.address(GetParam()), kSocialServer.address(GetParam()), 6300, 443};
  const auto syn_passes = [&](std::uint32_t sequence) {
    net_.send(kPhone, tcp_frame(net_.hop_from(kPhone), tuple, kSyn, sequence, 0));
    net_.settle();
    for (const Seen& seen : net_.seen(Link::outside))
      if (seen.tuple.source_port == 6300 && seen.tcp_flags == kSyn) return true;
    return false;
  };
  ASSERT_TRUE(syn_passes(1000)) << "in an open room; the flow is social from here on";
  a().mode = Mode::lesson;
  apply();
  ASSERT_FALSE(syn_passes(2000));
  ASSERT_TRUE(filter_->learn(number(kPhone), kSocialServer.address(GetParam()), kEssential,
                             std::chrono::minutes(1)));
  EXPECT_TRUE(syn_passes(3000));
}

TEST_P(LiveFlows, MiddleOfAStreamThatIsNotKnownIsDropped) {
  // A stream without a beginning is invalid where nf_conntrack_tcp_loose is 0.
  const int setting =
      ::open("/proc/sys/net/netfilter/nf_conntrack_tcp_loose", O_WRONLY | O_CLOEXEC);
  ASSERT_GE(setting, 0);
  ASSERT_EQ(::write(setting, "0", 1), 1);
  ::close(setting);
  const Tuple tuple{kPhone.address(GetParam()), kServer.address(GetParam()), 6400, 443};
  net_.send(kPhone, tcp_frame(net_.hop_from(kPhone), tuple, kAck, 5, 6));
  net_.settle();
  for (const Seen& seen : net_.seen(Link::outside)) EXPECT_NE(seen.tuple.source_port, 6400);
}

TEST_P(LiveFlows, ClosedDevicesStillReachWhatTheGatewayKeepsOpen) {
  const Socket portal = listener(kGateway, 8080);
  const Socket shell = listener(kGateway, 2222);
  Socket client;
  ASSERT_EQ(connect(client, kGateway, 2222), 0) << "an open room";
  desired_.cut = {number(kPupil)};
  a().exams = {DesiredExam{{}, in(std::chrono::hours(1))}};
  apply();
  EXPECT_EQ(connect(client, kGateway, 8080), 0);
  ASSERT_TRUE(ready(portal, POLLIN));
  const Socket served(::accept4(portal.fd(), nullptr, nullptr, SOCK_NONBLOCK));
  write(served, "page");
  EXPECT_EQ(read(client), "page");
  EXPECT_EQ(connect(client, kGateway, 2222), ECONNREFUSED);
}

TEST_P(LiveFlows, GatewaysOwnConnectionsAreCutToo) {
  const Connection connection = established(kGateway, 2222);
  write(connection.server, "hello");
  ASSERT_EQ(read(connection.client), "hello");
  a().mode = Mode::devices_away;
  apply();
  write(connection.server, "more");
  EXPECT_EQ(read(connection.server), kReset);
  EXPECT_FALSE(ready(connection.client, POLLIN, 50));
}

TEST_P(LiveFlows, DnsGoesToTheGatewayWhateverTheModeAndTheResolver) {
  Socket resolver = open_socket(GetParam(), SOCK_DGRAM);
  IpAddress any = GetParam() == IpFamily::v4 ? IpAddress::parse("0.0.0.0").value()
                                             : IpAddress::parse("::").value();
  const Name own(any, FilterLayout().dns_port);
  ASSERT_EQ(::bind(resolver.fd(), own.get(), own.size), 0);
  a().exams = {DesiredExam{{}, in(std::chrono::hours(1))}};
  desired_.cut = {number(kPupil)};
  apply();
  Socket client;
  net_.host(kPupil.link).run([&] { client = open_socket(GetParam(), SOCK_DGRAM); });
  for (const Station& resolver_named : {kGateway, kServer}) {
    const Name name(resolver_named.address(GetParam()), 53);
    ASSERT_EQ(::connect(client.fd(), name.get(), name.size), 0);
    write(client, "query");
    ASSERT_TRUE(ready(resolver, POLLIN));
    std::array<char, 64> buffer{};
    sockaddr_storage from{};
    socklen_t size = sizeof from;
    auto* peer = reinterpret_cast<sockaddr*>(&from);  // NOLINT
    ASSERT_EQ(::recvfrom(resolver.fd(), buffer.data(), buffer.size(), 0, peer, &size), 5);
    ASSERT_EQ(::sendto(resolver.fd(), "reply", 5, 0, peer, size), 5);
    EXPECT_EQ(read(client), "reply");
  }
}

}  // namespace
}  // namespace lokaal::test
