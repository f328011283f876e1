#include "core/policy/exam.hpp"

#include <gtest/gtest.h>

#include "core/policy/event.hpp"
#include "core/policy/flatten.hpp"
#include "tests/unit/core/policy/school.hpp"

namespace lokaal::test {
namespace {

const ServiceId kHost("toets.example.nl");

Exam with_hosts(const char* id, std::set<ServiceId> hosts) {
  Exam exam = exam_of_room(id, kNow + 1h);
  for (const ServiceId& host : hosts) exam.hosts[host] = std::nullopt;
  return exam;
}

Decision opens_host(const State& state, const char* who, const ServiceId& host,
                    const char* part_of = nullptr) {
  const Service* service = part_of ? find_service(part_of) : nullptr;
  return decide(state, rulebook(), Flow{at(state, who), service, std::nullopt, host}, kNow);
}

TEST(Exam, APauseMovesEveryEndByWhatItTook) {
  Exam exam = exam_of_room("x1", kNow + 1h);
  exam.candidates[DeviceId("laptop")] = kNow + 90min;
  exam.paused = kNow + 10min;
  const Exam on = resumed(exam, kNow + 25min);
  EXPECT_EQ(on.until, kNow + 75min);
  EXPECT_EQ(on.candidates.at(DeviceId("laptop")), kNow + 105min);
  EXPECT_FALSE(on.paused);
}

TEST(Exam, APauseThatNobodyEndsEndsItself) {
  Exam exam = exam_of_room("x1", kNow + 1h);
  exam.paused = kNow;
  EXPECT_TRUE(exam.runs(kNow + kLongestPause - 1us));
  EXPECT_FALSE(exam.runs(kNow + kLongestPause));
  exam.until = kNow - 1min;
  EXPECT_FALSE(exam.runs(kNow)) << "it was over before it paused";
}

TEST(Exam, MoreTimeForAllKeepsTheExtraTimeOfSome) {
  Exam exam = exam_of_room("x1", kNow + 1h);
  exam.candidates[DeviceId("laptop")] = kNow + 90min;
  exam.candidates[DeviceId("laptop2")] = kNow - 1min;
  const Exam longer = extended(exam, kNow + 70min, kNow);
  EXPECT_FALSE(longer.holds_until(longer.candidates.at(DeviceId("laptop2")), kNow)) << "let go";
  EXPECT_EQ(longer.until, kNow + 70min);
  EXPECT_EQ(longer.candidates.at(DeviceId("laptop")), kNow + 100min);
}

TEST(Exam, RunsUntilItsLastCandidateIsLetGo) {
  Exam exam = exam_of_room("x1", kNow + 1h);
  exam.candidates[DeviceId("laptop")] = kNow + 90min;
  EXPECT_TRUE(exam.runs(kNow + 80min));
  EXPECT_FALSE(exam.holds_room(kNow + 80min));
  EXPECT_FALSE(exam.runs(kNow + 90min));
}

TEST(Exam, AHostOfTheAllowListOpensNothingBesideIt) {
  State state = school();
  Exam exam = exam_of_room("x1", kNow + 1h);
  exam.hosts[kHost] = ServiceId("remindo");
  fold(state, ExamSet{exam});
  EXPECT_TRUE(opens_host(state, "laptop", kHost, "remindo").allowed);
  EXPECT_FALSE(opens(state, "laptop", "remindo").allowed);
  EXPECT_FALSE(opens_host(state, "laptop", ServiceId("elders.example.nl"), "remindo").allowed);
}

TEST(Exam, AHostIsStillWhatTheCatalogueSaysElsewhere) {
  State state = school();
  Exam exam = exam_of_room("x1", kNow + 1h);
  exam.hosts[ServiceId("www.youtube.com")] = ServiceId("youtube");
  fold(state, ExamSet{exam});
  state.rooms[RoomId("lokaal-113")].commanded = CommandedMode{Mode::lesson, kNow + 1h, {}, {}};
  const ServiceTable services{{{ServiceId("youtube"), 2}}, {}, {}};
  const DesiredState desired = desired_state(state, rulebook(), services, kNow);
  const ServiceNumber number = state.hosts.at(ServiceId("www.youtube.com")).number;
  EXPECT_EQ(desired.social.count(number), 1U) << "a lesson next door refuses it as YouTube";
  EXPECT_EQ(desired.rooms.at(RoomId("lokaal-112")).exams.front().allowed.count(number), 1U);
  EXPECT_EQ(desired.rooms.at(RoomId("lokaal-112")).exams.front().allowed.count(2), 0U);
}

TEST(Exam, HostsKeepTheirNumberWhileAnyExamNamesThem) {
  State state = school();
  fold(state, ExamSet{with_hosts("x1", {ServiceId("b.example.nl")})});
  const auto number = state.hosts.at(ServiceId("b.example.nl")).number;
  fold(state, ExamSet{with_hosts("x2", {ServiceId("a.example.nl"), ServiceId("b.example.nl")})});
  EXPECT_EQ(state.hosts.at(ServiceId("b.example.nl")).number, number);
  EXPECT_NE(state.hosts.at(ServiceId("a.example.nl")).number, number);
  fold(state, ExamStep{ExamStep::Kind::ended, ExamId("x1"), RoomId("lokaal-112"), "time"});
  EXPECT_EQ(state.hosts.count(ServiceId("b.example.nl")), 1U);
  fold(state, ExamStep{ExamStep::Kind::ended, ExamId("x2"), RoomId("lokaal-112"), "time"});
  EXPECT_TRUE(state.hosts.empty());
}

TEST(Exam, ANumberThatAHostHadIsNotGivenToTheNextOne) {
  State state = school();
  fold(state, ExamSet{with_hosts("x1", {ServiceId("a.example.nl")})});
  const auto first = state.hosts.at(ServiceId("a.example.nl")).number;
  fold(state, ExamStep{ExamStep::Kind::ended, ExamId("x1"), RoomId("lokaal-112"), "time"});
  fold(state, ExamSet{with_hosts("x2", {ServiceId("b.example.nl")})});
  EXPECT_NE(state.hosts.at(ServiceId("b.example.nl")).number, first);
}

TEST(Exam, MoreHostsThanCanBeToldApartStayClosed) {
  State state = school();
  std::set<ServiceId> many;
  for (std::size_t i = 0; i < kMostExamHosts + 3; ++i)
    many.insert(ServiceId("h" + std::to_string(i) + ".example.nl"));
  fold(state, ExamSet{with_hosts("x1", many)});
  EXPECT_EQ(state.hosts.size(), kMostExamHosts);
  for (const auto& [name, host] : state.hosts) {
    EXPECT_GE(host.number, kFirstHostNumber);
    EXPECT_LE(host.number, kLastHostNumber);
  }
}

TEST(Exam, APlannedOneBeginsWithItsCandidatesAndTheirTime) {
  PlannedExam plan;
  plan.id = ExamId("wi-5h");
  plan.room = RoomId("lokaal-112");
  plan.kind = ExamKind::school_exam;
  plan.candidates[DeviceId("laptop")] = kNow + 150min;
  plan.candidates[DeviceId("laptop2")] = std::nullopt;
  plan.plan_version = 7;
  const Exam exam = begun(plan, kNow + 2h);
  EXPECT_TRUE(exam.planned);
  EXPECT_TRUE(exam.whole_room);
  EXPECT_EQ(exam.candidates.at(DeviceId("laptop")), kNow + 150min);
  EXPECT_EQ(exam.candidates.at(DeviceId("laptop2")), kNow + 2h);
  EXPECT_EQ(exam.plan_version, 7U);
}

TEST(ShownMode, IsTheStrictestOfBaseAndExam) {
  State state = school();
  set_mode(state, Mode::lesson);
  EXPECT_EQ(shown_mode(state, RoomId("lokaal-112"), kNow).mode, Mode::lesson);
  fold(state, ExamSet{exam_of_room("x1", kNow + 1h)});
  const ShownMode shown = shown_mode(state, RoomId("lokaal-112"), kNow);
  EXPECT_EQ(shown.mode, Mode::exam);
  EXPECT_EQ(shown.until, kNow + 1h);
  EXPECT_EQ(shown.exam->id, ExamId("x1"));
  EXPECT_EQ(shown_mode(state, RoomId("lokaal-112"), kNow + 1h).mode, Mode::lesson);
  EXPECT_EQ(shown_mode(state, RoomId("lokaal-113"), kNow).mode, Mode::open);
}

}  // namespace
}  // namespace lokaal::test
