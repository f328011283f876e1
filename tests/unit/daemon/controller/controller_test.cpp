#include "daemon/controller/controller.hpp"

#include <gtest/gtest.h>

#include "tests/unit/daemon/controller/node_fixture.hpp"

namespace lokaal::test {
namespace {

class ControllerTest : public testing::Test {
 protected:
  Machine machine;
  Site site = small_site();
};

// The types of the entries on the disk, in order.
std::vector<std::string> entries(const FakeJournal& journal) {
  std::vector<std::string> types;
  for (const auto& record : journal.records) {
    const auto entry = LogEntry::parse(record.item.entry);
    types.emplace_back(entry ? std::string(entry->type()) : "unreadable");
  }
  return types;
}

TEST_F(ControllerTest, EnforcedIsSaidWhenKernelAndDiskHaveIt) {
  RunningNode node(machine, site);
  node.send(set_mode("lesson"));
  EXPECT_EQ(node.status(), "enforced");
  EXPECT_EQ(node.kernel_mode(), Mode::lesson);
  EXPECT_EQ(RunningNode::text(node.last(kResultTopic), "rule"), "mondia:lesson-social");
  EXPECT_EQ(entries(machine.journal),
            (std::vector<std::string>{"genesis", "command", "change", "enforced"}));
  const auto evidence = node.last(kResultTopic)["evidence"].as_object();
  EXPECT_EQ(RunningNode::text(evidence, "index"), "1") << "names the command entry";
}

TEST_F(ControllerTest, TheDnsServerIsToldTheSameAsTheKernel) {
  RunningNode node(machine, site);
  node.send(set_mode("lesson"));
  ASSERT_TRUE(node.dns);
  EXPECT_EQ(node.dns->desired, *machine.filter.held);
  EXPECT_EQ(node.dns->citations.at(kRoom).at(Layer::lesson).rule, RuleId("mondia:lesson-social"));
}

TEST_F(ControllerTest, ATighteningHoldsWhileTheDiskStillWorksAndTheAnswerWaits) {
  RunningNode node(machine, site);
  machine.journal.slow = true;
  node.send(set_mode("devices-away"));
  EXPECT_EQ(node.kernel_mode(), Mode::devices_away);
  EXPECT_EQ(node.results(), 0U);
  machine.journal.sync();
  node.run();
  EXPECT_EQ(node.status(), "enforced");
}

TEST_F(ControllerTest, ALooseningWaitsForTheDisk) {
  RunningNode node(machine, site);
  node.send(set_mode("devices-away", 1));
  machine.journal.slow = true;
  node.send(set_mode("open", 2));
  EXPECT_EQ(node.kernel_mode(), Mode::devices_away);
  machine.journal.sync();
  node.run();
  EXPECT_EQ(node.kernel_mode(), Mode::open);
  EXPECT_EQ(node.status(), "enforced");
}

TEST_F(ControllerTest, ALooseningThatIsNotDurableNeverTakesEffect) {
  RunningNode node(machine, site);
  node.send(set_mode("devices-away", 1));
  machine.journal.slow = true;
  node.send(set_mode("open", 2));
  machine.journal.die();
  node.run();
  EXPECT_EQ(node.status(), "failed");
  EXPECT_EQ(node.reason(), "log-failed");
  EXPECT_EQ(node.kernel_mode(), Mode::devices_away);
}

TEST_F(ControllerTest, TheEndOfWhatTheDiskNeverTookEndsNothingElse) {
  {
    RunningNode node(machine, site);
    node.send(set_mode("lesson", 1));
    machine.journal.broken = true;
    const std::string until = format_time(school::kNow + 10min);
    node.send(school::sign(school::claims(
        R"({"type":"set-mode","mode":"devices-away","until":")" + until + "\"}", 2)));
    EXPECT_EQ(node.reason(), "log-failed");
    EXPECT_EQ(node.kernel_mode(), Mode::devices_away);
    machine.journal.broken = false;
    node.advance(10min);
    EXPECT_EQ(node.kernel_mode(), Mode::lesson);
  }
  RunningNode node(machine, site);
  EXPECT_EQ(node.kernel_mode(), Mode::lesson);
}

TEST_F(ControllerTest, APermissionOutlivesAStricterModeForAWhile) {
  RunningNode node(machine, site);
  node.send(set_mode("lesson", 1));
  node.send(school::sign(school::claims(
      R"({"type":"grant","services":["instagram"],"minutes":40,"reason":"teaching"})", 2)));
  const std::string until = format_time(school::kNow + 10min);
  node.send(school::sign(
      school::claims(R"({"type":"set-mode","mode":"devices-away","until":")" + until + "\"}", 3)));
  ASSERT_EQ(node.controller->state().grants.size(), 1U);
  EXPECT_EQ(node.controller->state().grants.begin()->second.until, school::kNow + 40min);
}

