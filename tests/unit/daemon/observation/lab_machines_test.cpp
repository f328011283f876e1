#include "daemon/observation/lab_machines.hpp"

#include <gtest/gtest.h>

#include "tests/unit/daemon/observation/machines.hpp"

namespace lokaal::test {
namespace {

using namespace std::chrono_literals;  // NOLINT: durations read as durations

class LabMachinesTest : public testing::Test {
 protected:
  LabMachinesTest() {
    add_machine(roster, kLabPc);
    add_machine(roster, kSecond);
  }

  // True: news; the refusal's name otherwise, "old" where it says nothing new.
  std::string take(const IncomingMessage& message, const NodeId& node) {
    const bool applied = message.topic.ends_with("/applied");
    const auto taken = applied ? machines.take_applied(message, node, moment)
                               : machines.take_status(message, node, moment);
    if (!taken) return std::string(name_of(taken.error().reason));
    return *taken ? "news" : "old";
  }
  std::string applies(Mode mode, const NodeId& node = kLabPc) {
    return take(published_by(node, "applied", applied_by(node, mode, ++seq, moment.now)), node);
  }
  std::string says(wire::NodeState state, std::uint64_t session = 1) {
    return take(published_by(kLabPc, "status", status_of(kLabPc, state, session, moment.now)),
                kLabPc);
  }
  void pass(std::chrono::microseconds by) {
    moment.now += by;
    moment.steady += by;
  }
  wire::MachineCounts counts() const { return machines.counts(school::kRoom, moment); }

  static inline const NodeId kSecond{"lab-pc-2"};
  Roster roster = school::roster();
  LabMachines machines{roster, {school::kRoom}};
  Moment moment{school::kNow, SteadyTime(1h)};
  std::uint64_t seq = 0;
};

TEST_F(LabMachinesTest, WhoHasSaidNothingIsSilentAndNeverLocked) {
  EXPECT_EQ(counts(), (wire::MachineCounts{2, 0, 0, 2, 0, 0}));
  EXPECT_EQ(machines.counts(school::kOther, moment).total, 0U);
}

TEST_F(LabMachinesTest, CountsByWhatEachSaysThatItApplied) {
  EXPECT_EQ(applies(Mode::exam), "news");
  EXPECT_EQ(applies(Mode::lesson, kSecond), "news");
  EXPECT_EQ(counts(), (wire::MachineCounts{2, 1, 0, 0, 1, 0}));
  wire::NodeApplied external = applied_by(kSecond, Mode::exam, ++seq, moment.now);
  external.lab = wire::LabHold::external;
  take(published_by(kSecond, "applied", external), kSecond);
  EXPECT_EQ(counts(), (wire::MachineCounts{2, 1, 0, 0, 0, 1}));
}

TEST_F(LabMachinesTest, OneThatFailedIsNotLocked) {
  wire::NodeApplied failed = applied_by(kLabPc, Mode::exam, 1, moment.now);
  failed.failed = "kernel-failed";
  take(published_by(kLabPc, "applied", failed), kLabPc);
  EXPECT_EQ(counts().locked, 0U);
  EXPECT_EQ(counts().unlocked, 1U);
}

TEST_F(LabMachinesTest, WhoFallsSilentIsNoLongerLocked) {
  applies(Mode::exam);
  EXPECT_EQ(machines.next_silence(moment), moment.steady + kSilence);
  pass(kSilence);
  EXPECT_EQ(counts(), (wire::MachineCounts{2, 0, 0, 2, 0, 0}));
  applies(Mode::exam);
  EXPECT_EQ(counts().locked, 1U);
  says(wire::NodeState::ready);
  says(wire::NodeState::lost);
  EXPECT_EQ(counts().locked, 0U) << "its will says so at once";
}

TEST_F(LabMachinesTest, SwitchedOffCleanlyIsOffAndNotSilent) {
  applies(Mode::exam);
  pass(1s);
  EXPECT_EQ(says(wire::NodeState::disconnected), "news");
  pass(1h);
  EXPECT_EQ(counts(), (wire::MachineCounts{2, 0, 1, 1, 0, 0}));
  applies(Mode::lesson);
  EXPECT_EQ(counts().off, 0U) << "it is there again";
}

TEST_F(LabMachinesTest, AWillOfAnEarlierConnectionSaysNothing) {
  applies(Mode::exam);
  says(wire::NodeState::ready, 7);
  EXPECT_EQ(says(wire::NodeState::lost, 6), "old");
  EXPECT_EQ(counts().locked, 1U);
}

TEST_F(LabMachinesTest, StillHoldingIsWhoSaidSoLastHoweverOld) {
  applies(Mode::exam);
  applies(Mode::open, kSecond);
  pass(1h);
  EXPECT_EQ(machines.still_holding(school::kRoom, Mode::open, moment), std::set{kLabPc});
  applies(Mode::devices_away);
  EXPECT_TRUE(machines.still_holding(school::kRoom, Mode::devices_away, moment).empty())
      << "as the room is";
}

TEST_F(LabMachinesTest, OldWordsAreNotTakenAgain) {
  const auto first = published_by(kLabPc, "applied", applied_by(kLabPc, Mode::exam, 5, moment.now));
  EXPECT_EQ(take(first, kLabPc), "news");
  EXPECT_EQ(take(first, kLabPc), "old");
  wire::NodeApplied rebooted = applied_by(kLabPc, Mode::open, 1, moment.now - 1s);
  rebooted.boot_id = "another";
  EXPECT_EQ(take(published_by(kLabPc, "applied", rebooted), kLabPc), "old") << "of an earlier boot";
  rebooted.at = moment.now + 1s;
  EXPECT_EQ(take(published_by(kLabPc, "applied", rebooted), kLabPc), "news");
}

TEST_F(LabMachinesTest, BelievesOnlyTheMachinesOwnKey) {
  const wire::NodeApplied mine = applied_by(kLabPc, Mode::exam, 1, moment.now);
  IncomingMessage forged = published_by(kLabPc, "applied", mine);
  forged.payload.back() = ' ';
  EXPECT_EQ(take(forged, kLabPc), "malformed");
  forged = published_by(kLabPc, "applied", mine);
  forged.payload += " ";
  EXPECT_EQ(take(forged, kLabPc), "bad-signature");
  forged = published_by(kLabPc, "applied", mine);
  forged.jws.clear();
  EXPECT_EQ(take(forged, kLabPc), "malformed");
  // Another machine's key on this one's topic.
  forged.jws = {
      sign_published(school::key_of("lab-pc-2-key"), forged.topic, as_bytes(forged.payload))};
  EXPECT_EQ(take(forged, kLabPc), "subject-mismatch");
  wire::NodeApplied elsewhere = mine;
  elsewhere.room = school::kOther;
  EXPECT_EQ(take(published_by(kLabPc, "applied", elsewhere), kLabPc), "room-forbidden");
  wire::NodeApplied future = mine;
  future.at = moment.now + 1h;
  EXPECT_EQ(take(published_by(kLabPc, "applied", future), kLabPc), "issued-in-future");
  EXPECT_EQ(counts().silent, 2U);
}

TEST_F(LabMachinesTest, NodesOfOtherRoomsAreNobodysHere) {
  const NodeId gateway{"gw-1"};
  EXPECT_EQ(take(published_by(gateway, "status",
                              status_of(gateway, wire::NodeState::ready, 1, moment.now)),
                 gateway),
            "old");
  EXPECT_EQ(counts().total, 2U);
}

}  // namespace
}  // namespace lokaal::test
