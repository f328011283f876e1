#include "agent/report/reporter.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "core/wire/node_status.hpp"
#include "tests/fakes/fake_bus.hpp"
#include "tests/fakes/fake_clock.hpp"

namespace lokaal {
namespace {

using namespace std::chrono_literals;  // NOLINT: durations read as durations

constexpr std::string_view kTopic = "lokaal/v1/voorbeeld/nodes/gw-1/agent/report";

class Reporting : public testing::Test {
 protected:
  wire::AgentReport last() const {
    const auto all = bus.on(kTopic);
    EXPECT_FALSE(all.empty());
    const auto read = wire::read_agent_report(all.empty() ? "" : all.back().payload);
    EXPECT_TRUE(read) << read.error().text();
    return read.value_or(wire::AgentReport{});
  }

  AgentNames names{SiteId("voorbeeld"), NodeId("gw-1")};
  Topics topics = Topics::of(SiteId("voorbeeld")).value();
  FakeClock clock{from_unix_seconds(1'800'000'000)};
  FakeBus bus;
  WatchedRoom room;
  WatchedRoom other;

  void SetUp() override {
    room.name = RoomId("lokaal-112");
    other.name = RoomId("lokaal-113");
    clock.set_synced(true);
  }
};

TEST_F(Reporting, SaysWhatIsKnownOfTheRoomOnTheNodesTopic) {
  AgentReporter reporter(names, topics, bus, clock);
  RoomWatch watch(room);
  const wire::KernelReading kernel{true, 42, Mode::lesson, false};
  watch.kernel_says(kernel);
  clock.advance(1234ms);
  reporter.publish(watch);
  ASSERT_EQ(bus.on(kTopic).size(), 1U);
  EXPECT_TRUE(bus.on(kTopic).front().retain);
  EXPECT_EQ(bus.on(kTopic).front().qos, 1);
  const wire::AgentReport report = last();
  EXPECT_EQ(report.site, names.site);
  EXPECT_EQ(report.node, names.node);
  EXPECT_EQ(report.room, room.name);
  EXPECT_EQ(report.boot_id, clock.boot_id());
  EXPECT_EQ(report.at, clock.now());
  EXPECT_EQ(report.uptime_ms, clock.mono_ns() / 1'000'000);
  EXPECT_EQ(report.scope, wire::Scope::self);
  EXPECT_TRUE(report.clock.synced);
  EXPECT_EQ(report.clock.offset_ms, 0);
  EXPECT_EQ(report.kernel, kernel);
  EXPECT_EQ(report.verdict, wire::Verdict::agrees);
}

TEST_F(Reporting, CountsOnOverItsRooms) {
  AgentReporter reporter(names, topics, bus, clock);
  RoomWatch first(room);
  RoomWatch second(other);
  reporter.publish(first);
  const auto before = last();
  reporter.publish(second);
  EXPECT_EQ(last().room, other.name);
  EXPECT_EQ(last().seq, before.seq + 1);
}

TEST_F(Reporting, DoesNotCountBackOverARestart) {
  RoomWatch watch(room);
  AgentReporter before(names, topics, bus, clock);
  for (int i = 0; i < 1000; ++i) before.publish(watch);
  const auto seq = last().seq;
  clock.advance(1s);
  AgentReporter after(names, topics, bus, clock);
  after.publish(watch);
  EXPECT_GT(last().seq, seq);
}

TEST_F(Reporting, StatusNamesTheProgramAndTheSession) {
  const auto status =
      wire::read_node_status(agent_status_payload(names, clock, PresenceStage::will, 77));
  ASSERT_TRUE(status) << status.error().text();
  EXPECT_EQ(status->state, wire::NodeState::lost);
  EXPECT_EQ(status->session, 77U);
  EXPECT_EQ(status->node, names.node);
  EXPECT_EQ(status->software.find("lokaal-agent "), 0U);
}

}  // namespace
}  // namespace lokaal