TEST_F(ControllerTest, ATighteningHoldsWithoutADiskAndSaysSo) {
  RunningNode node(machine, site);
  machine.journal.die();
  node.send(set_mode("devices-away"));
  EXPECT_EQ(node.kernel_mode(), Mode::devices_away);
  EXPECT_EQ(node.status(), "failed");
  EXPECT_EQ(node.reason(), "log-failed");
}

TEST_F(ControllerTest, WhatTheKernelRefusesIsNotCalledEnforced) {
  RunningNode node(machine, site);
  machine.filter.refuses = true;
  node.send(set_mode("lesson"));
  EXPECT_EQ(node.status(), "failed");
  EXPECT_EQ(node.reason(), "kernel-failed");
  EXPECT_EQ(RunningNode::text(node.last(kStateTopic)["applied"].as_object(), "failed"),
            "kernel-failed");
}

TEST_F(ControllerTest, WhatIsAppliedIsWhatTheKernelHoldsAndNotWhatItRefused) {
  RunningNode node(machine, site);
  node.send(set_mode("lesson"));
  machine.filter.refuses = true;
  node.send(set_mode("devices-away", 2));
  const auto applied = node.last(kStateTopic)["applied"].as_object();
  EXPECT_EQ(RunningNode::text(applied, "mode"), "lesson");
  EXPECT_EQ(RunningNode::text(applied, "failed"), "kernel-failed");
}

TEST_F(ControllerTest, DevicesAreSetInARoomWhoseUsualModeIsLesson) {
  site.initial.rooms.at(kRoom).default_mode = Mode::lesson;
  RunningNode node(machine, site);
  node.send(school::sign(school::claims(R"({"type":"set-devices","forbid":["phone"]})")));
  EXPECT_EQ(node.status(), "enforced") << node.reason();
  EXPECT_EQ(node.kernel_mode(), Mode::lesson);
}

TEST_F(ControllerTest, ATableThatSomebodyTookAwayIsPutUpAgain) {
  RunningNode node(machine, site);
  machine.filter.lost = true;
  node.send(set_mode("lesson"));
  EXPECT_EQ(node.status(), "enforced");
  EXPECT_EQ(machine.filter.installs, 2);
}

TEST_F(ControllerTest, ATableThatSomebodyChangedIsInstalledAgainAndThatIsRecorded) {
  RunningNode node(machine, site);
  machine.filter.drift = {"the table is gone", false};
  node.controller->on_drift("table deleted x 1, by nft (4711)");
  node.run();
  EXPECT_EQ(machine.filter.installs, 2);
  EXPECT_EQ(entries(machine.journal).back(), "drift");
}

TEST_F(ControllerTest, ElementsThatSomebodyChangedAreMendedWithoutAnInstallAndRecorded) {
  RunningNode node(machine, site);
  machine.filter.drift = {"room_modes: 1 foreign", true};
  node.controller->on_drift("element added x 1, by nft (4711)");
  node.run();
  EXPECT_EQ(machine.filter.installs, 1);
  ASSERT_EQ(entries(machine.journal).back(), "drift");
  const auto entry = LogEntry::parse(machine.journal.records.back().item.entry);
  const auto& drift = std::get<entry::Drift>(entry->body);
  EXPECT_EQ(drift.found, "room_modes: 1 foreign (element added x 1, by nft (4711))");
  EXPECT_TRUE(drift.repaired_at);
}

TEST_F(ControllerTest, ANoticeAfterWhichAllIsAsLeftIsNotRecorded) {
  RunningNode node(machine, site);
  const auto before = entries(machine.journal);
  node.controller->on_drift("table changed x 1");
  node.run();
  EXPECT_EQ(machine.filter.mends, 1);
  EXPECT_EQ(machine.filter.installs, 1);
  EXPECT_EQ(entries(machine.journal), before);
}

TEST_F(ControllerTest, DeadlinesInTheKernelFollowASteppedClock) {
  RunningNode node(machine, site);
  node.controller->on_clock_change({machine.clock.now(), machine.clock.now(), ClockSource::follow});
  node.run();
  EXPECT_EQ(machine.filter.mends, 1);
  EXPECT_EQ(entries(machine.journal).back(), "clock");
}

