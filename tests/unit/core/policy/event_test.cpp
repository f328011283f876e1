#include "core/policy/event.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tests/unit/core/policy/school.hpp"

namespace lokaal::test {
namespace {

std::vector<Event> one_of_each() {
  ModeSet mode{RoomId("lokaal-112"),
               Mode::devices_away,
               kNow + 50min,
               {Cause::Kind::person, CommandId("j1")}};
  DevicesSet devices{RoomId("lokaal-112"), {}};
  devices.devices.allowed_kinds = {Kind::laptop, Kind::lab_pc};
  devices.devices.forbidden = {DeviceId("laptop2")};
  Grant given{GrantId("g1"),
              RoomId("lokaal-112"),
              {ServiceId("youtube")},
              {DeviceId("laptop")},
              kNow + 5min};
  return {mode, ModeEnded{RoomId("lokaal-112")}, devices, GrantBegun{given},
          GrantEnded{GrantId("g1"), "expired"}};
}

TEST(Event, EveryKindIsReadBackAsItWasWritten) {
  for (const Event& event : one_of_each()) {
    const auto read = event_from_json(to_json(event));
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(*read, event);
  }
}

TEST(Event, AMissingOrWrongMemberIsAnErrorThatNamesIt) {
  for (const Event& event : one_of_each()) {
    for (const auto& member : to_json(event)) {
      boost::json::object damaged = to_json(event);
      damaged.erase(member.key());
      EXPECT_FALSE(event_from_json(damaged)) << member.key();
      damaged = to_json(event);
      damaged[member.key()] = 7;
      const auto read = event_from_json(damaged);
      ASSERT_FALSE(read) << member.key();
    }
  }
}

TEST(Event, FoldingSetsAndEndsAMode) {
  State state = school();
  fold(state, ModeSet{RoomId("lokaal-112"), Mode::lesson, kNow + 50min, {}});
  EXPECT_EQ(base_mode(state.rooms[RoomId("lokaal-112")], kNow).mode, Mode::lesson);
  fold(state, ModeEnded{RoomId("lokaal-112")});
  EXPECT_EQ(state.rooms[RoomId("lokaal-112")].commanded, std::nullopt);
  EXPECT_EQ(state.generation, 2U);
}

TEST(Event, AnotherModeForgetsWhatWasSaidOfDevices) {
  State state = school();
  DevicesSet devices{RoomId("lokaal-112"), {}};
  devices.devices.allowed_kinds = {Kind::phone};
  fold(state, devices);
  fold(state, ModeSet{RoomId("lokaal-112"), Mode::devices_away, kNow + 50min, {}});
  EXPECT_FALSE(opens(state, "phone", "zermelo").allowed);
}

TEST(Event, AnEventOfAnUnknownRoomChangesNoRoom) {
  State state = school();
  const auto rooms = state.rooms;
  fold(state, ModeSet{RoomId("lokaal-999"), Mode::lesson, kNow, {}});
  EXPECT_EQ(state.rooms, rooms);
}

TEST(Event, GrantsBeginAndEnd) {
  State state = school();
  const auto events = one_of_each();
  fold(state, events[3]);
  EXPECT_EQ(state.grants.size(), 1U);
  fold(state, events[4]);
  EXPECT_TRUE(state.grants.empty());
}

}  // namespace
}  // namespace lokaal::test
