// What agents say, through the whole controller: in the state of the room, and in the log.
#include "daemon/controller/agent_watch.hpp"

#include <gtest/gtest.h>

#include "tests/unit/daemon/controller/node_fixture.hpp"
#include "tests/unit/daemon/observation/agents.hpp"

namespace lokaal::test {
namespace {

class AgentWatched : public testing::Test {
 protected:
  AgentWatched() {
    add_agent(site.roster, "agent-key", kSelf);
    machine.clock.advance(1h);  // the machine has been up for a while
  }

  std::string command(const std::string& mode, unsigned number) {
    return set_mode(mode, number, machine.clock.now());
  }
  // The agent beside the node speaks.
  void say(RunningNode& node, std::uint64_t generation, Mode mode,
           const std::string& kid = "agent-key") {
    wire::AgentReport report =
        a_report({machine.clock.now(), machine.clock.steady()}, ++seq, generation, mode);
    report.boot_id = machine.clock.boot_id();
    node.bus.deliver(signed_by(kid, report));
    node.run();
  }
  static std::string observed(const RunningNode& node) {
    const auto state = node.last(kStateTopic);
    const auto* seen = state.if_contains("observed");
    return seen ? RunningNode::text(seen->as_object(), "verdict") : "(no state)";
  }
  // Verdicts of the observations in the log, in order.
  std::vector<std::string> logged() const {
    std::vector<std::string> out;
    for (const auto& record : machine.journal.records) {
      const auto entry = LogEntry::parse(record.item.entry);
      if (!entry) continue;
      if (const auto* one = std::get_if<entry::Observation>(&entry->body))
        out.push_back(one->verdict);
    }
    return out;
  }
  std::vector<entry::Heartbeat> heartbeats() const {
    std::vector<entry::Heartbeat> out;
    for (const auto& record : machine.journal.records) {
      const auto entry = LogEntry::parse(record.item.entry);
      if (!entry) continue;
      if (const auto* one = std::get_if<entry::Heartbeat>(&entry->body)) out.push_back(*one);
    }
    return out;
  }
  std::uint64_t generation() const { return machine.filter.held->generation; }
  // Time passes, and the node's timers see it.
  void pass(RunningNode& node, std::chrono::microseconds by) {
    machine.clock.advance(by);
    node.controller->on_clock_change({machine.clock.now(), machine.clock.now(), ClockSource::step});
    node.run();
  }

