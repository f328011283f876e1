#include "tests/fakes/fake_bus.hpp"

#include <gtest/gtest.h>

namespace lokaal {
namespace {

TEST(FakeBus, MatchesFiltersAsABrokerDoes) {
  EXPECT_TRUE(FakeBus::matches("a/b", "a/b"));
  EXPECT_TRUE(FakeBus::matches("a/+/c", "a/b/c"));
  EXPECT_TRUE(FakeBus::matches("a/#", "a/b/c"));
  EXPECT_TRUE(FakeBus::matches("a/#", "a"));
  EXPECT_TRUE(FakeBus::matches("#", "a/b"));
  EXPECT_FALSE(FakeBus::matches("a/+", "a/b/c"));
  EXPECT_FALSE(FakeBus::matches("a/+", "a"));
  EXPECT_FALSE(FakeBus::matches("a/b", "a/c"));
  EXPECT_FALSE(FakeBus::matches("a", "a/b"));
}

TEST(FakeBus, BehavesLikeABusTowardsItsUser) {
  Presence presence{"status", [](PresenceStage stage, std::uint64_t session) {
                      return std::to_string(static_cast<int>(stage)) + std::to_string(session);
                    }};
  FakeBus bus(presence, [](std::string_view, std::string_view) { return std::string("sig"); });
  std::vector<std::string> got;
  bus.start({[&](IncomingMessage message) { got.push_back(message.payload); }, {}});
  bus.subscribe("rooms/+/command");
  bus.connect();
  ASSERT_EQ(bus.on("status").size(), 1U);
  EXPECT_EQ(bus.on("status")[0].payload, "01");
  EXPECT_EQ(bus.on("status")[0].user_properties.at(0).second, "sig");
  EXPECT_TRUE(bus.deliver("rooms/a/command", "x"));
  EXPECT_FALSE(bus.deliver("rooms/a/state", "y"));
  EXPECT_EQ(got, std::vector<std::string>{"x"});
  bool done = false;
  bus.stop([&] { done = true; });
  EXPECT_TRUE(done);
  EXPECT_EQ(bus.on("status").back().payload, "11");
  EXPECT_FALSE(bus.publish({}));
}

}  // namespace
}  // namespace lokaal
