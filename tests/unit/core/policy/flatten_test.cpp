// What is desired of the kernel means what decide() says. The kernel itself is held against the
// same oracle in tests/unit/adapters/packet_filter.
#include "core/policy/flatten.hpp"

#include <gtest/gtest.h>

#include "tests/unit/adapters/packet_filter/oracle.hpp"
#include "tests/unit/core/policy/generate.hpp"

namespace lokaal::test {
namespace {

constexpr unsigned kRounds = 6000;

FilterLayout layout(const State& state) {
  FilterLayout out;
  for (const auto& [id, room] : state.rooms) out.rooms.push_back({id, room.number, {}});
  return out;
}

// Its class: of the host name where an exam lists that, else of the service.
Packet packet(const State& state, const Flow& flow) {
  const auto end = [](const std::optional<Endpoint>& endpoint) -> std::optional<End> {
    if (!endpoint) return std::nullopt;
    return End{endpoint->room, endpoint->device ? endpoint->device->number : DeviceNumber{0}};
  };
  ServiceNumber number = flow.service ? flow.service->number : kUnclassified;
  if (flow.host) number = state.hosts.at(*flow.host).number;
  return {end(flow.originator), end(flow.responder), number};
}

TEST(Flatten, SaysOfEveryFlowWhatDecideSays) {
  unsigned refused = 0;
  for (unsigned seed = 0; seed < kRounds && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Generator generate(seed);
    const State state = generate.any_state();
    const Rulebook rules = generate.any_rules();
    const DesiredState desired = desired_state(state, rules, service_table(), kNow);
    for (int i = 0; i < 10; ++i) {
      const Flow flow = generate.any_flow(state);
      const bool decided = decide(state, rules, flow, kNow).allowed;
      EXPECT_EQ(judge(desired, layout(state), packet(state, flow), kNow), decided);
      if (!decided) ++refused;
    }
  }
  EXPECT_GT(refused, 1000U);
}

// What nobody applies any more, because lokaald is dead, still closes by itself. That a lesson goes
// over into devices-away is not in it: no lesson's refusal is lost by that.
TEST(Flatten, NothingIsOpenLaterThatIsClosedByThen) {
  unsigned closed_meanwhile = 0;
  for (unsigned seed = 0; seed < kRounds && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Generator generate(seed);
    const State state = generate.any_state();
    const Rulebook rules = generate.any_rules();
    const DesiredState desired = desired_state(state, rules, service_table(), kNow);
    const WallTime later = kNow + std::chrono::minutes(generate.below(150));
    for (int i = 0; i < 10; ++i) {
      const Flow flow = generate.any_flow(state);
      const Decision then = decide(state, rules, flow, later);
      if (then.allowed || then.layer == Layer::devices_away) continue;
      EXPECT_FALSE(judge(desired, layout(state), packet(state, flow), later));
      if (decide(state, rules, flow, kNow).allowed) ++closed_meanwhile;
    }
  }
  EXPECT_GT(closed_meanwhile, 100U);
}

TEST(Flatten, WhatFollowsAnOpenRoomIsThereAlready) {
  State state = school();
  Room& room = state.rooms.at(RoomId("lokaal-112"));
  room.lessons = {{kNow + 30min, kNow + 80min, PersonId("p-1"), Mode::devices_away}};
  set_mode(state, Mode::open, kNow + 40min);
  const auto desired = [&] {
    return desired_state(state, rulebook(), service_table(), kNow).rooms.at(RoomId("lokaal-112"));
  };
  EXPECT_EQ(desired().mode, Mode::devices_away);
  EXPECT_EQ(desired().open_until, kNow + 40min);
  room.commanded.reset();
  EXPECT_EQ(desired().open_until, kNow + 30min);
  room.lessons.clear();
  EXPECT_EQ(desired().mode, Mode::open);
  EXPECT_FALSE(desired().open_until);
  room.default_mode = Mode::lesson;
  room.lessons = {{kNow - 10min, kNow + 10min, PersonId("p-1"), Mode::open},
                  {kNow + 10min, kNow + 20min, PersonId("p-2"), Mode::open}};
  EXPECT_EQ(desired().mode, Mode::lesson);
  EXPECT_EQ(desired().open_until, kNow + 20min);
}

TEST(Flatten, CarriesTheEndOfEveryPermission) {
  State state = school();
  set_mode(state, Mode::lesson);
  grant(state, "g1", {ServiceId("youtube")}, kNow + 10min, {DeviceId("laptop")});
  const DesiredState desired = desired_state(state, rulebook(), service_table(), kNow);
  const auto& grants = desired.rooms.at(RoomId("lokaal-112")).grants;
  ASSERT_EQ(grants.size(), 1U);
  EXPECT_EQ(grants[0], (DesiredGrant{2, 5, kNow + 10min}));
  EXPECT_TRUE(desired_state(state, rulebook(), service_table(), kNow + 10min)
                  .rooms.at(RoomId("lokaal-112"))
                  .grants.empty());
}

TEST(Flatten, AModeThatEndedIsNotDesired) {
  State state = school();
  set_mode(state, Mode::devices_away, kNow + 10min);
  const auto mode = [&](WallTime now) {
    return desired_state(state, rulebook(), service_table(), now)
        .rooms.at(RoomId("lokaal-112"))
        .mode;
  };
  EXPECT_EQ(mode(kNow), Mode::devices_away);
  EXPECT_EQ(mode(kNow + 10min), Mode::open);
}

}  // namespace
}  // namespace lokaal::test