  Machine machine;
  Site site = small_site();
  std::uint64_t seq = 0;
};

TEST_F(AgentWatched, TheStateSaysWhatTheAgentSees) {
  RunningNode node(machine, site);
  node.send(command("lesson", 1));
  EXPECT_EQ(observed(node), "unknown");
  say(node, generation(), Mode::lesson);
  EXPECT_EQ(observed(node), "agrees");
  EXPECT_EQ(logged(), std::vector<std::string>{"agrees"});
  pass(node, 5s);
  say(node, generation(), Mode::open);
  EXPECT_EQ(observed(node), "drift");
  EXPECT_EQ(logged(), (std::vector<std::string>{"agrees", "drift"}));
}

// Publishing takes its time.
TEST_F(AgentWatched, WhoFallsSilentWhileAnotherIsReportedIsNotMissed) {
  const NodeId other("gw-2");
  add_agent(site.roster, "agent2-key", other, {school::kOther});
  RunningNode node(machine, site);
  say(node, 0, Mode::open);
  machine.clock.advance(1s);
  wire::AgentReport report =
      a_report({machine.clock.now(), machine.clock.steady()}, ++seq, 0, Mode::open);
  report.node = other;
  report.room = school::kOther;
  report.boot_id = "another";
  report.scope = wire::Scope::room;
  node.bus.deliver(signed_by("agent2-key", report));
  node.run();
  ASSERT_EQ(logged().size(), 2U);
  machine.clock.advance(kSilence - 1s);
  node.bus.during_publish = [this] { machine.clock.advance(2s); };
  node.controller->on_clock_change({machine.clock.now(), machine.clock.now(), ClockSource::step});
  node.run();
  EXPECT_TRUE(node.run_until([&] { return logged().size() == 4; }));
}

TEST_F(AgentWatched, AReportThatSaysTheSameAgainIsNeitherPublishedNorLogged) {
  RunningNode node(machine, site);
  node.send(command("lesson", 1));
  say(node, generation(), Mode::lesson);
  const auto published = node.bus.published.size();
  const auto records = machine.journal.records.size();
  say(node, generation(), Mode::lesson);
  EXPECT_EQ(node.bus.published.size(), published);
  EXPECT_EQ(machine.journal.records.size(), records);
}

TEST_F(AgentWatched, AFlipIsUnobservedUntilTheAgentHasSeenIt) {
  RunningNode node(machine, site);
  node.send(command("lesson", 1));
  say(node, generation(), Mode::lesson);
  node.send(command("devices-away", 2));
  EXPECT_EQ(observed(node), "unknown");
  say(node, generation(), Mode::devices_away);
  EXPECT_EQ(observed(node), "agrees");
}

TEST_F(AgentWatched, SilenceIsSaidByItself) {
  RunningNode node(machine, site);
  node.send(command("lesson", 1));
  say(node, generation(), Mode::lesson);
  pass(node, 15s);
  EXPECT_EQ(observed(node), "silent");
  EXPECT_EQ(logged(), (std::vector<std::string>{"agrees", "silent"}));
}

TEST_F(AgentWatched, ASlowDiskMakesNobodySilent) {
  RunningNode node(machine, site);
  machine.journal.slow = true;
  node.send(command("lesson", 1));  // is under way
  say(node, generation(), Mode::lesson);
  EXPECT_EQ(observed(node), "agrees");
}

TEST_F(AgentWatched, WhatIsNotBelievedIsCountedAndChangesNothing) {
  RunningNode node(machine, site);
  node.send(command("lesson", 1));
  say(node, generation(), Mode::open, "node-key");
  EXPECT_EQ(observed(node), "unknown");
  const auto last = LogEntry::parse(machine.journal.records.back().item.entry);
  ASSERT_TRUE(last);
  ASSERT_TRUE(std::holds_alternative<entry::Refused>(last->body));
  EXPECT_EQ(std::get<entry::Refused>(last->body).reason, "role-forbidden");
}

TEST_F(AgentWatched, AClearedReportTopicSaysNothing) {
  RunningNode node(machine, site);
  node.send(command("lesson", 1));
  const auto records = machine.journal.records.size();
  node.bus.deliver(report_topic(kSelf), "");
  node.run();
  EXPECT_EQ(machine.journal.records.size(), records);
}

TEST_F(AgentWatched, HeartbeatsSayWhoIsThere) {
  RunningNode node(machine, site);
  node.send(command("lesson", 1));
  pass(node, kQuietHeartbeat - 1s);
  EXPECT_TRUE(heartbeats().empty());
  say(node, generation(), Mode::lesson);
  pass(node, 1s);
  ASSERT_EQ(heartbeats().size(), 1U);
  EXPECT_EQ(heartbeats().front().n, 1);
  // It spoke for one of its two rooms.
  EXPECT_EQ(heartbeats().front().agents_ok, 0);
  EXPECT_EQ(heartbeats().front().agents_silent, 1);
}

TEST_F(AgentWatched, WhatTheLogSaysOfAgentsChangesNothingAtARestart) {
  State before;
  {
    RunningNode node(machine, site);
    node.send(command("lesson", 1));
    say(node, generation(), Mode::lesson);
    pass(node, kQuietHeartbeat);
    before = node.controller->state();
  }
  ASSERT_FALSE(heartbeats().empty());
  RunningNode again(machine, site);
  EXPECT_EQ(again.controller->state(), before);
}

}  // namespace
}  // namespace lokaal::test
