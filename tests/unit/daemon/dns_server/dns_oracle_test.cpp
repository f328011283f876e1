// A name is answered exactly where decide() lets its owner open a flow to that service.
#include <gtest/gtest.h>

#include "core/policy/flatten.hpp"
#include "daemon/dns_server/dns_decision.hpp"
#include "tests/unit/core/policy/generate.hpp"

namespace lokaal::test {
namespace {

constexpr unsigned kRounds = 9000;

TEST(DnsOracle, SaysOfEveryNameWhatDecideSaysOfAFlow) {
  unsigned refused = 0;
  unsigned spared = 0;
  for (unsigned seed = 0; seed < kRounds && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Generator generate(seed);
    const State state = generate.any_state();
    const Rulebook rules = generate.any_rules();
    State without = state;
    without.exemptions.clear();
    DnsSnapshot snapshot;
    snapshot.desired = desired_state(state, rules, service_table(), kNow);
    for (int i = 0; i < 10; ++i) {
      Flow flow;
      flow.originator = generate.any_end(state);
      flow.service = generate.any_service();
      KnownDevice device;
      if (const Device* known = flow.originator->device) device = {known->number, known->cohort()};
      std::optional<NameClass> name;
      if (flow.service) name = NameClass{flow.service->number, flow.service->category};
      const bool decided = decide(state, rules, flow, kNow).allowed;
      EXPECT_EQ(dns_decision(snapshot, flow.originator->room, device, name, kNow).allowed, decided);
      if (!decided) ++refused;
      if (decided && !decide(without, rules, flow, kNow).allowed) ++spared;
    }
  }
  EXPECT_GT(refused, 1000U);
  EXPECT_GT(spared, 100U) << "exemptions must have mattered";
}

}  // namespace
}  // namespace lokaal::test
