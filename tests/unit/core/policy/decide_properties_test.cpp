// Properties that hold for every state: the promises of the design, not examples of them.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/core/policy/generate.hpp"

namespace lokaal::test {
namespace {

constexpr unsigned kRounds = 4000;

// Calls check(state, rules, flow, generate) for many of them; says the seed of the first that
// fails.
template <class Check>
void for_all(Check check) {
  for (unsigned seed = 0; seed < kRounds && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Generator generate(seed);
    State state = generate.any_state();
    const Rulebook rules = generate.any_rules();
    const Flow flow = generate.any_flow(state);
    check(state, rules, flow, generate);
  }
}

bool holds_end(const Exam& exam, const Endpoint& end) {
  if (exam.room == end.room && exam.holds_room(kNow)) return true;
  if (!end.device) return false;
  const auto own = exam.candidates.find(end.device->id);
  return own != exam.candidates.end() && exam.holds_until(own->second, kNow);
}

bool exam_holds(const State& state, const Endpoint& end) {
  return std::any_of(state.exams.begin(), state.exams.end(),
                     [&](const auto& each) { return holds_end(each.second, end); });
}

bool lists(const Exam& exam, const Flow& flow) {
  if (flow.host && exam.hosts.count(*flow.host) > 0) return true;
  return flow.service && (flow.service->category == Category::exam_infrastructure ||
                          flow.service->category == Category::life_safety ||
                          exam.allow.count(flow.service->id) > 0);
}

bool listed_by_any_exam(const State& state, const Flow& flow) {
  return std::any_of(state.exams.begin(), state.exams.end(),
                     [&](const auto& each) { return lists(each.second, flow); });
}

// That holds who began the flow.
bool listed_by_every_exam(const State& state, const Flow& flow) {
  return std::all_of(state.exams.begin(), state.exams.end(), [&](const auto& each) {
    return !holds_end(each.second, *flow.originator) || lists(each.second, flow);
  });
}

bool exempt_from_exam(const State& state, const Endpoint& end) {
  for (const auto& [id, exemption] : state.exemptions)
    if (end.device && exemption.device == end.device->id && exemption.from_exam &&
        holds(exemption.until, kNow))
      return true;
  return false;
}

TEST(DecideProperties, InAnExamOnlyTheAllowListAndExamInfrastructurePass) {
  unsigned met = 0;
  unsigned by_another = 0;
  for_all([&](State& state, const Rulebook& rules, const Flow& flow, Generator&) {
    if (!flow.originator || flow.originator->cohort().kind == Kind::infrastructure) return;
    if (!exam_holds(state, *flow.originator) || exempt_from_exam(state, *flow.originator)) return;
    if (listed_by_every_exam(state, flow)) return;
    ++met;
    if (listed_by_any_exam(state, flow)) ++by_another;
    EXPECT_FALSE(decide(state, rules, flow, kNow).allowed);
  });
  EXPECT_GT(met, 100U);
  EXPECT_GT(by_another, 20U) << "what one exam lists another one must have refused";
}

TEST(DecideProperties, NothingReachesIntoAnExam) {
  unsigned met = 0;
  for_all([&](State& state, const Rulebook& rules, const Flow& flow, Generator&) {
    if (!flow.responder || flow.responder->cohort().kind == Kind::infrastructure) return;
    if (!exam_holds(state, *flow.responder) || exempt_from_exam(state, *flow.responder)) return;
    ++met;
    EXPECT_FALSE(decide(state, rules, flow, kNow).allowed);
  });
  EXPECT_GT(met, 100U);
}

TEST(DecideProperties, WithEveryGrantOverNoSocialServicePassesInALesson) {
  unsigned met = 0;
  for_all([&](State& state, const Rulebook& rules, const Flow& flow, Generator&) {
    state.exemptions.clear();
    state.emergency_until.reset();
    for (auto& [id, grant] : state.grants) grant.until = kNow;
    if (!flow.originator || !flow.service || rules.social.count(flow.service->id) == 0) return;
    const Cohort cohort = flow.originator->cohort();
    if (cohort.kind == Kind::infrastructure) return;
    if (cohort.staff && (rules.staff_keeps_social || rules.staff_keeps.count(flow.service->id) > 0))
      return;
    if (base_mode(state.rooms.at(flow.originator->room), kNow).mode == Mode::open) return;
    ++met;
    EXPECT_FALSE(decide(state, rules, flow, kNow).allowed);
  });
  EXPECT_GT(met, 100U);
}

TEST(DecideProperties, AnEssentialServiceIsOpenInOpenAndLessonForADeviceThatMayBeUsed) {
  unsigned met = 0;
  for_all([&](State& state, const Rulebook& rules, const Flow& flow, Generator&) {
    state.exams.clear();
    state.cut.clear();
    state.phone_free.reset();
    if (!flow.originator || flow.responder || !flow.service) return;
    if (!is_essential(flow.service->category)) return;
    Room& room = state.rooms.at(flow.originator->room);
    if (room.commanded) room.commanded->devices = {};
    if (base_mode(room, kNow).mode == Mode::devices_away) return;
    ++met;
    EXPECT_TRUE(decide(state, rules, flow, kNow).allowed);
  });
  EXPECT_GT(met, 100U);
}

TEST(DecideProperties, NothingRefusesACallToTheEmergencyServices) {
  unsigned met = 0;
  for_all([&](State& state, const Rulebook& rules, const Flow& flow, Generator&) {
    if (!flow.originator || flow.responder || flow.host) return;
    Flow call = flow;
    call.service = find_service("wifi-calling");
    if (!decide(state, rules, flow, kNow).allowed) ++met;
    EXPECT_TRUE(decide(state, rules, call, kNow).allowed);
  });
  EXPECT_GT(met, 100U) << "much else must have been refused";
}

// "Devices away, ten minutes" is no end of the lesson.
TEST(DecideProperties, AStricterModeForAWhileChangesNothingOfWhatComesAfterIt) {
  unsigned met = 0;
  unsigned refused = 0;
  for_all([&](State& state, const Rulebook& rules, const Flow& flow, Generator& generate) {
    if (!flow.originator) return;
    const RoomId& id = flow.originator->room;
    const CommandedMode* now_on = commanded_at(state.rooms.at(id), kNow);
    if (now_on && now_on->mode == Mode::devices_away) return;
    const WallTime until = kNow + std::chrono::minutes(1 + generate.below(60));
    State after = state;
    fold(after, RoomCommanded{id, CommandedMode{Mode::devices_away, until, {}, {}}});
    const WallTime later = until + std::chrono::minutes(generate.below(60));
    const Decision then = decide(after, rules, flow, later);
    const Decision before = decide(state, rules, flow, later);
    // A room that was opened follows its timetable afterwards, or what it usually is.
    const bool opened = now_on && now_on->mode == Mode::open;
    if (!opened) {
      EXPECT_EQ(then, before);
    } else if (!before.allowed) {
      EXPECT_FALSE(then.allowed);
    }
    ++met;
    if (!then.allowed) ++refused;
  });
  EXPECT_GT(met, 500U);
  EXPECT_GT(refused, 100U);
}

// Devices away, with what was forbidden before, and nothing allowed.
void put_away(Room& room) {
  CommandedMode away{Mode::devices_away, kNow + 6h, {}, {}};
  if (const DeviceRules* said = base_mode(room, kNow).devices) {
    away.devices.forbidden_kinds = said->forbidden_kinds;
    away.devices.forbidden = said->forbidden;
  }
  room.commanded = away;
}

TEST(DecideProperties, AddingALayerNeverLetsMoreThrough) {
  for_all([](State& state, const Rulebook& rules, const Flow& flow, Generator& generate) {
    const bool before = decide(state, rules, flow, kNow).allowed;
    State stricter = state;
    switch (generate.below(8)) {
      case 0:
        stricter.phone_free = BuildingOverlay{std::nullopt};
        break;
      case 1:
        stricter.social_free = BuildingOverlay{std::nullopt};
        break;
      case 2:
        stricter.cut.insert(DeviceId("laptop"));
        break;
      case 3:
        stricter.exams[ExamId("added")] = exam_of_room("added", kNow + 1h);
        break;
      case 4:
        stricter.emergency_until.reset();
        break;
      case 5: {
        Exam exam = exam_of_room("added", kNow + 1h);
        exam.whole_room = false;
        exam.candidates[DeviceId("laptop")] = kNow + 1h;
        stricter.exams[exam.id] = exam;
        break;
      }
      case 6:
        for (auto& [id, room] : stricter.rooms) put_away(room);
        break;
      default:
        for (auto& [id, room] : stricter.rooms)
          if (base_mode(room, kNow).mode == Mode::open)
            room.commanded = CommandedMode{Mode::lesson, kNow + 6h, {}, {}};
    }
    if (!before) {
      EXPECT_FALSE(decide(stricter, rules, flow, kNow).allowed);
    }
  });
}

TEST(DecideProperties, RemovingEveryLooseningNeverLetsMoreThrough) {
  for_all([](State& state, const Rulebook& rules, const Flow& flow, Generator&) {
    const bool before = decide(state, rules, flow, kNow).allowed;
    state.grants.clear();
    state.exemptions.clear();
    state.emergency_until.reset();
    for (auto& [id, exam] : state.exams) {
      exam.allow.clear();
      exam.hosts.clear();
    }
    for (auto& [id, room] : state.rooms) {
      if (!room.commanded) continue;
      room.commanded->devices.allowed_kinds.clear();
      room.commanded->devices.allowed.clear();
    }
    if (!before) {
      EXPECT_FALSE(decide(state, rules, flow, kNow).allowed);
    }
  });
}

TEST(DecideProperties, InfrastructureIsNeverGoverned) {
  for_all([](State& state, const Rulebook& rules, const Flow& flow, Generator&) {
    Flow own = flow;
    own.originator = at(state, "alarm");
    own.responder.reset();
    EXPECT_TRUE(decide(state, rules, own, kNow).allowed);
    Flow reached = flow;
    reached.originator.reset();
    reached.responder = at(state, "alarm");
    EXPECT_TRUE(decide(state, rules, reached, kNow).allowed);
    // It adds nothing to what is judged of the other end.
    reached.originator = flow.originator;
    Flow alone = flow;
    alone.responder.reset();
    EXPECT_EQ(decide(state, rules, reached, kNow).allowed,
              decide(state, rules, alone, kNow).allowed);
  });
}

TEST(DecideProperties, BetweenDeadlinesNothingChangesByItself) {
  for_all([](State& state, const Rulebook& rules, const Flow& flow, Generator&) {
    const auto deadline = next_deadline(state, kNow);
    const Decision now = decide(state, rules, flow, kNow);
    if (deadline) {
      EXPECT_GT(*deadline, kNow);
    }
    const WallTime later = deadline ? *deadline - 1us : kNow + std::chrono::hours(24 * 365);
    EXPECT_EQ(decide(state, rules, flow, later).allowed, now.allowed);
  });
}

TEST(DecideProperties, EveryRefusalCitesARuleOfItsLayer) {
  for_all([](State& state, const Rulebook& rules, const Flow& flow, Generator&) {
    const Decision decision = decide(state, rules, flow, kNow);
    EXPECT_EQ(decision.allowed, decision.layer == Layer::none);
    EXPECT_FALSE(decision.rule.empty());
    EXPECT_EQ(decision.allowed, decision.rule == rules.fallback);
  });
}

}  // namespace
}  // namespace lokaal::test
