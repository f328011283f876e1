#include "core/policy/event.hpp"

#include <gtest/gtest.h>

#include "tests/unit/core/policy/school.hpp"

namespace lokaal::test {
namespace {

const RoomId kRoom("lokaal-112");

TEST(Event, FoldingSetsAndEndsWhatIsCommanded) {
  State state = school();
  fold(state, RoomCommanded{kRoom, CommandedMode{Mode::lesson, kNow + 50min, {}, {}}});
  EXPECT_EQ(base_mode(state.rooms[kRoom], kNow).mode, Mode::lesson);
  fold(state, RoomCommanded{kRoom, std::nullopt});
  EXPECT_EQ(base_mode(state.rooms[kRoom], kNow).mode, Mode::open);
  EXPECT_EQ(state.generation, 2U);
}

TEST(Event, AnotherModeForgetsWhatWasSaidOfDevices) {
  State state = school();
  CommandedMode phones_too{Mode::devices_away, kNow + 50min, {}, {}};
  phones_too.devices.allowed_kinds = {Kind::phone};
  fold(state, RoomCommanded{kRoom, phones_too});
  EXPECT_TRUE(opens(state, "phone", "zermelo").allowed);
  fold(state, RoomCommanded{kRoom, CommandedMode{Mode::devices_away, kNow + 50min, {}, {}}});
  EXPECT_FALSE(opens(state, "phone", "zermelo").allowed);
}

TEST(Event, ABellCountsAndChangesNothingElse) {
  State state = school();
  State rung = state;
  fold(rung, Bell{kRoom});
  EXPECT_EQ(rung.generation, state.generation + 1);
  rung.generation = state.generation;
  EXPECT_EQ(rung, state);
}

TEST(Event, AnEventOfAnUnknownRoomChangesNoRoom) {
  State state = school();
  const auto rooms = state.rooms;
  fold(state, RoomCommanded{RoomId("lokaal-999"), CommandedMode{Mode::lesson, kNow, {}, {}}});
  EXPECT_EQ(state.rooms, rooms);
}

TEST(Event, GrantsBeginAndEnd) {
  State state = school();
  fold(state, GrantBegun{Grant{GrantId("g1"), kRoom, {ServiceId("youtube")}, {}, kNow + 5min}});
  EXPECT_EQ(state.grants.size(), 1U);
  fold(state, GrantEnded{GrantId("g1"), kRoom, "expired"});
  EXPECT_TRUE(state.grants.empty());
}

}  // namespace
}  // namespace lokaal::test
