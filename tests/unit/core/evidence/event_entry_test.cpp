#include "core/evidence/event_entry.hpp"

#include <gtest/gtest.h>

#include "tests/unit/core/policy/school.hpp"

namespace lokaal::test {
namespace {

const RoomId kRoom("lokaal-112");
const CommandId kJti("00000000-0000-4000-8000-000000000001");

Exam full_exam() {
  Exam exam = exam_of_room("wi-5h", kNow + 2h, {ServiceId("remindo")});
  exam.hosts[ServiceId("toets.example.nl")] = std::nullopt;
  exam.hosts[ServiceId("www.youtube.com")] = ServiceId("youtube");
  exam.candidates[DeviceId("laptop")] = kNow + 150min;
  exam.paused = kNow + 5min;
  exam.paused_by_hand = true;
  exam.planned = true;
  exam.owner = PersonId("p-2");
  exam.kind = ExamKind::central_exam;
  exam.plan_version = 3;
  exam.by = {Cause::Kind::panel, kJti};
  return exam;
}

Exemption full_exemption() {
  Exemption exemption;
  exemption.id = ExemptionId(kJti.str());
  exemption.room = kRoom;
  exemption.device = DeviceId("phone");
  exemption.from_social = exemption.from_exam = true;
  exemption.services = {ServiceId("instagram")};
  exemption.until = kNow + 3h;
  return exemption;
}

// One of every kind, each with all that it can carry.
std::vector<Event> every_event() {
  CommandedMode mode{Mode::devices_away, kNow + 50min, {Cause::Kind::person, kJti}, {}};
  mode.devices.allowed_kinds = {Kind::laptop};
  mode.devices.forbidden = {DeviceId("d-phone")};
  return {
      RoomCommanded{kRoom, mode},
      RoomCommanded{kRoom, std::nullopt},
      GrantBegun{Grant{
          GrantId(kJti.str()), kRoom, {ServiceId("youtube")}, {DeviceId("laptop")}, kNow + 5min}},
      GrantEnded{GrantId(kJti.str()), kRoom, "revoked"},
      RoomTaken{kRoom, TakenRoom{PersonId("p-18"), kNow + 50min}, {Cause::Kind::person, kJti}},
      RoomTaken{kRoom, std::nullopt, {Cause::Kind::person, kJti}},
      ExamSet{full_exam()},
      ExamStep{ExamStep::Kind::began, ExamId("wi-5h"), kRoom, {}, 3},
      ExamStep{ExamStep::Kind::paused, ExamId("wi-5h"), kRoom, "emergency"},
      ExamStep{ExamStep::Kind::resumed, ExamId("wi-5h"), kRoom, "command"},
      ExamStep{ExamStep::Kind::ended, ExamId("wi-5h"), kRoom, "time"},
      OverlaysSet{kRoom,
                  BuildingOverlay{kNow + 1h},
                  BuildingOverlay{std::nullopt},
                  {Cause::Kind::person, kJti}},
      OverlaysSet{kRoom, std::nullopt, std::nullopt, {Cause::Kind::person, kJti}},
      OverlaysSet{kRoom, std::nullopt, std::nullopt, {}, kNow + 1h, kNow + 2h},
      ExemptionBegun{full_exemption(), true},
      ExemptionEnded{ExemptionId(kJti.str()), kRoom, "expired"},
      EmergencyBegun{kRoom, kNow + 1h, kJti},
      EmergencyEnded{kRoom, "time"},
      Released{kRoom, 28, {"lab-3"}},
      Bell{kRoom},
  };
}

LogEntry as_written(const EventEntry& written) {
  LogEntry entry{kNow, "boot", 7, kRoom, 1, written.body};
  const auto bytes = entry.to_bytes();
  EXPECT_TRUE(bytes);
  auto read = LogEntry::parse(*bytes);
  EXPECT_TRUE(read) << read.error().text();
  return *read;
}

Salt a_salt() {
  static std::uint8_t count = 0;
  Salt salt{};
  salt[0] = ++count;
  return salt;
}

TEST(EventEntry, EveryEventComesBackFromItsEntryAsItWas) {
  const State state = school();
  for (const Event& event : every_event()) {
    SCOPED_TRACE("event " + std::to_string(event.index()));
    const EventEntry written = to_entry(event, room_then(state, kRoom, rulebook(), kNow), a_salt);
    const auto personal = PrivateValues::from_json(written.personal.to_json());
    ASSERT_TRUE(personal);
    const auto back = event_from(as_written(written), *personal);
    ASSERT_TRUE(back) << back.error().text();
    ASSERT_TRUE(*back);
    EXPECT_TRUE(**back == event);
  }
}

TEST(EventEntry, AnExamsLeafNamesNoCandidateAndNoName) {
  const EventEntry written =
      to_entry(ExamSet{full_exam()}, room_then(school(), kRoom, rulebook(), kNow), a_salt);
  const auto bytes = LogEntry{kNow, "boot", 7, kRoom, 1, written.body}.to_bytes();
  ASSERT_TRUE(bytes);
  for (const char* secret : {"laptop", "toets.example.nl", "p-2", "remindo"})
    EXPECT_EQ(bytes->find(secret), std::string::npos) << secret;
}

TEST(EventEntry, AnExamWhosePrivateValuesAreGoneCannotBeRebuilt) {
  const EventEntry written =
      to_entry(ExamSet{full_exam()}, room_then(school(), kRoom, rulebook(), kNow), a_salt);
  EXPECT_FALSE(event_from(as_written(written), PrivateValues{}));
}

TEST(EventEntry, CandidatesThatDoNotMatchTheLeafAreNotBelieved) {
  EventEntry written =
      to_entry(ExamSet{full_exam()}, room_then(school(), kRoom, rulebook(), kNow), a_salt);
  written.personal.fields.at("forbid_c").value = boost::json::array();
  EXPECT_FALSE(event_from(as_written(written), written.personal));
}

}  // namespace
}  // namespace lokaal::test
