#include "daemon/observation/observation.hpp"

#include <gtest/gtest.h>

#include "tests/unit/daemon/observation/agents.hpp"

namespace lokaal::test {
namespace {

using namespace std::chrono_literals;  // NOLINT: durations read as durations
using school::kOther;
using school::kRoom;
using wire::Verdict;
using Taken = Observation::Taken;

class Observed : public testing::Test {
 protected:
  Observed() {
    add_agent(roster, "agent-key", kSelf);
    observation.applied(kRoom, 7, Mode::lesson, moment);
    advance(5s);
  }
  void advance(std::chrono::microseconds by) {
    moment.now += by;
    moment.steady += by;
  }
  wire::AgentReport next(std::uint64_t generation = 7, Mode mode = Mode::lesson) {
    return a_report(moment, ++seq, generation, mode);
  }
  std::string take(const wire::AgentReport& report, const std::string& kid = "agent-key") {
    const auto taken = observation.take(signed_by(kid, report), report.node, moment);
    if (!taken) return std::string(name_of(taken.error().reason));
    return *taken == Taken::kept ? "kept" : *taken == Taken::repeated ? "repeated" : "not ours";
  }
  Verdict verdict(const RoomId& room = kRoom) { return observation.observed(room, moment).verdict; }

  Roster roster = school::roster();
  Observation::Moment moment{school::kNow, SteadyTime{} + 1h};
  Observation observation{roster, kSelf, kBoot, {kRoom, kOther}, moment.steady};
  std::uint64_t seq = 1000;
};

TEST_F(Observed, AgreesWhenTheKernelHoldsWhatWasApplied) {
  EXPECT_EQ(verdict(), Verdict::unknown);
  EXPECT_EQ(take(next()), "kept");
  const wire::ObservedState state = observation.observed(kRoom, moment);
  EXPECT_EQ(state.verdict, Verdict::agrees);
  EXPECT_EQ(state.at, moment.now);
  EXPECT_EQ(state.generation, 7U);
  ASSERT_EQ(state.observers.size(), 1U);
  EXPECT_EQ(state.observers.front().node, kSelf);
  EXPECT_EQ(state.observers.front().seq, 1001U);
  EXPECT_EQ(state.observers.front().scope, wire::Scope::self);
  EXPECT_EQ(state.observers.front().verdict, Verdict::agrees);
  EXPECT_EQ(verdict(kOther), Verdict::unknown);
}

TEST_F(Observed, DriftsOnAnotherModeOrGenerationOrTheAgentsOwnWord) {
  take(next(7, Mode::open));
  EXPECT_EQ(verdict(), Verdict::drift);
  take(next(6));
  EXPECT_EQ(verdict(), Verdict::drift);
  take(next());
  EXPECT_EQ(verdict(), Verdict::agrees);
  wire::AgentReport report = next();
  report.verdict = Verdict::drift;
  take(report);
  EXPECT_EQ(verdict(), Verdict::drift);
}

TEST_F(Observed, IsUnknownWhereTheAgentDoesNotKnow) {
  wire::AgentReport report = next();
  report.kernel.reset();
  take(report);
  EXPECT_EQ(verdict(), Verdict::unknown);
  report = next();
  report.verdict = Verdict::unknown;
  take(report);
  EXPECT_EQ(verdict(), Verdict::unknown);
}

TEST_F(Observed, ARoomWhoseDevicesReachEachOtherIsNotIsolated) {
  const auto probed = [this](wire::ProbeOutcome got) {
    wire::AgentReport report = next();
    report.probes = {
        {"neighbour", wire::Expectation::blocked, got, wire::ProbeVia::peer, moment.now}};
    EXPECT_EQ(take(report), "kept");
    return observation.isolation(kRoom, moment);
  };
  EXPECT_EQ(observation.isolation(kRoom, moment), wire::Isolation::unknown);
  EXPECT_EQ(probed(wire::ProbeOutcome::reachable), wire::Isolation::absent);
  EXPECT_EQ(observation.isolation(kOther, moment), wire::Isolation::unknown);
  EXPECT_EQ(probed(wire::ProbeOutcome::blocked), wire::Isolation::unknown)
      << "whoever does not answer may be off";
  EXPECT_EQ(probed(wire::ProbeOutcome::reachable), wire::Isolation::absent);
  advance(60s);
  EXPECT_EQ(observation.isolation(kRoom, moment), wire::Isolation::unknown);
}

TEST_F(Observed, AKernelThatNamesNoGenerationIsHeldAgainstTheModeAlone) {
  wire::AgentReport report = next();
  report.kernel->generation.reset();
  take(report);
  EXPECT_EQ(verdict(), Verdict::agrees);
  EXPECT_EQ(observation.observed(kRoom, moment).generation, std::nullopt);
}

TEST_F(Observed, TheKernelSaysTheLowHalfOfAGeneration) {
  observation.applied(kRoom, 0x5'0000'0009, Mode::lesson, moment);
  advance(5s);
  take(next(9));
  EXPECT_EQ(verdict(), Verdict::agrees);
  EXPECT_EQ(observation.observed(kRoom, moment).generation, 0x5'0000'0009U);
}

TEST_F(Observed, WhatWasSeenBeforeAChangeDoesNotContradictIt) {
  take(next());
  observation.applied(kRoom, 8, Mode::open, moment);
  EXPECT_EQ(verdict(), Verdict::unknown);
  advance(1s);
  take(next(7));  // looked before, spoke after
  EXPECT_EQ(verdict(), Verdict::unknown);
  take(next(8, Mode::open));
  EXPECT_EQ(verdict(), Verdict::agrees);
  advance(5s);
  take(next(7));
  EXPECT_EQ(verdict(), Verdict::drift);
}

TEST_F(Observed, WhoSaysNothingForFifteenSecondsIsSilent) {
  take(next());
  advance(15s - 1us);
  EXPECT_EQ(verdict(), Verdict::agrees);
  EXPECT_EQ(observation.next_silence(moment), moment.steady + 1us);
  advance(1us);
  EXPECT_EQ(verdict(), Verdict::silent);
  EXPECT_EQ(observation.observed(kRoom, moment).observers.front().verdict, Verdict::silent);
  take(next());
  EXPECT_EQ(verdict(), Verdict::agrees);
}

TEST_F(Observed, AnAgentOfTheRosterThatNeverSpokeIsSilentToo) {
  advance(10s);
  EXPECT_EQ(verdict(), Verdict::silent);
  EXPECT_TRUE(observation.observed(kRoom, moment).observers.empty());
  EXPECT_EQ(observation.agents(moment).silent, 1);
  // Once it is taken out of the roster nobody waits for it.
  roster.entries.erase(KeyId("agent-key"));
  EXPECT_EQ(verdict(), Verdict::unknown);
  EXPECT_EQ(observation.next_silence(moment), std::nullopt);
}

TEST_F(Observed, AnOldReportThatTheBrokerKeptIsNoSignOfLife) {
  const wire::AgentReport retained = next();
  advance(20s);
  EXPECT_EQ(take(retained), "kept");
  EXPECT_EQ(verdict(), Verdict::silent);
}

TEST_F(Observed, ReplaysAreDropped) {
  const wire::AgentReport first = next();
  const wire::AgentReport second = next(7, Mode::open);
  EXPECT_EQ(take(second), "kept");
  EXPECT_EQ(take(second), "repeated");
  EXPECT_EQ(take(first), "repeated");
  EXPECT_EQ(verdict(), Verdict::drift);
}

TEST_F(Observed, OneCounterServesAllRoomsOfAnAgent) {
  const wire::AgentReport early = next();
  wire::AgentReport other = next();
  other.room = kOther;
  EXPECT_EQ(take(other), "kept");
  EXPECT_EQ(take(early), "repeated");
}

TEST_F(Observed, AReportOfAnEarlierBootOfThisMachineIsAReplay) {
  wire::AgentReport report = next();
  report.boot_id = "boot-0";
  EXPECT_EQ(take(report), "repeated");
  EXPECT_EQ(verdict(), Verdict::unknown);
}

TEST_F(Observed, AReportFromTheFutureIsRefused) {
  wire::AgentReport report = next();
  report.uptime_ms += 6000;
  EXPECT_EQ(take(report), "issued-in-future");
}

TEST_F(Observed, AStepOfTheWallClockSilencesNobodyBesideUs) {
  wire::AgentReport report = next();
  report.at -= 1h;
  EXPECT_EQ(take(report), "kept");
  EXPECT_EQ(verdict(), Verdict::agrees);
}

TEST_F(Observed, WhatIsNotBelievedChangesNothing) {
  take(next());
  EXPECT_EQ(take(next(7, Mode::open), "node-key"), "role-forbidden");
  IncomingMessage broken = signed_by("agent-key", next());
  broken.payload = "{";
  EXPECT_EQ(observation.take(broken, kSelf, moment).error().reason, Reason::malformed);
  EXPECT_EQ(verdict(), Verdict::agrees);
}

TEST_F(Observed, RoomsOfOtherGatewaysAreNotOurs) {
  wire::AgentReport report = next();
  report.room = RoomId("lokaal-999");
  EXPECT_EQ(take(report, "stranger-key"), "not ours");
}

class ObservedFromAfar : public Observed {
 protected:
  ObservedFromAfar() { add_agent(roster, "neighbour-key", kNeighbour); }
  wire::AgentReport from_afar(Verdict verdict) {
    wire::AgentReport report = next();
    report.node = kNeighbour;
    report.boot_id = "another machine";
    report.uptime_ms = 5;
    report.scope = wire::Scope::room;
    report.kernel.reset();
    report.verdict = verdict;
    return report;
  }
};

TEST_F(ObservedFromAfar, AnotherBoxSpeaksByWhatItReached) {
  EXPECT_EQ(take(from_afar(Verdict::agrees), "neighbour-key"), "kept");
  EXPECT_EQ(verdict(), Verdict::agrees);
  EXPECT_EQ(observation.observed(kRoom, moment).observers.front().scope, wire::Scope::room);
  advance(16s);
  EXPECT_EQ(verdict(), Verdict::silent);
}

TEST_F(ObservedFromAfar, OneWhoSeesDriftOutweighsOneWhoDoesNot) {
  take(next());
  take(from_afar(Verdict::drift), "neighbour-key");
  EXPECT_EQ(verdict(), Verdict::drift);
  EXPECT_EQ(observation.observed(kRoom, moment).observers.size(), 2U);
  EXPECT_EQ(observation.agents(moment).ok, 2);
}

TEST_F(ObservedFromAfar, OneWhoSpeaksMakesUpForOneWhoIsSilent) {
  take(from_afar(Verdict::agrees), "neighbour-key");
  advance(12s);
  take(from_afar(Verdict::agrees), "neighbour-key");
  EXPECT_EQ(verdict(), Verdict::agrees);
  EXPECT_EQ(observation.agents(moment).silent, 1);
}

TEST_F(ObservedFromAfar, WhatItSaysOfItsOwnBoxSaysNothingOfOurs) {
  wire::AgentReport report = from_afar(Verdict::drift);
  report.scope = wire::Scope::self;
  EXPECT_EQ(take(report, "neighbour-key"), "not ours");
}

class News : public Observed {
 protected:
  // What would be logged: verdicts, in order.
  std::vector<std::string> logged() {
    std::vector<std::string> out;
    for (const auto& [room, entry] : observation.news(moment).entries) out.push_back(entry.verdict);
    return out;
  }
};

TEST_F(News, EachChangeOfAVerdictIsLoggedOnceWithWhatProvesIt) {
  const wire::AgentReport report = next();
  const IncomingMessage message = signed_by("agent-key", report);
  observation.take(message, kSelf, moment);
  const auto news = observation.news(moment);
  EXPECT_TRUE(news.any);
  ASSERT_EQ(news.entries.size(), 1U);
  const auto& [room, entry] = news.entries.front();
  EXPECT_EQ(room, kRoom);
  EXPECT_EQ(entry.node, kSelf);
  EXPECT_EQ(entry.kid, KeyId("agent-key"));
  EXPECT_EQ(entry.seq, report.seq);
  EXPECT_EQ(entry.report_sha256, sha256(as_bytes(message.payload)));
  EXPECT_EQ(entry.jws, attached(message.jws.front(), message.topic, as_bytes(message.payload)));
  EXPECT_EQ(entry.verdict, "agrees");
  EXPECT_EQ(entry.scope, "self");
  take(next());
  EXPECT_EQ(logged(), std::vector<std::string>{});
  take(next(7, Mode::open));
  EXPECT_EQ(logged(), std::vector<std::string>{"drift"});
  advance(15s);
  EXPECT_EQ(logged(), std::vector<std::string>{"silent"});
  take(next());
  EXPECT_EQ(logged(), std::vector<std::string>{"agrees"});
}

TEST_F(News, WaitingForTheAgentAfterAFlipIsNoChangeToLog) {
  take(next());
  logged();
  observation.applied(kRoom, 8, Mode::open, moment);
  EXPECT_EQ(logged(), std::vector<std::string>{});
  take(next(8, Mode::open));
  EXPECT_EQ(logged(), std::vector<std::string>{});
}

TEST_F(News, ThereIsNoneWhileEverythingStaysAsItIs) {
  take(next());
  EXPECT_TRUE(observation.news(moment).any);
  advance(5s);
  take(next());
  EXPECT_FALSE(observation.news(moment).any);
}

}  // namespace
}  // namespace lokaal::test