TEST_F(ControllerTest, ARepeatedCommandGetsItsStoredResultAndChangesNothing) {
  RunningNode node(machine, site);
  node.send(set_mode("lesson", 1));
  const auto first = node.bus.on(kResultTopic).back().payload;
  const auto records = machine.journal.records.size();
  node.send(set_mode("lesson", 1));
  EXPECT_EQ(node.results(), 2U);
  EXPECT_EQ(node.bus.on(kResultTopic).back().payload, first);
  EXPECT_EQ(machine.journal.records.size(), records);
}

TEST_F(ControllerTest, ARestartKeepsTheModeAndTheAnswers) {
  std::string first;
  {
    RunningNode node(machine, site);
    node.send(set_mode("devices-away", 1));
    first = node.bus.on(kResultTopic).back().payload;
  }
  machine.filter.held.reset();
  RunningNode node(machine, site);
  ASSERT_TRUE(node.started);
  EXPECT_EQ(node.kernel_mode(), Mode::devices_away) << "before anything is served";
  node.send(set_mode("devices-away", 1));
  EXPECT_EQ(node.bus.on(kResultTopic).back().payload, first);
  node.send(set_mode("open", 1));
  EXPECT_EQ(node.reason(), "replay-conflict");
}

TEST_F(ControllerTest, ACommandThatACrashLeftUnfinishedIsEnforcedAndAnswered) {
  {
    RunningNode node(machine, site);
    node.send(set_mode("lesson", 1));
  }
  ASSERT_EQ(entries(machine.journal).back(), "enforced");
  machine.journal.records.pop_back();  // the power went before that entry was on the disk
  RunningNode node(machine, site);
  EXPECT_EQ(node.kernel_mode(), Mode::lesson);
  EXPECT_EQ(node.status(), "enforced");
  EXPECT_EQ(entries(machine.journal).back(), "enforced");
}

TEST_F(ControllerTest, AModeEndsByItselfAndTheEndIsRecorded) {
  RunningNode node(machine, site);
  node.send(set_mode("devices-away"));
  node.advance(50min - 1us);
  EXPECT_EQ(node.kernel_mode(), Mode::devices_away);
  node.advance(1us);
  EXPECT_EQ(node.kernel_mode(), Mode::open);
  EXPECT_EQ(entries(machine.journal).back(), "change");
}

TEST_F(ControllerTest, WhatFellDueWhileTheMachineSleptIsDueAtOnce) {
  RunningNode node(machine, site);
  node.send(set_mode("devices-away"));
  node.advance(5h);
  EXPECT_EQ(node.kernel_mode(), Mode::open);
  EXPECT_FALSE(node.controller->state().rooms.at(kRoom).commanded);
}

TEST_F(ControllerTest, AModeEndsAlsoWithoutADisk) {
  RunningNode node(machine, site);
  node.send(set_mode("devices-away"));
  machine.journal.die();
  node.advance(50min);
  EXPECT_EQ(node.kernel_mode(), Mode::open);
}

TEST_F(ControllerTest, WhatEndedWhileTheMachineWasOffHasEndedAfterTheRestart) {
  {
    RunningNode node(machine, site);
    node.send(set_mode("devices-away"));
  }
  machine.clock.advance(2h);
  RunningNode node(machine, site);
  EXPECT_EQ(node.kernel_mode(), Mode::open);
  EXPECT_FALSE(node.controller->state().rooms.at(kRoom).commanded);
}

TEST_F(ControllerTest, AForgeryIsAnsweredCountedAndNeverBelieved) {
  RunningNode node(machine, site);
  std::string forged = set_mode("open");
  forged.back() = forged.back() == 'A' ? 'Q' : 'A';
  node.send(forged);
  EXPECT_EQ(node.status(), "rejected");
  EXPECT_EQ(node.reason(), "bad-signature");
  EXPECT_EQ(entries(machine.journal).back(), "refused");
}

TEST_F(ControllerTest, AFloodOfForgeriesNeitherFillsTheLogNorTheBroker) {
  RunningNode node(machine, site);
  for (unsigned i = 0; i < 500; ++i) {
    std::string forged = set_mode("open", i);
    forged.back() = forged.back() == 'A' ? 'Q' : 'A';
    node.send(forged);
  }
  EXPECT_LE(machine.journal.records.size(), 12U);
  EXPECT_LE(node.results(), 200U);
  node.advance(61s);
  const auto entry = LogEntry::parse(machine.journal.records.back().item.entry);
  ASSERT_TRUE(entry);
  EXPECT_EQ(std::get<entry::Refused>(entry->body).count, 490);
}

