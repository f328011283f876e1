#include "core/wire/topics.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <utility>
#include <vector>

namespace lokaal {
namespace {

Topics topics() {
  return *Topics::of(SiteId("voorbeeld"));
}

const RoomId kRoom("lokaal-112");
const NodeId kNode("gw-1");

// Every topic that can be built, with what it must read as.
std::vector<std::pair<std::string, TopicKind>> all_topics() {
  const auto t = topics();
  return {
      {t.room_command(kRoom), TopicKind::room_command},
      {t.building_command(), TopicKind::building_command},
      {t.room_result(kRoom), TopicKind::room_result},
      {t.client_result("panel-1"), TopicKind::client_result},
      {t.room_state(kRoom), TopicKind::room_state},
      {t.room_events(kRoom), TopicKind::room_events},
      {t.node_status(kNode), TopicKind::node_status},
      {t.agent_status(kNode), TopicKind::agent_status},
      {t.node_applied(kNode), TopicKind::node_applied},
      {t.agent_report(kNode), TopicKind::agent_report},
      {t.node_inventory(kNode), TopicKind::node_inventory},
      {t.plan(PlanName::timetable), TopicKind::plan},
      {t.log_checkpoint(kNode, "2026-11-22"), TopicKind::log_checkpoint},
      {t.log_cosignature(kNode, "2026-11-22.1", "gw-2"), TopicKind::log_cosignature},
      {t.log_update(kNode, "2026-11-22.12", "hub"), TopicKind::log_update},
      {t.log_conflict(kNode, "2026-11-22", "hub"), TopicKind::log_conflict},
  };
}

TEST(Topics, AreThoseOfTheContract) {
  const auto t = topics();
  EXPECT_EQ(t.room_command(kRoom), "lokaal/v1/voorbeeld/rooms/lokaal-112/command");
  EXPECT_EQ(t.building_command(), "lokaal/v1/voorbeeld/building/command");
  EXPECT_EQ(t.room_result(kRoom), "lokaal/v1/voorbeeld/rooms/lokaal-112/result");
  EXPECT_EQ(t.client_result("panel-1"), "lokaal/v1/voorbeeld/clients/panel-1/result");
  EXPECT_EQ(t.room_state(kRoom), "lokaal/v1/voorbeeld/rooms/lokaal-112/state");
  EXPECT_EQ(t.room_events(kRoom), "lokaal/v1/voorbeeld/rooms/lokaal-112/events");
  EXPECT_EQ(t.node_status(kNode), "lokaal/v1/voorbeeld/nodes/gw-1/status");
  EXPECT_EQ(t.agent_status(kNode), "lokaal/v1/voorbeeld/nodes/gw-1/agent/status");
  EXPECT_EQ(t.node_applied(kNode), "lokaal/v1/voorbeeld/nodes/gw-1/applied");
  EXPECT_EQ(t.agent_report(kNode), "lokaal/v1/voorbeeld/nodes/gw-1/agent/report");
  EXPECT_EQ(t.node_inventory(kNode), "lokaal/v1/voorbeeld/nodes/gw-1/inventory");
  EXPECT_EQ(t.plan(PlanName::root), "lokaal/v1/voorbeeld/plan/root");
  EXPECT_EQ(t.log_checkpoint(kNode, "2026-11-22"),
            "lokaal/v1/voorbeeld/logs/gw-1/2026-11-22/checkpoint");
  EXPECT_EQ(t.log_cosignature(kNode, "2026-11-22.1", "gw-2"),
            "lokaal/v1/voorbeeld/logs/gw-1/2026-11-22.1/cosignature/gw-2");
}

TEST(Topics, ReadBackAsWhatTheyWereBuiltFrom) {
  for (const auto& [text, kind] : all_topics()) {
    const auto topic = topics().parse(text);
    ASSERT_TRUE(topic) << text;
    EXPECT_EQ(topic->kind, kind) << text;
  }
  const auto cosignature =
      topics().parse("lokaal/v1/voorbeeld/logs/gw-1/2026-11-22.1/cosignature/gw-2");
  ASSERT_TRUE(cosignature);
  EXPECT_EQ(cosignature->node, kNode);
  EXPECT_EQ(cosignature->epoch, "2026-11-22.1");
  EXPECT_EQ(cosignature->witness, "gw-2");
  EXPECT_EQ(topics().parse(topics().room_command(kRoom))->room, kRoom);
  EXPECT_EQ(topics().parse(topics().client_result("panel-1"))->client, "panel-1");
  EXPECT_EQ(topics().parse(topics().plan(PlanName::policy))->plan, PlanName::policy);
}

TEST(Topics, EveryStrictPrefixOrExtensionOfATopicIsNoTopic) {
  for (const auto& [text, kind] : all_topics()) {
    for (std::size_t cut = text.rfind('/') + 1; cut > 0; cut = text.rfind('/', cut - 1)) {
      EXPECT_FALSE(topics().parse(text.substr(0, cut))) << text.substr(0, cut);
      if (cut == std::string::npos || text.rfind('/', cut - 1) == std::string::npos) break;
    }
    EXPECT_FALSE(topics().parse(text + "/")) << text;
    EXPECT_FALSE(topics().parse(text + "/x")) << text;
    EXPECT_FALSE(topics().parse("/" + text)) << text;
  }
}

TEST(Topics, RefuseWhatIsNotALevelsName) {
  const std::string root = "lokaal/v1/voorbeeld/";
  for (const std::string& room :
       std::vector<std::string>{"", "-a", "A", "a_b", "a b", "+", "#", "$x", "caf\xc3\xa9", "a.b",
                                std::string(64, 'a')}) {
    EXPECT_FALSE(topics().parse(root + "rooms/" + room + "/command")) << room;
    EXPECT_FALSE(topics().parse(root + "nodes/" + room + "/status")) << room;
    EXPECT_FALSE(topics().parse(root + "clients/" + room + "/result")) << room;
  }
  EXPECT_FALSE(topics().parse(root + "plan/other"));
  EXPECT_FALSE(topics().parse(root + "rooms/a/commands"));
  EXPECT_FALSE(topics().parse(root + "nodes/a/agent/applied"));
  EXPECT_FALSE(topics().parse("lokaal/v2/voorbeeld/building/command"));
  EXPECT_FALSE(topics().parse("lokaal/v1/elders/building/command"));
  EXPECT_FALSE(topics().parse(root + "rooms/a" + std::string(1, '\0') + "/command"));
  EXPECT_FALSE(topics().parse(root + std::string(100000, '/')));
}

TEST(Topics, AreNotBuiltFromANameThatCouldBeAWildcard) {
  EXPECT_THROW(topics().room_command(RoomId("+")), std::logic_error);
  EXPECT_THROW(topics().node_status(NodeId("a/b")), std::logic_error);
  EXPECT_THROW(topics().client_result("#"), std::logic_error);
  EXPECT_THROW(topics().log_checkpoint(kNode, "today"), std::logic_error);
  EXPECT_FALSE(Topics::of(SiteId("")));
  EXPECT_FALSE(Topics::of(SiteId("a/b")));
  EXPECT_TRUE(Topics::of(SiteId(std::string(63, 'a'))));
}

TEST(Topics, AnEpochIsADateWithAnOptionalNumberFromOne) {
  for (const auto* good : {"2026-11-22", "2024-02-29", "2026-11-22.1", "2026-11-22.10"})
    EXPECT_TRUE(is_epoch(good)) << good;
  for (const auto* bad :
       {"", "2026-11-2", "2026-13-01", "2026-02-29", "2026-11-22.", "2026-11-22.0", "2026-11-22.01",
        "2026-11-22x1", "2026-11-22.1a", "2026/11/22"})
    EXPECT_FALSE(is_epoch(bad)) << bad;
}

TEST(Topics, AResultGoesToTheRoomsTopicOrAClientsAndNowhereElse) {
  const auto t = topics();
  EXPECT_TRUE(t.may_respond_to(t.room_result(kRoom), kRoom));
  EXPECT_TRUE(t.may_respond_to(t.client_result("panel-1"), kRoom));
  EXPECT_FALSE(t.may_respond_to(t.room_result(RoomId("lokaal-113")), kRoom));
  EXPECT_FALSE(t.may_respond_to(t.room_command(kRoom), kRoom));
  EXPECT_FALSE(t.may_respond_to(t.room_state(kRoom), kRoom));
  EXPECT_FALSE(t.may_respond_to(t.plan(PlanName::root), kRoom));
  EXPECT_FALSE(t.may_respond_to("lokaal/v1/elders/clients/panel-1/result", kRoom));
  EXPECT_FALSE(t.may_respond_to("", kRoom));
}

}  // namespace
}  // namespace lokaal
