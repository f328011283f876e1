// The server against upstreams that misbehave.
#include <gtest/gtest.h>

#include <set>

#include "tests/unit/daemon/dns_server/dns_server_fixture.hpp"

namespace lokaal {
namespace {

using namespace test;

class DnsUpstreamTest : public DnsServerTest {};

TEST_F(DnsUpstreamTest, AsksEveryTimeWithAnotherIdAndFromAnotherPort) {
  std::set<unsigned> ids;
  const FakeUpstream upstream("127.0.0.2", [&ids](const Bytes& query) {
    ids.insert(at16(query, 0));
    return good(query);
  });
  start({"127.0.0.2"});
  for (int i = 0; i < 20; ++i) ask(test::query("n" + std::to_string(i) + ".example", 1));
  server_->stop();
  EXPECT_GE(ids.size(), 19U);
}

TEST_F(DnsUpstreamTest, WaitsForTheRightIdAndQuestion) {
  const FakeUpstream upstream("127.0.0.2", [](const Bytes& query) {
    Bytes wrong_id = answer_to(query, {record(kQuestionPointer, 1, 300, kOtherAddress)});
    wrong_id[0] ^= 0xFF;
    const Bytes wrong_question = answer_to(test::query("evil.example", 1, at16(query, 0)),
                                           {record(kQuestionPointer, 1, 300, kOtherAddress)});
    Bytes broken = answer_to(query, {record(kQuestionPointer, 1, 300, kOtherAddress)});
    broken.pop_back();
    return std::vector<Bytes>{wrong_id, wrong_question, broken, query, good(query)[0]};
  });
  start({"127.0.0.2"});
  const Bytes reply = ask(test::query("open.example", 1));
  EXPECT_TRUE(has(reply, kAddress));
  EXPECT_FALSE(has(reply, kOtherAddress));
}

TEST_F(DnsUpstreamTest, AsksOverTcpWhereSomebodyGuesses) {
  const FakeUpstream upstream(
      "127.0.0.2",
      [](const Bytes& query) {
        Bytes wrong = one_address(query, kOtherAddress)[0];
        wrong[0] ^= 0xFF;
        return std::vector<Bytes>(8, wrong);
      },
      good);
  start({"127.0.0.2"});
  EXPECT_TRUE(has(ask(test::query("open.example", 1)), kAddress));
  EXPECT_EQ(upstream.tcp_queries(), 1);
}

TEST_F(DnsUpstreamTest, AsksOverTcpWhatWasTruncated) {
  const FakeUpstream upstream(
      "127.0.0.2",
      [](const Bytes& query) { return std::vector<Bytes>{answer_to(query, {}, 0x8380)}; }, good);
  start({"127.0.0.2"});
  EXPECT_TRUE(has(ask(test::query("open.example", 1)), kAddress));
  EXPECT_EQ(upstream.tcp_queries(), 1);
}

TEST_F(DnsUpstreamTest, TurnsToTheNextUpstreamIfOneIsDownOrSilentOrFails) {
  settings_.upstream_timeout = std::chrono::milliseconds(1500);
  const FakeUpstream mute("127.0.0.3", silent);
  const FakeUpstream broken("127.0.0.4", [](const Bytes& query) {
    return std::vector<Bytes>{answer_to(query, {}, 0x8182)};
  });
  const FakeUpstream upstream("127.0.0.5", good);
  start({"127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5"});  // at .2 there is none
  EXPECT_TRUE(has(ask(test::query("open.example", 1)), kAddress));
  EXPECT_EQ(mute.udp_queries(), 1);
  // The one that was silent rests meanwhile.
  EXPECT_TRUE(has(ask(test::query("other.example", 1)), kAddress));
  EXPECT_EQ(mute.udp_queries(), 1);
  EXPECT_EQ(broken.udp_queries(), 2);
}

TEST_F(DnsUpstreamTest, SaysServfailAndWhyIfNoUpstreamAnswers) {
  settings_.upstream_timeout = std::chrono::milliseconds(200);
  const FakeUpstream mute("127.0.0.3", silent);
  start({"127.0.0.2", "127.0.0.3"});
  const Bytes reply = ask(query_edns("open.example", 1));
  EXPECT_EQ(rcode_of(reply), 2U);
  EXPECT_TRUE(contains(reply, std::string("\0\x17no upstream answers", 21)));
  EXPECT_EQ(server_->counts().servfail, 1U);
}

TEST_F(DnsUpstreamTest, HandsOnAnUpstreamsErrorIfThereIsNothingBetter) {
  const FakeUpstream upstream("127.0.0.2", [](const Bytes& query) {
    return std::vector<Bytes>{answer_to(query, {}, 0x8185)};
  });
  start({"127.0.0.2"});
  EXPECT_EQ(rcode_of(ask(test::query("open.example", 1))), 5U);
  EXPECT_EQ(server_->counts().refused, 0U);
}

TEST_F(DnsUpstreamTest, AsksOnceForAllWhoAskTheSameAtTheSameTime) {
  std::atomic<bool> go{false};
  const FakeUpstream upstream("127.0.0.2", [&go](const Bytes& query) {
    EXPECT_TRUE(eventually([&go] { return go.load(); }));
    return good(query);
  });
  start({"127.0.0.2"});
  std::atomic<int> answered{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 5; ++i)
    clients.emplace_back([&] {
      if (has(ask(test::query("open.example", 1)), kAddress)) ++answered;
    });
  EXPECT_TRUE(eventually([&] { return server_->counts().queries == 5; }));
  go = true;
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(answered, 5);
  EXPECT_EQ(upstream.udp_queries(), 1);
  EXPECT_EQ(server_->counts().forwarded, 1U);
}

}  // namespace
}  // namespace lokaal
