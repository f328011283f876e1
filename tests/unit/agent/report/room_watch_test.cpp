#include "agent/report/room_watch.hpp"

#include <gtest/gtest.h>

namespace lokaal {
namespace {

using wire::Expectation;
using wire::KernelReading;
using wire::ProbeOutcome;
using wire::Verdict;
using Outcome = RoomWatch::Outcome;

const WallTime kNow = from_unix_seconds(1'800'000'000);

ProbeConfiguration probe(const std::string& id, std::map<Mode, Expectation> expect) {
  ProbeConfiguration probe;
  probe.id = id;
  probe.expect = std::move(expect);
  return probe;
}

WatchedRoom a_room() {
  WatchedRoom room;
  room.name = RoomId("lokaal-112");
  room.number = 1;
  room.probes = {
      probe("social", {{Mode::open, Expectation::reachable}, {Mode::lesson, Expectation::blocked}}),
      probe("neutral", {{Mode::lesson, Expectation::reachable}})};
  return room;
}

KernelReading in(Mode mode, std::uint64_t generation = 1) {
  return {true, generation, mode, false};
}

class RoomWatched : public testing::Test {
 protected:
  Outcome finish(const std::vector<ProbeOutcome>& outcomes) {
    return watch.finished(watch.next_round(), outcomes, kNow);
  }

  WatchedRoom room = a_room();
  RoomWatch watch{room};
};

TEST_F(RoomWatched, IsUnknownUntilTheKernelWasReadAndSomethingTried) {
  EXPECT_EQ(watch.verdict(), Verdict::unknown);
  watch.kernel_says(in(Mode::lesson));
  EXPECT_EQ(watch.verdict(), Verdict::unknown);
  EXPECT_EQ(finish({ProbeOutcome::blocked, ProbeOutcome::reachable}), Outcome::settled);
  EXPECT_EQ(watch.verdict(), Verdict::agrees);
}

TEST_F(RoomWatched, TriesOnlyWhatTheModeSaysSomethingOf) {
  EXPECT_TRUE(watch.next_round().probes.empty());
  watch.kernel_says(in(Mode::open));
  ASSERT_EQ(watch.next_round().probes.size(), 1U);
  EXPECT_EQ(watch.next_round().probes.front()->id, "social");
  watch.kernel_says(in(Mode::exam));
  EXPECT_TRUE(watch.next_round().probes.empty());
  EXPECT_EQ(watch.verdict(), Verdict::agrees);  // by the kernel alone
}

TEST_F(RoomWatched, SaysWhatWasExpectedAndWhatCame) {
  watch.kernel_says(in(Mode::lesson));
  finish({ProbeOutcome::blocked, ProbeOutcome::reachable});
  const std::vector<wire::ProbeResult> expected = {
      {"social", Expectation::blocked, ProbeOutcome::blocked, wire::ProbeVia::forward, kNow},
      {"neutral", Expectation::reachable, ProbeOutcome::reachable, wire::ProbeVia::forward, kNow}};
  EXPECT_EQ(watch.results(), expected);
}

TEST_F(RoomWatched, DriftsWhenTwoRoundsInARowContradict) {
  watch.kernel_says(in(Mode::lesson));
  EXPECT_EQ(finish({ProbeOutcome::reachable, ProbeOutcome::reachable}), Outcome::doubtful);
  EXPECT_EQ(watch.verdict(), Verdict::unknown);
  EXPECT_EQ(finish({ProbeOutcome::reachable, ProbeOutcome::reachable}), Outcome::settled);
  EXPECT_EQ(watch.verdict(), Verdict::drift);
  EXPECT_EQ(finish({ProbeOutcome::blocked, ProbeOutcome::reachable}), Outcome::settled);
  EXPECT_EQ(watch.verdict(), Verdict::agrees);
}

TEST_F(RoomWatched, ALostPacketIsNoDrift) {
  watch.kernel_says(in(Mode::lesson));
  finish({ProbeOutcome::blocked, ProbeOutcome::reachable});
  EXPECT_EQ(finish({ProbeOutcome::blocked, ProbeOutcome::blocked}), Outcome::doubtful);
  EXPECT_EQ(watch.verdict(), Verdict::agrees);
  EXPECT_EQ(finish({ProbeOutcome::blocked, ProbeOutcome::reachable}), Outcome::settled);
  // The next loss is doubted anew.
  EXPECT_EQ(finish({ProbeOutcome::blocked, ProbeOutcome::blocked}), Outcome::doubtful);
}

TEST_F(RoomWatched, WhatCouldNotBeTriedSaysNothing) {
  watch.kernel_says(in(Mode::lesson));
  EXPECT_EQ(finish({ProbeOutcome::error, ProbeOutcome::error}), Outcome::settled);
  EXPECT_EQ(watch.verdict(), Verdict::unknown);
  finish({ProbeOutcome::error, ProbeOutcome::reachable});
  EXPECT_EQ(watch.verdict(), Verdict::agrees);
}

TEST_F(RoomWatched, WhatWasTriedBeforeAChangeDoesNotCountAfterIt) {
  watch.kernel_says(in(Mode::open));
  const auto before = watch.next_round();
  EXPECT_TRUE(watch.kernel_says(in(Mode::lesson, 2)));
  EXPECT_EQ(watch.finished(before, {ProbeOutcome::reachable}, kNow), Outcome::outdated);
  EXPECT_TRUE(watch.results().empty());
  finish({ProbeOutcome::blocked, ProbeOutcome::reachable});
  EXPECT_TRUE(watch.kernel_says(in(Mode::lesson, 3)));
  EXPECT_TRUE(watch.results().empty());
  EXPECT_FALSE(watch.kernel_says(in(Mode::lesson, 3)));
}

TEST_F(RoomWatched, DriftsByTheKernelAlone) {
  KernelReading gone;
  KernelReading changed = in(Mode::lesson);
  changed.foreign_change = true;
  KernelReading without_mode = in(Mode::lesson);
  without_mode.mode.reset();
  for (const KernelReading& wrong : {gone, changed, without_mode}) {
    watch.kernel_says(in(Mode::lesson));
    finish({ProbeOutcome::blocked, ProbeOutcome::reachable});
    ASSERT_EQ(watch.verdict(), Verdict::agrees);
    watch.kernel_says(wrong);
    EXPECT_EQ(watch.verdict(), Verdict::drift);
  }
  watch.kernel_says(std::nullopt);
  EXPECT_EQ(watch.verdict(), Verdict::unknown);
}

}  // namespace
}  // namespace lokaal
