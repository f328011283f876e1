// The answers of a whole gateway on fakes.
#include <gtest/gtest.h>

#include "core/wire/control_question.hpp"
#include "core/wire/control_why.hpp"
#include "daemon/control/answers.hpp"
#include "tests/unit/daemon/controller/node_fixture.hpp"

namespace lokaal::test {
namespace {

class Answers : public testing::Test {
 protected:
  std::string answer(const std::string& question) {
    return ControlAnswers({site, *node.controller, node.reconciler(), node.reporter(),
                           node.states(), node.recorder(), node.bus, machine.clock,
                           [this] { return guard; }})
        .answer(question);
  }
  wire::ControlStatus status() {
    const auto read = wire::read_control_status(answer(R"({"v":1,"ask":"status"})"));
    EXPECT_TRUE(read) << read.error().text();
    return read.value_or(wire::ControlStatus{});
  }

  Machine machine;
  Site site = small_site();
  RunningNode node{machine, site};
  Result<std::vector<std::string>> guard = std::vector<std::string>{};
};

TEST_F(Answers, SayHowTheGatewayIs) {
  node.send(set_mode("lesson"));
  const auto said = status();
  EXPECT_EQ(said.site, SiteId("voorbeeld"));
  EXPECT_EQ(said.node, NodeId("gw-1"));
  EXPECT_EQ(said.generation, node.controller->state().generation);
  EXPECT_EQ(said.enforced_generation, said.generation);
  EXPECT_EQ(said.journal, "sound");
  EXPECT_TRUE(said.broker_connected);
  EXPECT_EQ(said.guard, wire::GuardState::intact);
  EXPECT_TRUE(said.good());
}

TEST_F(Answers, HaveTheStateOfEveryRoomAsTheBrokerHasIt) {
  node.send(set_mode("lesson"));
  boost::json::object room = status().rooms.at(0);
  boost::json::object published = node.last(kStateTopic);
  EXPECT_EQ(room.at("commanded"), published.at("commanded"));
  EXPECT_EQ(room.at("applied"), published.at("applied"));
  EXPECT_EQ(room.at("seq"), status().rooms.at(0).at("seq")) << "asking is no publication";
}

TEST_F(Answers, SayWhatIsBroken) {
  machine.clock.set_synced(false);
  node.bus.lose();
  guard = std::vector<std::string>{"missing: a rule"};
  auto said = status();
  EXPECT_EQ(said.guard, wire::GuardState::broken);
  EXPECT_EQ(said.guard_faults, std::vector<std::string>{"missing: a rule"});
  EXPECT_FALSE(said.broker_connected);
  EXPECT_EQ(said.clock, wire::ClockState::untrusted);
  guard = failure("no netlink");
  said = status();
  EXPECT_EQ(said.guard, wire::GuardState::unknown);
  EXPECT_FALSE(said.good());
}

TEST_F(Answers, DecideByTheStateThatIsInForce) {
  const std::string question =
      R"({"v":1,"ask":"why","device":"d-laptop","name":"www.instagram.com","room":"lokaal-112"})";
  EXPECT_TRUE(wire::read_why_answer(answer(question))->allowed);
  node.send(set_mode("lesson"));
  const auto refused = wire::read_why_answer(answer(question));
  EXPECT_FALSE(refused->allowed);
  EXPECT_EQ(refused->rule, RuleId("mondia:lesson-social"));
  EXPECT_EQ(refused->dns, wire::NameAnswer::refuses);
}

TEST_F(Answers, ChangeNothing) {
  node.send(set_mode("lesson"));
  const State before = node.controller->state();
  const std::size_t published = node.bus.published.size();
  status();
  EXPECT_EQ(node.controller->state(), before);
  EXPECT_EQ(node.bus.published.size(), published);
}

TEST_F(Answers, SayWhatIsWrongWithAQuestion) {
  for (const char* line : {"", "{}", R"({"v":1,"ask":"set-mode"})",
                           R"({"v":1,"ask":"why","device":"nobody","name":"x.nl"})"})
    EXPECT_TRUE(wire::read_control_failure(answer(line))) << line;
}

}  // namespace
}  // namespace lokaal::test
