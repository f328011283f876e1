// What carries a deadline ends by itself, at its time: not before, and with nobody's help.
#include <thread>

#include "tests/unit/adapters/packet_filter/school.hpp"

namespace lokaal::test {
namespace {

using namespace std::chrono_literals;

class Deadlines : public School {
 protected:
  // When a probe first fares as said; it is tried until then, for a bounded time.
  WallTime first(bool passes, const Station& from, const Station& to) {
    while (now() < begun() + 30s) {
      if (net_.passes(from, to, IpFamily::v4, port_++) == passes) return now();
      std::this_thread::sleep_for(5ms);
    }
    ADD_FAILURE() << "never";
    return now();
  }
  // Long enough for what is probed before, on a busy machine too.
  static constexpr auto kSoon = 1500ms;
  WallTime begun() const { return kMorning; }
  // The kernel counts in jiffies (4 to 10 ms), and starts a little after `now`.
  static constexpr auto kTick = 20ms;
};

TEST_F(Deadlines, ExamEndsByItself) {
  const WallTime until = in(kSoon);
  a().exams = {DesiredExam{{}, until}};
  apply();
  ASSERT_FALSE(passes(kPhone, kServer));
  EXPECT_GT(first(true, kPhone, kServer), until - kTick);
}

TEST_F(Deadlines, GrantEndsByItself) {
  const WallTime until = in(kSoon);
  a().mode = Mode::lesson;
  a().grants = {{kSocial, 0, until}};
  apply();
  ASSERT_TRUE(passes(kPhone, kSocialServer));
  EXPECT_GT(first(false, kPhone, kSocialServer), until - kTick);
}

TEST_F(Deadlines, AnOpenRoomBecomesWhatFollowsByItself) {
  const WallTime until = in(kSoon);
  a().mode = Mode::devices_away;
  a().open_until = until;
  apply();
  ASSERT_TRUE(passes(kPhone, kServer));
  ASSERT_TRUE(passes(kServer, kPhone));
  EXPECT_GT(first(false, kPhone, kServer), until - kTick);
  EXPECT_FALSE(passes(kServer, kPhone));
}

TEST_F(Deadlines, AnEmergencyIsOverByItself) {
  const WallTime until = in(kSoon);
  a().mode = Mode::devices_away;
  desired_.phone_free = DesiredOverlay{{{Kind::phone, false}}, in(1h)};
  desired_.emergency_until = until;
  apply();
  ASSERT_TRUE(passes(kPhone, kServer));
  ASSERT_TRUE(passes(kServer, kPhoneB));
  EXPECT_GT(first(false, kPhone, kServer), until - kTick);
  EXPECT_FALSE(passes(kServer, kPhoneB));
}

TEST_F(Deadlines, PhoneFreeAndCandidatesEndByThemselvesAtTheFarEndToo) {
  const WallTime until = in(kSoon);
  desired_.phone_free = DesiredOverlay{{{Kind::phone, false}}, until};
  desired_.candidates[number(kLaptop)] = {DesiredExam{{}, until}};
  apply();
  ASSERT_FALSE(passes(kServer, kPhone));
  ASSERT_FALSE(passes(kServer, kLaptop));
  EXPECT_GT(first(true, kServer, kPhone), until - kTick);
  EXPECT_GT(first(true, kServer, kLaptop), until - kTick);
  EXPECT_TRUE(passes(kPhone, kServer));
  EXPECT_TRUE(passes(kLaptop, kServer));
}

TEST_F(Deadlines, ExtensionReallyExtends) {
  const WallTime early = in(kSoon);
  a().exams = {DesiredExam{{}, early}};
  desired_.candidates[number(kPhoneB)] = {DesiredExam{{}, early}};
  apply();
  const WallTime late = early + 900ms;
  a().exams[0].until = late;
  desired_.candidates[number(kPhoneB)][0].until = late;
  apply();
  EXPECT_GT(first(true, kPhone, kServer), late - kTick);
  EXPECT_GT(first(true, kServer, kPhoneB), late - kTick);
}

TEST_F(Deadlines, ShorteningReallyShortens) {
  a().exams = {DesiredExam{{}, in(1h)}};
  apply();
  const WallTime until = in(kSoon);
  a().exams[0].until = until;
  apply();
  ASSERT_FALSE(passes(kPhone, kServer));
  EXPECT_GT(first(true, kPhone, kServer), until - kTick);
}

TEST_F(Deadlines, ExemptionsEndByThemselvesAtBothEnds) {
  const WallTime until = in(kSoon);
  a().exams = {DesiredExam{{}, in(1h)}};
  desired_.phone_free = DesiredOverlay{{{Kind::phone, false}}, in(1h)};
  desired_.exam_exempt = {{number(kLaptop), kUnclassified, until}};
  desired_.phone_exempt = {{number(kPhoneB), kUnclassified, until}};
  apply();
  ASSERT_TRUE(passes(kLaptop, kServer));
  ASSERT_TRUE(passes(kServer, kLaptop));
  ASSERT_TRUE(passes(kServer, kPhoneB));
  EXPECT_GT(first(false, kServer, kLaptop), until - kTick);
  EXPECT_GT(first(false, kServer, kPhoneB), until - kTick);
  EXPECT_FALSE(passes(kLaptop, kServer));
  EXPECT_FALSE(passes(kPhoneB, kServer));
}

TEST_F(Deadlines, TheLaterOfTwoExamsIsLeftAloneWhenTheEarlierEnds) {
  const WallTime until = in(kSoon);
  desired_.candidates[number(kLaptop)] = {DesiredExam{{kSocial}, until},
                                          DesiredExam{{kExamPlatform}, in(1h)}};
  apply();
  ASSERT_FALSE(passes(kLaptop, kExamServer));
  ASSERT_FALSE(passes(kLaptop, kSocialServer));
  EXPECT_GT(first(true, kLaptop, kExamServer), until - kTick);
  EXPECT_FALSE(passes(kLaptop, kSocialServer));
  EXPECT_FALSE(passes(kLaptop, kServer));
}

TEST_F(Deadlines, NeverIsNever) {
  a().exams = {DesiredExam{{}, WallTime::max()}};
  apply();
  EXPECT_FALSE(passes(kPhone, kServer));
  install();
  EXPECT_FALSE(passes(kPhone, kServer));
}

TEST_F(Deadlines, InstallKeepsThem) {
  const WallTime until = in(kSoon);
  a().exams = {DesiredExam{{}, until}};
  install();
  ASSERT_FALSE(passes(kPhone, kServer));
  EXPECT_GT(first(true, kPhone, kServer), until - kTick);
}

TEST_F(Deadlines, ChangesAtTheMomentOfADeadlineAreTaken) {
  // Before, at and after the moment in which the kernel lets the elements go.
  for (int i = 0; i < 30; ++i) {
    const WallTime until = in(30ms);
    a().exams = {DesiredExam{{}, until}};
    b().grants = {{kSocial, 0, until}};
    desired_.candidates[number(kPhone)] = {DesiredExam{{}, until}};
    apply();
    std::this_thread::sleep_for(20ms + i * 1ms);
    if (i % 2 == 0) {
      a().exams.clear();
      b().grants.clear();
      desired_.candidates.clear();
    } else {
      a().exams[0].until = in(20ms);
      b().grants[0].until = in(20ms);
      desired_.candidates[number(kPhone)][0].until = in(20ms);
    }
    apply();
  }
}

TEST_F(Deadlines, LearnedAddressesAreForgotten) {
  a().mode = Mode::lesson;
  apply();
  learn(number(kPhone), kServer, kSocial, kSoon);
  ASSERT_FALSE(passes(kPhone, kServer));
  first(true, kPhone, kServer);
  learn(number(kPhone), kServer, kSocial, 200ms);
  learn(number(kPhone), kServer, kSocial, 1h);
  std::this_thread::sleep_for(300ms);
  EXPECT_FALSE(passes(kPhone, kServer)) << "a longer answer counts";
}

}  // namespace
}  // namespace lokaal::test
