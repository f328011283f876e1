// Lab machines through the whole controller: in the state of their room, in the log, and counted
// when something is let go.
#include "daemon/controller/machine_watch.hpp"

#include <gtest/gtest.h>

#include "daemon/controller/machine_reporter.hpp"
#include "tests/unit/daemon/controller/node_fixture.hpp"
#include "tests/unit/daemon/observation/machines.hpp"

namespace lokaal::test {
namespace {

class MachinesWatched : public testing::Test {
 protected:
  MachinesWatched() {
    add_machine(site.roster, kLabPc);
    machine.clock.advance(1h);
  }

  void say(RunningNode& node, const std::string& cmd, const std::string& kid = "teacher-key") {
    auto claims = school::claims_by(kid, cmd, ++number);
    claims["iat"] = to_unix_seconds(machine.clock.now());
    claims["exp"] = to_unix_seconds(machine.clock.now()) + 60;
    node.send(school::sign(claims, kid));
  }
  void lab_pc_applies(RunningNode& node, Mode mode) {
    node.bus.deliver(
        published_by(kLabPc, "applied", applied_by(kLabPc, mode, ++seq, machine.clock.now())));
    node.run();
  }
  std::int64_t count(const RunningNode& node, const char* what) const {
    return node.last(kStateTopic)["observed"].at("machines").at(what).to_number<std::int64_t>();
  }
  template <class Body>
  std::vector<Body> logged() const {
    std::vector<Body> out;
    for (const auto& record : machine.journal.records) {
      const auto entry = LogEntry::parse(record.item.entry);
      if (!entry) continue;
      if (const auto* one = std::get_if<Body>(&entry->body)) out.push_back(*one);
    }
    return out;
  }
  void pass(RunningNode& node, std::chrono::microseconds by) {
    machine.clock.advance(by);
    node.controller->on_clock_change({machine.clock.now(), machine.clock.now(), ClockSource::step});
    node.run();
  }

