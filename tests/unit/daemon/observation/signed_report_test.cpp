#include "daemon/observation/signed_report.hpp"

#include <gtest/gtest.h>

#include "tests/unit/daemon/observation/agents.hpp"

namespace lokaal::test {
namespace {

class SignedReports : public testing::Test {
 protected:
  SignedReports() {
    add_agent(roster, "agent-key", kSelf);
    add_agent(roster, "room-key", kSelf, {school::kOther});
    add_agent(roster, "ended-agent-key", kSelf);
    roster.entries.at(KeyId("ended-agent-key")).until = school::kNow;
  }
  std::string judged(const IncomingMessage& message, const NodeId& node = kSelf) {
    const auto read = wire::read_agent_report(message.payload);
    EXPECT_TRUE(read) << read.error().text();
    if (!read) return "unreadable";
    const auto verified = verify_report(message, *read, node, roster, school::kNow);
    return verified ? "believed " + verified->kid.str()
                    : std::string(name_of(verified.error().reason));
  }

  Roster roster = school::roster();
  wire::AgentReport report = a_report({school::kNow, SteadyTime{}}, 1, 7, Mode::lesson);
  IncomingMessage good = signed_by("agent-key", report);
};

TEST_F(SignedReports, AnAgentOfTheNodeIsBelieved) {
  EXPECT_EQ(judged(good), "believed agent-key");
  const auto verified = verify_report(good, report, kSelf, roster, school::kNow);
  ASSERT_TRUE(verified);
  EXPECT_EQ(verified->report, report);
  EXPECT_EQ(verified->jws, attached(good.jws.front(), good.topic, as_bytes(good.payload)));
  const auto whole = parse_jws(verified->jws);
  ASSERT_TRUE(whole) << "anybody's JOSE library reads it";
  EXPECT_EQ(as_text(whole->payload), good.topic + "\n" + good.payload);
  EXPECT_EQ(verified->sha256, sha256(as_bytes(good.payload)));
}

TEST_F(SignedReports, NothingIsBelievedWithoutExactlyOneGoodSignature) {
  IncomingMessage message = good;
  message.jws.clear();
  EXPECT_EQ(judged(message), "malformed");
  message.jws = {good.jws.front(), good.jws.front()};
  EXPECT_EQ(judged(message), "malformed");
  message.jws = {"no signature"};
  EXPECT_EQ(judged(message), "malformed");
  message = good;
  report.seq = 2;
  message.payload = wire::to_text(report);
  EXPECT_EQ(judged(message), "bad-signature");
  message = good;
  message.topic = report_topic(kNeighbour);
  EXPECT_EQ(judged(message), "bad-signature");
}

TEST_F(SignedReports, OnlyAKeyInForceOfThatNodesAgentSpeaks) {
  EXPECT_EQ(judged(signed_by("stranger-key", report)), "unknown-key");
  EXPECT_EQ(judged(signed_by("ended-agent-key", report)), "revoked-key");
  EXPECT_EQ(judged(signed_by("node-key", report)), "role-forbidden");  // the gateway's own word
  EXPECT_EQ(judged(signed_by("teacher-key", report)), "role-forbidden");
  EXPECT_EQ(judged(signed_by("room-key", report)), "room-forbidden");
  report.node = kNeighbour;
  EXPECT_EQ(judged(signed_by("agent-key", report), kNeighbour), "subject-mismatch");
}

TEST_F(SignedReports, ADocumentThatNamesAnotherNodeThanItsTopicIsRefused) {
  IncomingMessage message = good;
  report.node = kNeighbour;
  message.payload = wire::to_text(report);
  message.jws = {
      sign_published(school::key_of("agent-key"), message.topic, as_bytes(message.payload))};
  EXPECT_EQ(judged(message), "subject-mismatch");
}

}  // namespace
}  // namespace lokaal::test
