#include "tests/unit/adapters/packet_filter/school.hpp"

namespace lokaal::test {
namespace {

using Layers = School;

TEST_F(Layers, OpenRoomsReachEverything) {
  for (const Station& from : {kPhone, kLaptop, kBoard, kStranger, kStaffLaptop})
    for (const Station& to : {kServer, kSocialServer, kPhoneB, kStrangerB})
      EXPECT_TRUE(passes(from, to));
  EXPECT_TRUE(passes(kServer, kPhone));
}

TEST_F(Layers, LessonRefusesSocialServicesOfThoseWhomItConcerns) {
  a().mode = Mode::lesson;
  apply();
  EXPECT_FALSE(passes(kPhone, kSocialServer));
  EXPECT_FALSE(passes(kStranger, kSocialServer));
  EXPECT_TRUE(passes(kStaffLaptop, kSocialServer));
  EXPECT_TRUE(passes(kPhone, kServer));
  EXPECT_TRUE(passes(kPhone, kExamServer));
  EXPECT_TRUE(passes(kPhoneB, kSocialServer));
  EXPECT_TRUE(passes(kAlarm, kSocialServer));
}

TEST_F(Layers, LessonRefusesWhatTheTeacherForbadeAtBothEnds) {
  a().mode = Mode::lesson;
  a().unusable_lesson = {{Kind::phone, false}, {Kind::other, false}};
  a().unusable_devices = {number(kBoard)};
  apply();
  EXPECT_FALSE(passes(kPhone, kServer));
  EXPECT_FALSE(passes(kServer, kPhone));
  EXPECT_FALSE(passes(kPhoneB, kPhone));
  EXPECT_FALSE(passes(kBoard, kServer));
  EXPECT_FALSE(passes(kServer, kBoard));
  EXPECT_FALSE(passes(kStranger, kServer));
  EXPECT_FALSE(passes(kServer, kStranger));
  EXPECT_TRUE(passes(kLaptop, kServer));
  a().usable_devices = {number(kPhone), number(kBoard)};
  apply();
  EXPECT_TRUE(passes(kPhone, kServer));
  EXPECT_TRUE(passes(kServer, kPhone));
  EXPECT_FALSE(passes(kBoard, kServer)) << "a device that is named both ways is not usable";
}

TEST_F(Layers, GrantsReachTheirServiceTheirRoomAndTheirDevices) {
  a().mode = Mode::lesson;
  b().mode = Mode::lesson;
  a().grants = {{kSocial, number(kPhone), in(std::chrono::hours(1))}};
  apply();
  EXPECT_TRUE(passes(kPhone, kSocialServer));
  EXPECT_FALSE(passes(kLaptop, kSocialServer));
  a().grants = {{kSocial, 0, in(std::chrono::hours(1))}};
  apply();
  EXPECT_TRUE(passes(kLaptop, kSocialServer));
  EXPECT_TRUE(passes(kStranger, kSocialServer));
  EXPECT_FALSE(passes(kPhoneB, kSocialServer));
  a().grants = {{kEssential, 0, in(std::chrono::hours(1))}};
  apply();
  EXPECT_FALSE(passes(kLaptop, kSocialServer));
}

TEST_F(Layers, DevicesAwayLeavesOnlyWhatMayBeUsed) {
  a().mode = Mode::devices_away;
  apply();
  EXPECT_FALSE(passes(kPhone, kServer));
  EXPECT_FALSE(passes(kStranger, kServer));
  EXPECT_FALSE(passes(kServer, kPhone));
  EXPECT_FALSE(passes(kServer, kStranger));
  EXPECT_FALSE(passes(kPhoneB, kPhone)) << "the far end's room is judged too";
  EXPECT_FALSE(passes(kPhone, kPhoneB));
  EXPECT_TRUE(passes(kBoard, kServer));
  EXPECT_TRUE(passes(kServer, kBoard));
  EXPECT_TRUE(passes(kStaffLaptop, kServer));
  EXPECT_TRUE(passes(kPhoneB, kServer));
  EXPECT_TRUE(passes(kPhoneB, kBoard));
  EXPECT_FALSE(passes(kBoard, kSocialServer)) << "still a lesson";
}

TEST_F(Layers, DevicesAwayHearsWhatIsSaidOfSingleDevices) {
  a().mode = Mode::devices_away;
  a().usable_devices = {number(kPhone)};
  a().unusable_devices = {number(kBoard)};
  apply();
  EXPECT_TRUE(passes(kPhone, kServer));
  EXPECT_TRUE(passes(kServer, kPhone));
  EXPECT_FALSE(passes(kBoard, kServer));
  EXPECT_FALSE(passes(kServer, kBoard));
  a().usable_away.insert({Kind::other, false});
  apply();
  EXPECT_TRUE(passes(kStranger, kServer));
  EXPECT_TRUE(passes(kServer, kStranger));
}

TEST_F(Layers, InfrastructureIsNeverRefusedButItsPeerIsJudged) {
  a().mode = Mode::devices_away;
  b().exams = {DesiredExam{{}, in(std::chrono::hours(1))}};
  desired_.cut = {number(kAlarm)};
  apply();
  EXPECT_TRUE(passes(kAlarm, kServer));
  EXPECT_TRUE(passes(kServer, kAlarm));
  EXPECT_TRUE(passes(kAlarm, kAlarmB));
  EXPECT_FALSE(passes(kAlarm, kPhoneB));
  EXPECT_FALSE(passes(kPhone, kAlarmB));
}

TEST_F(Layers, PhoneFreeTakesPhonesInEveryRoom) {
  desired_.phone_free = DesiredOverlay{{{Kind::phone, false}}, std::nullopt};
  apply();
  EXPECT_FALSE(passes(kPhone, kServer));
  EXPECT_FALSE(passes(kServer, kPhone));
  EXPECT_FALSE(passes(kLaptop, kPhoneB));
  EXPECT_TRUE(passes(kLaptop, kServer));
  EXPECT_TRUE(passes(kStranger, kServer));
  desired_.phone_free->cohorts.insert({Kind::other, false});
  apply();
  EXPECT_FALSE(passes(kStranger, kServer));
  EXPECT_FALSE(passes(kServer, kStrangerB));
  desired_.phone_free.reset();
  apply();
  EXPECT_TRUE(passes(kServer, kStrangerB));
  EXPECT_TRUE(passes(kPhone, kServer));
}

TEST_F(Layers, SocialFreeHoldsInOpenRoomsForItsOwnCohorts) {
  desired_.social_free = DesiredOverlay{{{Kind::phone, false}}, in(std::chrono::hours(1))};
  apply();
  EXPECT_FALSE(passes(kPhone, kSocialServer));
  EXPECT_FALSE(passes(kPhoneB, kSocialServer));
  EXPECT_TRUE(passes(kLaptop, kSocialServer));
  EXPECT_TRUE(passes(kPhone, kServer));
  EXPECT_TRUE(passes(kSocialServer, kPhone)) << "the far end does not use the service";
  a().grants = {{kSocial, 0, in(std::chrono::hours(1))}};
  apply();
  EXPECT_TRUE(passes(kPhone, kSocialServer));
}

TEST_F(Layers, CutTakesOneDeviceAtBothEnds) {
  desired_.cut = {number(kLaptop)};
  apply();
  EXPECT_FALSE(passes(kLaptop, kServer));
  EXPECT_FALSE(passes(kServer, kLaptop));
  EXPECT_TRUE(passes(kPhone, kServer));
}

TEST_F(Layers, ExamLeavesOnlyItsServicesToThoseWhoBegin) {
  a().exams = {DesiredExam{{kExamPlatform}, in(std::chrono::hours(1))}};
  apply();
  EXPECT_TRUE(passes(kPhone, kExamServer));
  EXPECT_TRUE(passes(kStranger, kExamServer));
  EXPECT_FALSE(passes(kPhone, kServer));
  EXPECT_FALSE(passes(kStaffLaptop, kServer));
  EXPECT_FALSE(passes(kBoard, kServer));
  EXPECT_FALSE(passes(kExamServer, kPhone));
  EXPECT_FALSE(passes(kPhoneB, kBoard));
  EXPECT_TRUE(passes(kPhoneB, kServer));
  a().mode = Mode::devices_away;
  apply();
  EXPECT_FALSE(passes(kPhone, kExamServer)) << "an exam's allow-list opens no other layer";
}

TEST_F(Layers, CandidatesAreClosedWhereverTheyAre) {
  desired_.candidates[number(kPhoneB)] = {DesiredExam{{kExamPlatform}, in(std::chrono::hours(1))}};
  apply();
  EXPECT_TRUE(passes(kPhoneB, kExamServer));
  EXPECT_FALSE(passes(kPhoneB, kServer));
  EXPECT_FALSE(passes(kServer, kPhoneB));
  EXPECT_FALSE(passes(kPhone, kPhoneB));
  EXPECT_TRUE(passes(kPhone, kServer));
}

TEST_F(Layers, RoomWithoutAModeIsClosed) {
  desired_.rooms.erase(room_b());
  apply();
  EXPECT_FALSE(passes(kPhoneB, kServer));
  EXPECT_FALSE(passes(kServer, kLabB));
  EXPECT_TRUE(passes(kAlarmB, kServer));
  EXPECT_TRUE(passes(kPhone, kServer));
}

TEST_F(Layers, ResponderIsJudgedByWhoHasTheAddressNow) {
  a().mode = Mode::devices_away;
  apply();
  ASSERT_FALSE(passes(kServer, kStranger));
  for (const IpFamily family : {IpFamily::v4, IpFamily::v6})
    ASSERT_TRUE(
        filter_->set_responder(number_of(Link::room_a), kStranger.address(family), number(kBoard)));
  EXPECT_TRUE(passes(kServer, kStranger));
  install();
  EXPECT_TRUE(passes(kServer, kStranger)) << "known over a new install";
  for (const IpFamily family : {IpFamily::v4, IpFamily::v6})
    ASSERT_TRUE(
        filter_->set_responder(number_of(Link::room_a), kStranger.address(family), std::nullopt));
  EXPECT_FALSE(passes(kServer, kStranger));
}

}  // namespace
}  // namespace lokaal::test