  Machine machine;
  Site site = small_site();
  std::uint64_t seq = 0;
  unsigned number = 0;
};

constexpr const char* kExam = R"({"type":"set-mode","mode":"exam"})";

TEST_F(MachinesWatched, TheStateCountsThem) {
  RunningNode node(machine, site);
  say(node, kExam);
  EXPECT_EQ(count(node, "total"), 1);
  EXPECT_EQ(count(node, "silent"), 1);
  lab_pc_applies(node, Mode::exam);
  EXPECT_EQ(count(node, "locked"), 1);
  pass(node, kSilence);
  EXPECT_EQ(count(node, "silent"), 1);
}

TEST_F(MachinesWatched, TheBeginOfAnExamAndEveryHeartbeatSayHowTheyStand) {
  RunningNode node(machine, site);
  lab_pc_applies(node, Mode::open);
  say(node, kExam);
  const auto begins = logged<entry::ExamBegin>();
  ASSERT_EQ(begins.size(), 1U);
  EXPECT_EQ(begins[0].machines, (entry::Machines{1, 0, 0, 0, 1, 0}));
  lab_pc_applies(node, Mode::exam);
  pass(node, 10s);
  lab_pc_applies(node, Mode::exam);
  pass(node, 14s);
  lab_pc_applies(node, Mode::exam);
  pass(node, 1s);
  const auto beats = logged<entry::Heartbeat>();
  ASSERT_EQ(beats.size(), 1U);
  EXPECT_EQ(beats[0].machines, (entry::Machines{1, 1, 0, 0, 0, 0}));
}

TEST_F(MachinesWatched, ReleaseIsCountedWhenTheLastHasLetGo) {
  RunningNode node(machine, site);
  lab_pc_applies(node, Mode::exam);
  say(node, R"({"type":"release"})");
  EXPECT_EQ(node.status(), "enforced");
  EXPECT_TRUE(logged<entry::Release>().empty());
  lab_pc_applies(node, Mode::open);
  ASSERT_EQ(logged<entry::Release>(), (std::vector{entry::Release{1, {}}}));
  const auto event = node.last("lokaal/v1/voorbeeld/rooms/lokaal-112/events");
  EXPECT_EQ(RunningNode::text(event, "kind"), "release");
  EXPECT_EQ(node.controller->state().generation, machine.filter.held->generation);
}

TEST_F(MachinesWatched, WhoHoldsOnIsNamed) {
  RunningNode node(machine, site);
  lab_pc_applies(node, Mode::exam);
  say(node, R"({"type":"release"})");
  pass(node, ReleaseCount::kPatience - 1s);
  EXPECT_TRUE(logged<entry::Release>().empty());
  pass(node, 1s);
  EXPECT_EQ(logged<entry::Release>(), (std::vector{entry::Release{1, {kLabPc.str()}}}));
}

TEST_F(MachinesWatched, TheEndOfAnExamIsCountedByItself) {
  RunningNode node(machine, site);
  say(node, kExam);
  lab_pc_applies(node, Mode::exam);
  say(node, R"({"type":"set-mode","mode":"open"})");
  EXPECT_EQ(node.status(), "enforced");
  lab_pc_applies(node, Mode::open);
  EXPECT_EQ(logged<entry::Release>(), (std::vector{entry::Release{1, {}}}));
}

TEST_F(MachinesWatched, AnExamThatEndsOnTimeIsCountedToo) {
  RunningNode node(machine, site);
  say(node, kExam);
  lab_pc_applies(node, Mode::exam);
  node.advance(51min);
  lab_pc_applies(node, Mode::open);
  EXPECT_EQ(logged<entry::Release>(), (std::vector{entry::Release{1, {}}}));
}

TEST_F(MachinesWatched, AnExamThatEndedWhileNobodyServedIsCountedToo) {
  {
    RunningNode node(machine, site);
    say(node, kExam);
    lab_pc_applies(node, Mode::exam);
  }
  machine.clock.advance(51min);
  RunningNode node(machine, site);
  lab_pc_applies(node, Mode::open);
  EXPECT_EQ(logged<entry::Release>(), (std::vector{entry::Release{1, {}}}));
}

TEST_F(MachinesWatched, WhoHasSaidNothingIsNotCountedAsReleased) {
  RunningNode node(machine, site);
  say(node, R"({"type":"release"})");
  EXPECT_TRUE(logged<entry::Release>().empty());
  pass(node, ReleaseCount::kPatience);
  EXPECT_EQ(logged<entry::Release>(), (std::vector{entry::Release{1, {kLabPc.str()}}}));
}

TEST_F(MachinesWatched, WithoutMachinesOnlyACommandIsCounted) {
  site.roster.entries.erase(KeyId("lab-pc-1-key"));
  RunningNode node(machine, site);
  say(node, kExam);
  say(node, R"({"type":"set-mode","mode":"open"})");
  EXPECT_TRUE(logged<entry::Release>().empty());
  say(node, R"({"type":"release"})");
  EXPECT_EQ(logged<entry::Release>(), (std::vector{entry::Release{0, {}}}));
}

TEST_F(MachinesWatched, ACountSurvivesARestartInTheLog) {
  std::uint64_t before = 0;
  {
    RunningNode node(machine, site);
    lab_pc_applies(node, Mode::exam);
    say(node, R"({"type":"release"})");
    lab_pc_applies(node, Mode::open);
    before = node.controller->state().generation;
  }
  RunningNode node(machine, site);
  EXPECT_EQ(node.controller->state().generation, before);
}

// Publishing takes its time.
TEST_F(MachinesWatched, WhoFallsSilentWhileAnotherIsReportedIsNotMissed) {
  add_machine(site.roster, NodeId("lab-pc-2"));
  RunningNode node(machine, site);
  lab_pc_applies(node, Mode::open);
  machine.clock.advance(1s);
  node.bus.deliver(
      published_by(NodeId("lab-pc-2"), "applied",
                   applied_by(NodeId("lab-pc-2"), Mode::open, 1, machine.clock.now())));
  node.run();
  machine.clock.advance(kSilence - 1s);
  node.bus.during_publish = [this] { machine.clock.advance(2s); };
  node.controller->on_clock_change({machine.clock.now(), machine.clock.now(), ClockSource::step});
  node.run();
  EXPECT_TRUE(node.run_until([&] { return count(node, "silent") == 2; }));
}

// What a lab machine itself says.
TEST_F(MachinesWatched, AMachineSaysWhatItApplied) {
  FakeBus bus;
  const Topics topics = Topics::of(SiteId("voorbeeld")).value();
  MachineReporter reporter({SiteId("voorbeeld"), kLabPc}, topics, bus, machine.clock);
  State state;
  state.rooms[kRoom];
  Enforcement applied;
  applied.generation = 7;
  applied.at = machine.clock.now();
  applied.rooms[kRoom] = {Mode::devices_away, machine.clock.now() + 10min, {}};
  reporter.publish(state, applied, {});
  // What is commanded by now, and was refused, is not what it says.
  state.rooms[kRoom].commanded = CommandedMode{Mode::open, machine.clock.now() + 20min, {}, {}};
  applied.failed = true;
  reporter.publish(state, applied, {});
  ASSERT_EQ(bus.published.size(), 2U);
  EXPECT_TRUE(bus.published[0].retain);
  const auto first = wire::read_node_applied(bus.published[0].payload);
  const auto second = wire::read_node_applied(bus.published[1].payload);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->room, kRoom);
  EXPECT_EQ(first->generation, 7U);
  EXPECT_EQ(first->mode, Mode::devices_away);
  EXPECT_EQ(first->until, machine.clock.now() + 10min);
  EXPECT_EQ(first->failed, "");
  EXPECT_GT(second->seq, first->seq);
  EXPECT_EQ(second->mode, Mode::devices_away);
  EXPECT_EQ(second->failed, "kernel-failed");
  reporter.answer({}, kRoom, "{}");
  EXPECT_EQ(bus.published.size(), 2U) << "a room's results are its gateway's";
}

}  // namespace
}  // namespace lokaal::test
