#include "core/command/command_gate.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tests/unit/core/command/school.hpp"

namespace lokaal {
namespace {

using namespace school;
using std::chrono::minutes;
using std::chrono::seconds;

class Gate : public testing::Test {
 protected:
  Context context;
  CommandGate gate{roster()};
  std::string good = sign(claims(kLesson));

  std::string judged(const std::string& payload, WallTime now = kNow) {
    return judge(gate, payload, context, now);
  }
  void answer(const std::string& payload, std::optional<Reason> reason, const std::string& result,
              WallTime now = kNow) {
    const Judgement judgement = gate.judge({payload, false, kRoom}, context, now);
    ASSERT_FALSE(judgement.refusal.has_value());
    gate.remember(judgement.key(), kRoom, reason, result);
  }
};

TEST_F(Gate, ApprovesAGoodCommandAndSaysAllOfIt) {
  const Judgement judgement = gate.judge({good, false, kRoom}, context, kNow);
  ASSERT_FALSE(judgement.refusal.has_value());
  EXPECT_EQ(judgement.ids, (ReadableIds{CommandId(jti(1)), KeyId("teacher-key")}));
  EXPECT_EQ(judgement.message->envelope.subject, PersonId("p-17"));
  EXPECT_TRUE(std::holds_alternative<SetMode>(judgement.message->command));
  EXPECT_EQ(judgement.signer->role, Role::teacher);
  ASSERT_EQ(judgement.rooms.size(), 1U);
  EXPECT_EQ(judgement.rooms[0].room, kRoom);
  EXPECT_EQ(std::get<Approved>(judgement.rooms[0].outcome).until, kNow + minutes(50));
}

TEST_F(Gate, TakesBothNamesOfTheAlgorithm) {
  EXPECT_EQ(judged(sign(claims(kLesson, 1), "teacher-key", kCommandType, "EdDSA")), "approved");
  EXPECT_EQ(judged(sign(claims(kLesson, 2), "teacher-key", kCommandType, "Ed25519")), "approved");
  for (const char* alg : {"none", "HS256", "ES256", "eddsa", "Ed448"})
    EXPECT_EQ(judged(sign(claims(kLesson, 3), "teacher-key", kCommandType, alg)), "bad-type");
}

TEST_F(Gate, RefusesASignatureThatWasLeftOutOrMoved) {
  EXPECT_EQ(judged(good.substr(0, good.rfind('.') + 1)), "bad-signature");
  const std::string other = sign(claims(kLesson, 2));
  EXPECT_EQ(judged(good.substr(0, good.rfind('.')) + other.substr(other.rfind('.'))),
            "bad-signature");
  auto object = claims(kLesson);
  EXPECT_EQ(judged(sign_raw(R"({"alg":"EdDSA","kid":"teacher-key","typ":"lokaal-command+jwt"})",
                            boost::json::serialize(object), "teacher2-key")),
            "bad-signature");
}

TEST_F(Gate, AnswersNothingThatNamesNoJti) {
  EXPECT_FALSE(gate.judge({"nonsense", false, kRoom}, context, kNow).answerable());
  EXPECT_TRUE(gate.judge({good, true, kRoom}, context, kNow).answerable());
  const std::string large = good + std::string(kCommandLimit, 'A');
  const Judgement judgement = gate.judge({large, true, kRoom}, context, kNow);
  EXPECT_EQ(outcome(judgement), "too-large");
  EXPECT_FALSE(judgement.answerable());
}

TEST_F(Gate, ReadsUpToTheLimitAndNotAByteMore) {
  const auto of_note = [](std::size_t size) {
    auto object = claims(kLesson);
    object["note"] = std::string(size, 'x');
    return sign(object);
  };
  std::size_t size = 11000;
  while (of_note(size + 1).size() <= kCommandLimit) ++size;
  EXPECT_GT(of_note(size).size(), kCommandLimit - 4);
  EXPECT_EQ(judged(of_note(size)), "approved");
  EXPECT_EQ(judged(of_note(size + 1)), "too-large");
  EXPECT_EQ(judged(std::string(kCommandLimit, 'A')), "malformed");
  EXPECT_EQ(judged(std::string(kCommandLimit + 1, 'A')), "too-large");
}

TEST_F(Gate, GivesARepeatTheStoredResult) {
  answer(good, std::nullopt, "enforced");
  const Judgement repeat = gate.judge({good, false, kRoom}, context, kNow + seconds(5));
  ASSERT_EQ(outcome(repeat), "stored");
  EXPECT_EQ(std::get<StoredResult>(repeat.rooms[0].outcome).document, "enforced");
  EXPECT_EQ(judged(good, kNow + seconds(61)), "stored") << "also past exp";
  EXPECT_EQ(judged(good, kNow + seconds(60) + minutes(10)), "expired");
}

TEST_F(Gate, GivesARepeatOfARefusalTheSameRefusal) {
  const std::string forbidden = sign(claims_by("supervisor-key", kLesson), "supervisor-key");
  EXPECT_EQ(judged(forbidden), "role-forbidden");
  answer(forbidden, Reason::role_forbidden, "no");
  EXPECT_EQ(judged(forbidden), "stored");
}

TEST_F(Gate, SaysThatACommandIsBeingCarriedOut) {
  EXPECT_EQ(judged(good), "approved");
  EXPECT_EQ(judged(good), "in-progress");
}

TEST_F(Gate, JudgesAnewAfterWhatPasses) {
  for (const Reason reason : {Reason::rate_limited, Reason::clock_untrusted, Reason::plan_stale,
                              Reason::kernel_failed, Reason::log_failed, Reason::internal}) {
    CommandGate fresh{roster()};
    const Judgement first = fresh.judge({good, false, kRoom}, context, kNow);
    fresh.remember(first.key(), kRoom, reason, "not now");
    EXPECT_EQ(judge(fresh, good, context), "approved") << name_of(reason);
  }
}

TEST_F(Gate, RefusesOtherContentUnderAKnownJti) {
  answer(good, std::nullopt, "enforced");
  auto other = claims(kLesson);
  other["exp"] = kSecond + 61;
  EXPECT_EQ(judged(sign(other)), "replay-conflict");
  EXPECT_EQ(judged(good), "stored");
  auto upper = claims(kLesson);
  upper["jti"] = "5F0C3A52-6A0E-4D0A-9D0A-000000000001";
  EXPECT_EQ(judged(sign(upper)), "replay-conflict") << "the same UUID";
}

TEST_F(Gate, AJtiBelongsToItsKey) {
  answer(good, std::nullopt, "enforced");
  EXPECT_EQ(judged(sign(claims_by("teacher2-key", kLesson), "teacher2-key")), "approved");
}

TEST_F(Gate, TakesNoReplayKeyForWhatItDidNotBelieve) {
  auto wrong = claims(kLesson);
  wrong["aud"] = "school/lokaal-113";
  EXPECT_EQ(judged(sign(wrong)), "wrong-audience");
  EXPECT_EQ(gate.window().size(), 0U);
  EXPECT_EQ(judged(good), "approved");
}

TEST_F(Gate, OtherContentConflictsEvenWhereTheFirstWasNotStored) {
  answer(good, Reason::rate_limited, "slower");
  auto other = claims(kLesson);
  other["exp"] = kSecond + 61;
  EXPECT_EQ(judged(sign(other)), "replay-conflict");
}

TEST_F(Gate, AClockThatStepsBackReplaysNothing) {
  answer(good, std::nullopt, "enforced");
  EXPECT_EQ(judged("nonsense", kNow + minutes(30)), "malformed");
  EXPECT_EQ(gate.window().size(), 0U);
  EXPECT_EQ(judged(good, kNow + seconds(1)), "before-window");
}

TEST_F(Gate, LimitsTheRateOfAKeyButNotOfRepeats) {
  for (unsigned i = 1; i <= 50; ++i) ASSERT_EQ(judged(sign(claims(kLesson, i))), "approved") << i;
  EXPECT_EQ(judged(sign(claims(kLesson, 51))), "rate-limited");
  EXPECT_EQ(judged(sign(claims(kLesson, 7))), "in-progress");
  EXPECT_EQ(judged(sign(claims_by("teacher2-key", kLesson), "teacher2-key")), "approved");
  EXPECT_EQ(judged(sign(claims(kLesson, 51)), kNow + seconds(1)), "approved");
}

TEST_F(Gate, AKeyThatFillsItsShareOfTheWindowIsHeldUp) {
  CommandGate small{roster(), ReplayWindow({.per_key = 3, .total = 100})};
  for (unsigned i = 1; i <= 3; ++i)
    EXPECT_EQ(judge(small, sign(claims(kLesson, i)), context), "approved");
  EXPECT_EQ(judge(small, sign(claims(kLesson, 4)), context), "rate-limited");
  EXPECT_EQ(small.window().size(), 3U);
}

TEST_F(Gate, AnIdenticalRepeatComesAfterNotYetValidAndBeforeExpired) {
  auto later = claims(kLesson);
  later["nbf"] = kSecond;
  const std::string payload = sign(later);
  answer(payload, std::nullopt, "enforced");
  EXPECT_EQ(judged(payload, kNow - seconds(1)), "not-yet-valid");
  EXPECT_EQ(judged(payload, kNow + seconds(60)), "stored");
}

TEST_F(Gate, ARevokedKeyHearsNothingOfItsOldResults) {
  answer(good, std::nullopt, "enforced");
  Roster next = roster();
  next.entries.at(KeyId("teacher-key")).revoked = kNow;
  gate.replace_roster(std::move(next));
  EXPECT_EQ(judged(good, kNow + seconds(1)), "revoked-key");
}

class Building : public Gate {
 protected:
  boost::json::object emergency(unsigned number = 1) {
    auto out = claims_by("bhv-key", R"({"type":"emergency","on":true})", number);
    out["aud"] = "school";
    return out;
  }
};

TEST_F(Building, ACommandIsJudgedForEveryRoom) {
  auto object = claims(kLesson);
  object["aud"] = "school";
  const Judgement judgement = gate.judge({sign(object), false, std::nullopt}, context, kNow);
  ASSERT_EQ(judgement.rooms.size(), 2U);
  EXPECT_EQ(judgement.rooms[0].room, kRoom);
  EXPECT_TRUE(std::holds_alternative<Approved>(judgement.rooms[0].outcome));
  EXPECT_EQ(std::get<Refusal>(judgement.rooms[1].outcome).reason, Reason::room_forbidden);
}

TEST_F(Building, EveryRoomHasAResultOfItsOwn) {
  const std::string payload = sign(emergency(), "bhv-key");
  const Judgement first = gate.judge({payload, false, std::nullopt}, context, kNow);
  gate.remember(first.key(), kRoom, std::nullopt, "enforced 112");
  gate.remember(first.key(), kOther, Reason::kernel_failed, "failed 113");
  const Judgement repeat = gate.judge({payload, false, std::nullopt}, context, kNow);
  ASSERT_EQ(repeat.rooms.size(), 2U);
  EXPECT_EQ(std::get<StoredResult>(repeat.rooms[0].outcome).document, "enforced 112");
  EXPECT_TRUE(std::holds_alternative<Approved>(repeat.rooms[1].outcome));
  gate.remember(first.key(), kOther, Reason::kernel_failed, "failed 113");
  const Judgement late = gate.judge({payload, false, std::nullopt}, context, kNow + seconds(60));
  ASSERT_EQ(late.rooms.size(), 1U) << "what failed is not tried again past exp";
  EXPECT_EQ(late.rooms[0].room, kRoom);
}

TEST_F(Building, ItsCommandsAreRefusedOnARoomsTopic) {
  auto object = emergency();
  EXPECT_EQ(judge(gate, sign(object, "bhv-key"), context), "wrong-audience");
  object["aud"] = "school/lokaal-112";
  EXPECT_EQ(judge(gate, sign(object, "bhv-key"), context), "wrong-audience");
  EXPECT_EQ(judge(gate, sign(emergency(), "bhv-key"), context, kNow, std::nullopt), "approved");
}

TEST_F(Building, ARoomsAudienceIsWrongThere) {
  EXPECT_EQ(judge(gate, good, context, kNow, std::nullopt), "wrong-audience");
}

class ThroughAPanel : public Gate {
 protected:
  boost::json::object acted(const std::string& cmd = kLesson) {
    auto out = claims(cmd);
    out["act"] = {{"sub", "panel"}};
    return out;
  }
};

TEST_F(ThroughAPanel, APersonInTheOwnRoomIsHeard) {
  EXPECT_EQ(judged(sign(acted(), "panel-key")), "approved");
}

TEST_F(ThroughAPanel, TheActorIsThePanelOfTheKey) {
  EXPECT_EQ(judged(sign(claims(kLesson), "panel-key")), "subject-mismatch");
  auto object = acted();
  object["act"] = {{"sub", "panel-2"}};
  EXPECT_EQ(judged(sign(object, "panel-key")), "subject-mismatch");
  object = acted();
  object["sub"] = "p-99";
  EXPECT_EQ(judged(sign(object, "panel-key")), "subject-mismatch");
  EXPECT_EQ(judged(sign(acted(), "teacher-key")), "subject-mismatch") << "only panels act";
}

TEST_F(ThroughAPanel, APersonWithoutAKeyInForceIsNotSpokenFor) {
  Roster next = roster();
  next.entries.at(KeyId("teacher-key")).revoked = kNow;
  gate.replace_roster(std::move(next));
  EXPECT_EQ(judged(sign(acted(), "panel-key")), "subject-mismatch");
}

TEST_F(ThroughAPanel, OfSeveralRolesTheOneThatMayCounts) {
  Roster next = roster();
  next.entries.at(KeyId("supervisor-key")).person = PersonId("p-17");
  gate.replace_roster(std::move(next));
  EXPECT_EQ(judged(sign(acted(), "panel-key")), "approved");
  EXPECT_EQ(judged(sign(acted(R"({"type":"emergency","on":false})"), "panel-key")),
            "wrong-audience");
}

TEST_F(Gate, AnExpiredRosterOpensNothingMore) {
  Roster next = roster();
  next.document.expires = kNow;
  gate.replace_roster(std::move(next));
  context.room_views[kRoom].mode = Mode::lesson;
  EXPECT_EQ(judged(sign(claims(R"({"type":"set-mode","mode":"open"})"))), "plan-stale");
  EXPECT_EQ(judged(sign(claims(R"({"type":"set-mode","mode":"devices-away"})", 2))), "approved");
}

TEST_F(Gate, UnderAnExpiredRosterTheSchoolsTermsHold) {
  Roster next = roster();
  next.document.expires = kNow;
  gate.replace_roster(std::move(next));
  context.longest.longest_emergency = minutes(20);
  const std::string until = format_time(kNow + minutes(30));
  auto emergency =
      claims_by("bhv-key", R"({"type":"emergency","on":true,"until":")" + until + "\"}");
  emergency["aud"] = "school";
  EXPECT_EQ(outcome(gate.judge({sign(emergency, "bhv-key"), false, std::nullopt}, context, kNow)),
            "invalid-until");
}

TEST_F(Gate, AKeyThatTheNextRosterLacksIsRevokedBeforeThatRosterIsThere) {
  Roster next = roster();
  next.entries.erase(KeyId("teacher-key"));
  RosterEntry fresh = next.entries.at(KeyId("coordinator-key"));
  fresh.kid = KeyId("fresh-key");
  next.entries.emplace(fresh.kid, fresh);
  gate.revoke_by(next, kNow);
  EXPECT_EQ(judged(good), "revoked-key");
  EXPECT_EQ(judged(sign(claims_by("teacher2-key", kLesson), "teacher2-key")), "approved");
}

}  // namespace
}  // namespace lokaal
