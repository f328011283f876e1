// What is desired of the kernel means what decide() says. The kernel itself is held against the
// same oracle in tests/unit/adapters/packet_filter.
#include "core/policy/flatten.hpp"

#include <gtest/gtest.h>

#include "tests/unit/adapters/packet_filter/oracle.hpp"
#include "tests/unit/core/policy/generate.hpp"

namespace lokaal::test {
namespace {

constexpr unsigned kRounds = 6000;

ServiceTable service_table() {
  ServiceTable table;
  for (const Service& service : services()) {
    table.numbers[service.id] = service.number;
    if (service.category == Category::exam_infrastructure)
      table.exam_infrastructure.insert(service.number);
  }
  return table;
}

FilterLayout layout(const State& state) {
  FilterLayout out;
  for (const auto& [id, room] : state.rooms) out.rooms.push_back({id, room.number, {}});
  return out;
}

Packet packet(const Flow& flow) {
  const auto end = [](const std::optional<Endpoint>& endpoint) -> std::optional<End> {
    if (!endpoint) return std::nullopt;
    return End{endpoint->room, endpoint->device ? endpoint->device->number : DeviceNumber{0}};
  };
  return {end(flow.originator), end(flow.responder),
          flow.service ? flow.service->number : kUnclassified};
}

Rulebook any_rules(Generator& generate) {
  Rulebook rules = rulebook();
  rules.staff_keeps_social = generate.chance(50);
  if (generate.chance(50)) rules.staff_keeps = {ServiceId("youtube")};
  rules.staff_keeps_devices = generate.chance(50);
  rules.phone_free_spares_staff = generate.chance(50);
  return rules;
}

TEST(Flatten, SaysOfEveryFlowWhatDecideSays) {
  unsigned refused = 0;
  for (unsigned seed = 0; seed < kRounds && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Generator generate(seed);
    const State state = generate.any_state();
    const Rulebook rules = any_rules(generate);
    const DesiredState desired = desired_state(state, rules, service_table(), kNow);
    for (int i = 0; i < 10; ++i) {
      const Flow flow = generate.any_flow(state);
      const bool decided = decide(state, rules, flow, kNow).allowed;
      EXPECT_EQ(judge(desired, layout(state), packet(flow), kNow), decided);
      if (!decided) ++refused;
    }
  }
  EXPECT_GT(refused, 1000U);
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