TEST_F(ControllerTest, AnUntrustedClockLoosensNothing) {
  RunningNode node(machine, site);
  node.send(set_mode("devices-away", 1));
  machine.clock.set_synced(false);
  node.send(set_mode("open", 2));
  EXPECT_EQ(node.reason(), "clock-untrusted");
  node.send(set_mode("devices-away", 3));
  EXPECT_EQ(node.status(), "enforced") << "tightening stays possible";
}

TEST_F(ControllerTest, APermissionBeginsAndEndsInKernelAndLog) {
  RunningNode node(machine, site);
  node.send(set_mode("lesson", 1));
  node.send(school::sign(school::claims(
      R"({"type":"grant","services":["instagram"],"minutes":10,"reason":"teaching"})", 2)));
  EXPECT_EQ(node.status(), "enforced");
  ASSERT_EQ(machine.filter.held->rooms.at(kRoom).grants.size(), 1U);
  EXPECT_EQ(machine.filter.held->rooms.at(kRoom).grants[0].until, school::kNow + 10min);
  node.advance(10min);
  EXPECT_TRUE(machine.filter.held->rooms.at(kRoom).grants.empty());
  EXPECT_EQ(entries(machine.journal).back(), "grant-end");
}

TEST_F(ControllerTest, WhatIsSaidOfDevicesHoldsAsLongAsTheMode) {
  RunningNode node(machine, site);
  node.send(set_mode("devices-away", 1));
  node.send(school::sign(school::claims(R"({"type":"set-devices","allow":["laptop"]})", 2)));
  EXPECT_EQ(node.status(), "enforced");
  const Cohort laptop{Kind::laptop, false};
  EXPECT_EQ(machine.filter.held->rooms.at(kRoom).usable_away.count(laptop), 1U);
  node.send(set_mode("devices-away", 3));
  EXPECT_EQ(machine.filter.held->rooms.at(kRoom).usable_away.count(laptop), 0U);
}

TEST_F(ControllerTest, IdsOfDevicesStayOutOfLeavesAndTopics) {
  RunningNode node(machine, site);
  node.send(set_mode("devices-away", 1));
  node.send(school::sign(school::claims(R"({"type":"set-devices","allow":["d-laptop"]})", 2)));
  EXPECT_EQ(node.status(), "enforced");
  for (const auto& record : machine.journal.records)
    EXPECT_EQ(record.item.entry.find("d-laptop"), std::string::npos);
  for (const auto& message : node.bus.published)
    EXPECT_EQ(message.payload.find("d-laptop"), std::string::npos);
  machine.filter.held.reset();
  RunningNode again(machine, site);
  EXPECT_EQ(machine.filter.held->rooms.at(kRoom).usable_devices.count(5), 1U) << "but is kept";
}

TEST_F(ControllerTest, WhatThisVersionCannotDoIsRejectedHonestly) {
  RunningNode node(machine, site);
  node.send(school::sign(school::claims(R"({"type":"teleport"})")));
  EXPECT_EQ(node.status(), "rejected");
  EXPECT_EQ(node.reason(), "unsupported-command");
}

TEST_F(ControllerTest, AnAnswerGoesWhereItWasAskedForWithItsCorrelationData) {
  RunningNode node(machine, site);
  IncomingMessage message;
  message.topic = kCommandTopic;
  message.payload = set_mode("lesson");
  message.response_topic = "lokaal/v1/voorbeeld/clients/panel/result";
  message.correlation_data = "abc";
  node.bus.deliver(message);
  node.run();
  const auto answers = node.bus.on(message.response_topic);
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].correlation_data, "abc");
}

TEST_F(ControllerTest, CommandsAreCarriedOutInTheirOrder) {
  RunningNode node(machine, site);
  machine.journal.slow = true;
  node.send(set_mode("lesson", 1));
  node.send(set_mode("devices-away", 2));
  EXPECT_EQ(node.kernel_mode(), Mode::lesson) << "the second waits for the first";
  for (int i = 0; i < 4; ++i) {
    machine.journal.sync();
    node.run();
  }
  EXPECT_EQ(node.kernel_mode(), Mode::devices_away);
  EXPECT_EQ(node.results(), 2U);
}

}  // namespace
}  // namespace lokaal::test
