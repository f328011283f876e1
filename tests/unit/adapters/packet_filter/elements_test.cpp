#include "adapters/packet_filter/elements.hpp"

#include <gtest/gtest.h>

#include "core/policy/marks.hpp"
#include "tests/unit/adapters/packet_filter/school_state.hpp"

namespace lokaal::packet_filter {
namespace {

using namespace std::chrono_literals;
using test::full_state;
using test::kNoon;
using test::some_peers;
using test::two_rooms;

Elements compute(const DesiredState& state, WallTime now = kNoon) {
  return compute_elements(two_rooms(), state, some_peers(), now);
}

TEST(Elements, FlipOfARoomIsOneKeyForAnother) {
  DesiredState state = full_state();
  const Elements before = compute(state);
  state.rooms[RoomId("lokaal-112")].mode = Mode::open;
  const Changes changes = changes_between(before, compute(state));
  ASSERT_EQ(changes.remove.size(), 1U);
  ASSERT_EQ(changes.insert.size(), 1U);
  EXPECT_TRUE(changes.refresh.empty());
  EXPECT_EQ(changes.remove[0].key, key_of(room_mode_mark(1, Mode::lesson)));
  EXPECT_EQ(changes.insert[0].key, key_of(room_mode_mark(1, Mode::open)));
}

TEST(Elements, AppliedIsTheLowHalfOfTheGenerationAndAlone) {
  DesiredState state = full_state();
  state.generation = 0x1'0000'0007;
  const Elements elements = compute(state);
  const auto& applied = elements.of(SetId::applied);
  ASSERT_EQ(applied.size(), 1U);
  EXPECT_EQ(applied.begin()->first, key_of(7));
  EXPECT_EQ(applied.begin()->second.until, std::nullopt);
}

TEST(Elements, EqualStatesDifferInNothing) {
  EXPECT_TRUE(changes_between(compute(full_state()), compute(full_state())).empty());
  EXPECT_EQ(compute(full_state()), compute(full_state(), kNoon + 1s));
}

TEST(Elements, MovedDeadlineIsAddedRemovedAndAdded) {
  DesiredState state = full_state();
  const Elements before = compute(state);
  state.rooms[RoomId("lokaal-113")].exams[0].until += 1h;
  const Changes changes = changes_between(before, compute(state));
  ASSERT_EQ(changes.refresh.size(), 1U);
  ASSERT_EQ(changes.remove.size(), 1U);
  ASSERT_EQ(changes.insert.size(), 1U);
  EXPECT_EQ(changes.refresh[0].entry.until, kNoon + 2h);
  EXPECT_EQ(changes.insert[0].entry.until, kNoon + 3h);
}

TEST(Elements, DeadlinesThatHavePassedAreEnded) {
  const Elements late = compute(full_state(), kNoon + 3h);
  EXPECT_TRUE(late.of(SetId::exams).empty());
  EXPECT_TRUE(late.of(SetId::candidates).empty());
  EXPECT_TRUE(late.of(SetId::grants).empty());
  EXPECT_TRUE(late.of(SetId::social_free).empty());
  EXPECT_FALSE(late.of(SetId::phone_free).empty()) << "has no deadline";
  EXPECT_FALSE(compute(full_state(), kNoon + 3h - 1us).of(SetId::candidates).empty());
}

TEST(Elements, LaterOfTwoDeadlinesCounts) {
  DesiredState state = full_state();
  state.rooms[RoomId("lokaal-112")].grants = {{5, 0, kNoon + 20min}, {5, 0, kNoon + 40min}};
  const auto grants = compute(state).of(SetId::grants);
  ASSERT_EQ(grants.size(), 1U);
  EXPECT_EQ(grants.begin()->second.until, kNoon + 40min);
}

TEST(Elements, FarEndIsClosedAndSparedByEachLayerWithItsOwnEnd) {
  const Key phone = key_of(1, IpAddress::parse("10.112.0.11").value());
  DesiredState state = full_state();
  state.exam_exempt = {{1, kUnclassified, kNoon + 1h}, {1, kUnclassified, kNoon + 30min}};
  state.phone_exempt = {{1, kUnclassified, kNoon}};
  const Elements elements = compute(state);
  EXPECT_EQ(elements.of(SetId::peer_phone4).at(phone).until, std::nullopt);
  EXPECT_EQ(elements.of(SetId::peer_candidate4).at(phone).until, kNoon + 3h);
  EXPECT_EQ(elements.of(SetId::peer_exam_exempt4).at(phone).until, kNoon + 1h);
  EXPECT_TRUE(elements.of(SetId::peer_phone_exempt4).empty()) << "it has ended";
}

// Three exams of one candidate: 5 is refused by the last of them, 6 until the second ends, 7 never
// again once the first has ended.
TEST(Elements, OfSeveralExamsTheStrictestHoldsAtEveryTime) {
  DesiredState state;
  state.candidates[1] = {DesiredExam{{5, 6}, kNoon + 1h}, DesiredExam{{5, 7}, kNoon + 2h},
                         DesiredExam{{6, 7}, kNoon + 3h}, DesiredExam{{}, kNoon}};
  const Elements elements = compute(state);
  EXPECT_EQ(elements.of(SetId::candidates).at(key_of(mark_of(DeviceNumber{1}))).until, kNoon + 3h);
  const auto key = [](ServiceNumber service) { return key_of(mark_of(DeviceNumber{1}, service)); };
  const auto& allowed = elements.of(SetId::candidate_allowed);
  EXPECT_FALSE(allowed.contains(key(5)));
  EXPECT_TRUE(allowed.contains(key(6)));
  EXPECT_TRUE(allowed.contains(key(7)));
  const auto& refused = elements.of(SetId::candidate_refused);
  EXPECT_EQ(refused.size(), 2U);
  EXPECT_EQ(refused.at(key(6)).until, kNoon + 2h);
  EXPECT_EQ(refused.at(key(7)).until, kNoon + 1h);
}

TEST(Elements, AnExamThatIsPausedHoldsOnOverOneThatEnds) {
  DesiredState state;
  DesiredRoom& room = state.rooms[RoomId("lokaal-112")];
  room.exams = {DesiredExam{{5}, WallTime::max()}, DesiredExam{{6}, kNoon + 1h}};
  const Elements elements = compute(state);
  EXPECT_EQ(elements.of(SetId::exams).at(key_of(1)).until, std::nullopt);
  EXPECT_TRUE(elements.of(SetId::exam_allowed).contains(key_of(1, 5)));
  EXPECT_FALSE(elements.of(SetId::exam_allowed).contains(key_of(1, 6)));
  EXPECT_EQ(elements.of(SetId::exam_refused).at(key_of(1, 5)).until, kNoon + 1h);
}

TEST(Elements, ExemptionsEndAndNameTheirService) {
  DesiredState state;
  state.exam_exempt = {{1, kUnclassified, kNoon + 1h}, {0, kUnclassified, kNoon + 1h}};
  state.phone_exempt = {{2, kUnclassified, kNoon + 1h}, {3, kUnclassified, kNoon}};
  state.social_exempt = {{1, 5, kNoon + 1h}, {2, kUnclassified, kNoon + 2h}};
  const Elements elements = compute(state);
  EXPECT_EQ(elements.of(SetId::exam_exempt).size(), 1U);
  EXPECT_EQ(elements.of(SetId::phone_exempt).size(), 1U);
  const auto& social = elements.of(SetId::social_exempt);
  EXPECT_EQ(social.at(key_of(mark_of(DeviceNumber{1}, 5))).until, kNoon + 1h);
  EXPECT_EQ(social.at(key_of(mark_of(DeviceNumber{2}))).until, kNoon + 2h);
}

TEST(Elements, InfrastructureIsSparedAndNothingElse) {
  const Key alarm = key_of(1, IpAddress::parse("10.112.0.12").value());
  DesiredState state = full_state();
  state.cut = {3};
  const Elements elements = compute(state);
  EXPECT_TRUE(elements.of(SetId::peer_spared4).contains(alarm));
  EXPECT_FALSE(elements.of(SetId::peer_known4).contains(alarm));
  EXPECT_FALSE(elements.of(SetId::peer_cut4).contains(alarm));
}

TEST(Elements, MacThatTwoDevicesClaimIsNotSparedForOneOfThem) {
  DesiredState state;
  state.devices = {test::device(1, Kind::infrastructure, "02:00:00:00:00:01"),
                   test::device(2, Kind::phone, "02:00:00:00:00:01")};
  const auto known = compute(state).of(SetId::devices);
  ASSERT_EQ(known.size(), 1U);
  EXPECT_EQ(std::get<std::uint32_t>(known.begin()->second.datum),
            mark_of(DeviceNumber{2}) | mark_of(Cohort{Kind::phone, false}));
}

TEST(Elements, ZeroIsNoDeviceAndNoService) {
  DesiredState state;
  state.social = {0};
  state.cut = {0};
  state.candidates[0] = {DesiredExam{{9}, kNoon + 1h}};
  DesiredRoom& room = state.rooms[RoomId("lokaal-112")];
  room.usable_devices = {0};
  room.unusable_devices = {0};
  room.exams = {DesiredExam{{0}, kNoon + 1h}};
  room.grants = {{0, 0, kNoon + 1h}};
  const Elements elements = compute(state);
  for (const SetId set :
       {SetId::social, SetId::cut_devices, SetId::candidates, SetId::candidate_allowed,
        SetId::usable_devices, SetId::unusable_devices, SetId::exam_allowed, SetId::grants})
    EXPECT_TRUE(elements.of(set).empty()) << spec_of(set).name;
  EXPECT_FALSE(elements.of(SetId::exams).empty());
}

TEST(Elements, RoomWhoseBaseModeIsUnlawfulHasNone) {
  DesiredState state = full_state();
  state.rooms[RoomId("lokaal-112")].mode = Mode::exam;
  EXPECT_EQ(compute(state).of(SetId::room_modes).size(), 1U);
}

TEST(Elements, OneAddressIsComputedAsAmongAll) {
  const Elements all = compute(full_state());
  for (const auto& [peer, number] : some_peers()) {
    const Elements one = compute_peer(two_rooms(), full_state(), peer, number, kNoon);
    EXPECT_EQ(one, all.of_peer(peer)) << peer.address.text();
    Elements replaced = all;
    replaced.replace_peer(peer, one);
    EXPECT_EQ(replaced, all);
    replaced.replace_peer(peer, Elements());
    EXPECT_EQ(replaced.of_peer(peer), Elements());
  }
}

}  // namespace
}  // namespace lokaal::packet_filter
