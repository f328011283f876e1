// What the server says, to whom, and how it ends.
#include <gtest/gtest.h>

#include "tests/unit/daemon/dns_server/dns_server_fixture.hpp"

namespace lokaal {
namespace {

using namespace test;

TEST_F(DnsServerTest, AnswersWithWhatTheUpstreamSaid) {
  const FakeUpstream upstream("127.0.0.2", good);
  start({"127.0.0.2"});
  const Bytes query = test::query("Www.Open.Example", 1, 0xABCD);
  const Bytes reply = ask(query);
  EXPECT_EQ(hex(reply), hex(answer_to(query, {record(kQuestionPointer, 1, 300, kAddress)})));
  EXPECT_EQ(server_->counts().forwarded, 1U);
}

TEST_F(DnsServerTest, RefusesWithoutAskingAnybody) {
  const FakeUpstream upstream("127.0.0.2", good);
  start({"127.0.0.2"});
  for (const unsigned type : {1U, 28U, 65U, 16U, 255U}) {
    const Bytes reply = ask(query_edns("www.instagram.example", type));
    EXPECT_EQ(rcode_of(reply), 3U);
    EXPECT_EQ(flags_of(reply) & 0x0420, 0U);  // neither AA nor AD
    EXPECT_TRUE(contains(reply, "lokaal mondia:lesson-social until 2026-11-23T09:50:00Z"));
  }
  EXPECT_EQ(upstream.udp_queries(), 0);
  EXPECT_EQ(server_->counts().refused, 5U);
}

TEST_F(DnsServerTest, JudgesTheNextQueryByTheNewestSnapshotAndNotByTheCache) {
  const FakeUpstream upstream("127.0.0.2", good);
  start({"127.0.0.2"});
  const Bytes query = test::query("instagram.example", 1);
  server_->publish(on_loopback(school(Mode::open)));
  EXPECT_EQ(rcode_of(ask(query)), 0U);
  server_->publish(on_loopback(school(Mode::lesson)));
  EXPECT_EQ(rcode_of(ask(query)), 3U);
  server_->publish(on_loopback(school(Mode::open)));
  EXPECT_EQ(rcode_of(ask(query)), 0U);
  EXPECT_EQ(server_->counts().cached, 1U);
}

TEST_F(DnsServerTest, JudgesAgainWhatWasUnderWayWhenTheSnapshotChanged) {
  std::atomic<bool> go{false};
  const FakeUpstream upstream("127.0.0.2", [&go](const Bytes& query) {
    EXPECT_TRUE(eventually([&go] { return go.load(); }));
    return good(query);
  });
  start({"127.0.0.2"});
  server_->publish(on_loopback(school(Mode::open)));
  Bytes reply;
  std::thread client([&] { reply = ask(test::query("instagram.example", 1)); });
  EXPECT_TRUE(eventually([&] { return upstream.udp_queries() == 1; }));
  server_->publish(on_loopback(school(Mode::lesson)));
  go = true;
  client.join();
  EXPECT_EQ(rcode_of(reply), 3U);
  EXPECT_TRUE(learned().empty());
}

TEST_F(DnsServerTest, AnswersCanariesAndResolverArpaByItself) {
  const FakeUpstream upstream("127.0.0.2", good);
  start({"127.0.0.2"});
  for (const char* name : {"mask.icloud.com", "mask-h2.icloud.com", "use-application-dns.net"})
    EXPECT_EQ(rcode_of(ask(test::query(name, 1))), 3U) << name;
  for (const char* name : {"resolver.arpa", "_dns.resolver.arpa"}) {
    const Bytes reply = ask(test::query(name, 64));
    EXPECT_EQ(rcode_of(reply), 0U) << name;
    EXPECT_EQ(at16(reply, 6), 0U) << name;
  }
  EXPECT_EQ(upstream.udp_queries(), 0);
}

TEST_F(DnsServerTest, HasNoHttpsRecordsForTheCatalogueButForWhatIsEssential) {
  const FakeUpstream upstream("127.0.0.2", [](const Bytes& query) {
    return std::vector<Bytes>{answer_to(query, {record(kQuestionPointer, 65, 300, {0, 1, 0})})};
  });
  start({"127.0.0.2"});
  for (const unsigned type : {64U, 65U}) {
    const Bytes reply = ask(test::query("facet.example", type));
    EXPECT_EQ(rcode_of(reply), 0U);
    EXPECT_EQ(at16(reply, 6), 0U);
    EXPECT_EQ(at16(reply, 8), 1U);
  }
  EXPECT_EQ(upstream.udp_queries(), 0);
  EXPECT_EQ(at16(ask(test::query("som.example", 65)), 6), 1U);
  EXPECT_EQ(at16(ask(test::query("open.example", 65)), 6), 1U);
}

TEST_F(DnsServerTest, TellsTheHookBeforeItAnswersAndCapsTheTtl) {
  const FakeUpstream upstream("127.0.0.2", good);
  start({"127.0.0.2"});
  DnsSnapshot snapshot = school(Mode::lesson);
  snapshot.neighbours = std::make_shared<const NeighbourDevices>(
      NeighbourDevices{{{if_nametoindex("lo"), IpAddress::parse("127.0.0.1").value()}, kLaptop}});
  server_->publish(on_loopback(std::move(snapshot)));
  const Bytes query = test::query("www.som.example", 1);
  EXPECT_EQ(hex(ask(query)), hex(answer_to(query, {record(kQuestionPointer, 1, 5, kAddress)})));
  const LearnedAddress expected{kLaptop.device, kRoom, IpAddress::parse("192.0.2.1").value(),
                                kEssential, std::chrono::seconds(5)};
  EXPECT_EQ(learned(), std::vector{expected});
  ask(query);  // out of the cache: told again
  EXPECT_EQ(learned().size(), 2U);
}

TEST_F(DnsServerTest, TellsTheHookNothingOfOtherNamesAndLeavesTheirTtl) {
  const FakeUpstream upstream("127.0.0.2", good);
  start({"127.0.0.2"});
  const Bytes query = test::query("open.example", 1);
  EXPECT_EQ(hex(ask(query)), hex(answer_to(query, {record(kQuestionPointer, 1, 300, kAddress)})));
  EXPECT_TRUE(learned().empty());
}

TEST_F(DnsServerTest, SaysServfailRatherThanWhatCouldNotBeClassified) {
  const FakeUpstream upstream("127.0.0.2", good);
  start({"127.0.0.2"});
  hook_fails_ = true;
  const Bytes reply = ask(test::query("som.example", 1));
  EXPECT_EQ(rcode_of(reply), 2U);
  EXPECT_FALSE(has(reply, kAddress));
  EXPECT_EQ(rcode_of(ask(test::query("open.example", 1))), 0U);
}

TEST_F(DnsServerTest, RefusesWhereTheInterfaceIsNoRoom) {
  const FakeUpstream upstream("127.0.0.2", good);
  start({"127.0.0.2"});
  server_->publish(std::make_shared<const DnsSnapshot>(school(Mode::open)));
  EXPECT_EQ(rcode_of(ask(test::query("open.example", 1))), 5U);
  EXPECT_EQ(server_->counts().refused, 1U);
  EXPECT_EQ(upstream.udp_queries(), 0);
}

TEST_F(DnsServerTest, IsNotReadyWithoutASnapshot) {
  const FakeUpstream upstream("127.0.0.2", good);
  start({"127.0.0.2"});
  server_->publish(nullptr);
  const Bytes reply = ask(query_edns("open.example", 1));
  EXPECT_EQ(rcode_of(reply), 2U);
  EXPECT_TRUE(contains(reply, "lokaal is starting"));
}

TEST_F(DnsServerTest, SaysFormerrToWhatIsMalformedAndNothingToAnAnswer) {
  start({});
  Bytes malformed = test::query("open.example", 1);
  malformed.pop_back();
  EXPECT_EQ(rcode_of(ask(malformed)), 1U);
  Bytes is_answer = test::query("open.example", 1);
  is_answer[2] |= 0x80;
  const Socket socket(address("127.0.0.1", kPort), SOCK_DGRAM);
  const Address at = address("127.0.0.1", kPort);
  ASSERT_EQ(connect(socket.fd(), raw(at), at.size), 0);
  socket.send(is_answer);
  socket.send(malformed);
  EXPECT_EQ(rcode_of(socket.receive()), 1U);  // the first that comes is for the second
  EXPECT_EQ(server_->counts().malformed, 3U);
}

TEST_F(DnsServerTest, KnowsNoOtherEdnsVersionClassOrTransfer) {
  start({});
  Bytes version = query_edns("open.example", 1);
  version[version.size() - 5] = 1;
  const Bytes reply = ask(version);
  EXPECT_EQ(hex(Bytes(reply.end() - 11, reply.end())), hex(opt(1232, false, {}, 0, 1)));
  EXPECT_EQ(rcode_of(ask(test::query("open.example", 252))), 4U);
  Bytes chaos = test::query("version.bind", 16);
  chaos.back() = 3;
  EXPECT_EQ(rcode_of(ask(chaos)), 4U);
}

TEST_F(DnsServerTest, DropsWhatIsOverADevicesRate) {
  settings_.queries_per_second = 0.001;
  settings_.burst = 3;
  start({});
  const Socket socket(address("127.0.0.1", kPort), SOCK_DGRAM);
  const Address at = address("127.0.0.1", kPort);
  ASSERT_EQ(connect(socket.fd(), raw(at), at.size), 0);
  for (int i = 0; i < 10; ++i) socket.send(test::query("instagram.example", 1));
  EXPECT_TRUE(eventually([&] { return server_->counts().queries == 10; }));
  EXPECT_EQ(server_->counts().dropped, 7U);
  EXPECT_EQ(server_->counts().refused, 3U);
}

TEST_F(DnsServerTest, AnswersSeveralQueriesOfOneTcpConnection) {
  const FakeUpstream upstream("127.0.0.2", good);
  start({"127.0.0.2"});
  const Address at = address("::1", kPort);
  const Socket socket(at, SOCK_STREAM);
  ASSERT_EQ(connect(socket.fd(), raw(at), at.size), 0);
  socket.send_framed(test::query("open.example", 1, 1));
  socket.send_framed(test::query("instagram.example", 1, 2));
  const Bytes first = socket.receive_framed();
  const Bytes second = socket.receive_framed();
  ASSERT_FALSE(second.empty());
  EXPECT_EQ(at16(first, 0), 1U);
  EXPECT_TRUE(has(first, kAddress));
  EXPECT_EQ(at16(second, 0), 2U);
  EXPECT_EQ(rcode_of(second), 3U);
}

TEST_F(DnsServerTest, ClosesATcpConnectionThatIsIdleOrHalfASentence) {
  settings_.tcp.idle = std::chrono::milliseconds(100);
  start({});
  const Address at = address("127.0.0.1", kPort);
  for (const Bytes& begin : {Bytes{}, Bytes{0, 40, 1, 2}}) {
    const Socket socket(at, SOCK_STREAM);
    ASSERT_EQ(connect(socket.fd(), raw(at), at.size), 0);
    if (!begin.empty()) socket.send(begin);
    std::uint8_t octet{};
    EXPECT_EQ(recv(socket.fd(), &octet, 1, 0), 0);
  }
}

TEST_F(DnsServerTest, BoundsTheTcpConnectionsOfOneSource) {
  settings_.tcp.per_source = 2;
  start({});
  const Address at = address("127.0.0.1", kPort);
  const Bytes query = test::query("instagram.example", 1);
  std::uint8_t octet{};
  {
    const Socket first(at, SOCK_STREAM);
    const Socket second(at, SOCK_STREAM);
    const Socket third(at, SOCK_STREAM);
    for (const Socket* socket : {&first, &second, &third})
      ASSERT_EQ(connect(socket->fd(), raw(at), at.size), 0);
    EXPECT_LE(recv(third.fd(), &octet, 1, 0), 0);
    second.send_framed(query);
    EXPECT_FALSE(second.receive_framed().empty());
  }
  // Their places are free again.
  EXPECT_TRUE(eventually([&] {
    const Socket next(at, SOCK_STREAM);
    if (connect(next.fd(), raw(at), at.size) != 0) return false;
    next.send_framed(query);
    return !next.receive_framed().empty();
  }));
}

TEST_F(DnsServerTest, EndsWithQuestionsAndConnectionsOpen) {
  const FakeUpstream mute("127.0.0.2", silent);
  settings_.upstream_timeout = std::chrono::seconds(30);
  start({"127.0.0.2"});
  const Address at = address("127.0.0.1", kPort);
  const Socket stream(at, SOCK_STREAM);
  ASSERT_EQ(connect(stream.fd(), raw(at), at.size), 0);
  stream.send_framed(test::query("one.example", 1));
  const Socket idle(at, SOCK_STREAM);
  ASSERT_EQ(connect(idle.fd(), raw(at), at.size), 0);
  const Socket datagram(at, SOCK_DGRAM);
  ASSERT_EQ(connect(datagram.fd(), raw(at), at.size), 0);
  datagram.send(test::query("two.example", 1));
  EXPECT_TRUE(eventually([&] { return mute.udp_queries() == 2; }));
  const auto begin = std::chrono::steady_clock::now();
  server_->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
  server_->stop();  // and again: nothing left to do
}

TEST_F(DnsServerTest, SaysWhichPortItCannotHave) {
  start({});
  const auto second = DnsServer::start(settings_, {[] { return kNow; }, {}});
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().message.find("5354"), std::string::npos);
}

}  // namespace
}  // namespace lokaal
