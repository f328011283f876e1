// What others do to the table is found, and mended without disturbing anyone where it can be.
#include "tests/unit/adapters/packet_filter/school.hpp"

namespace lokaal::test {
namespace {

using namespace std::chrono_literals;

class Mend : public School {
 protected:
  Mend() {
    a().mode = Mode::lesson;
    b().mode = Mode::lesson;
    b().exams = {DesiredExam{{kExamPlatform}, in(1h)}};
    desired_.candidates[number(kLaptop)] = {DesiredExam{{kExamPlatform}, in(1h)}};
    desired_.cut = {number(kPhone)};
    desired_.phone_free = DesiredOverlay{{{Kind::phone, false}}, in(1h)};
    apply();
  }

  void expect_as_left() {
    EXPECT_FALSE(passes(kPhone, kServer));
    EXPECT_FALSE(passes(kLaptop, kServer));
    EXPECT_TRUE(passes(kLaptop, kExamServer));
    EXPECT_TRUE(passes(kStaffLaptop, kSocialServer));
    EXPECT_FALSE(passes(kBoard, kSocialServer));
    EXPECT_TRUE(passes(kBoard, kServer));
    EXPECT_FALSE(passes(kLabB, kServer));
    EXPECT_TRUE(passes(kLabB, kExamServer));
    EXPECT_FALSE(passes(kServer, kPhone));
  }

  Nft nft_;
};

TEST_F(Mend, FindsNothingWhereNobodyWas) {
  EXPECT_EQ(drift().found, "");
  learn(number(kPhone), kServer, kSocial);
  EXPECT_EQ(drift().found, "");
  install();
  EXPECT_EQ(drift().found, "");
  expect_as_left();
}

struct Deed {
  const char* name;
  const char* commands;
  const char* found;
};

class ElementsOfOthers : public Mend, public testing::WithParamInterface<Deed> {};

TEST_P(ElementsOfOthers, AreMendedInOneBatch) {
  nft_.run("table inet others { set s { type ipv4_addr; elements = { 1.2.3.4 }\n }\n}\n");
  const std::string others = nft_.run("list table inet others");
  const std::string before = nft_.run("list chain inet lokaal judge");
  nft_.run(GetParam().commands);
  const Drift found = drift();
  EXPECT_EQ(found.found, GetParam().found);
  EXPECT_TRUE(found.mended);
  EXPECT_EQ(drift().found, "") << "once is enough";
  expect_as_left();
  EXPECT_EQ(nft_.run("list table inet others"), others);
  EXPECT_EQ(nft_.run("list chain inet lokaal judge"), before);
  a().mode = Mode::devices_away;
  apply();
  EXPECT_FALSE(passes(kBoard, kSocialServer));
}

// Room A has number 7 (mode lesson 1), room B 300.
INSTANTIATE_TEST_SUITE_P(
    Deeds, ElementsOfOthers,
    testing::Values(
        Deed{"ModeReplaced",
             "delete element inet lokaal room_modes { 0x00000701 }\n"
             "add element inet lokaal room_modes { 0x00000700 }\n",
             "room_modes: 1 missing, 1 foreign"},
        Deed{"ModeAdded", "add element inet lokaal room_modes { 0x00000700 }\n",
             "room_modes: 1 foreign"},
        Deed{"ExamTakenAway", "flush set inet lokaal exams\n", "exams: 1 missing"},
        Deed{"ExamCutShort",
             "delete element inet lokaal exams { 0x0000012c }\n"
             "add element inet lokaal exams { 0x0000012c timeout 20s }\n",
             "exams: 1 altered"},
        Deed{"CutTakenAway", "flush set inet lokaal cut_devices\n", "cut_devices: 1 missing"},
        Deed{"GrantInvented", "add element inet lokaal grants { 0x00000007 . 0x00000005 }\n",
             "grants: 1 foreign"},
        Deed{"GrantInventedForAWhile",
             "add element inet lokaal grants { 0x00000007 . 0x00000005 timeout 1h }\n",
             "grants: 1 foreign"},
        Deed{"AllowedInTheExam",
             "add element inet lokaal exam_allowed { 0x0000012c . 0x00000000 }\n",
             "exam_allowed: 1 foreign"},
        Deed{"MadeInfrastructure",
             "flush map inet lokaal device_marks\n"
             "add element inet lokaal device_marks { 02:00:00:00:00:0b : 0x07000b00 }\n",
             "device_marks: 9 missing, 1 altered"},
        Deed{"Unlearned", "flush map inet lokaal learned4\nflush map inet lokaal learned6\n",
             "learned4: 20 missing; learned6: 20 missing"},
        Deed{"LearnedOtherwise",
             "flush map inet lokaal learned4\n"
             "add element inet lokaal learned4 { 0x00000000 . 192.0.2.25 : jump class_9 }\n",
             "learned4: 19 missing, 1 altered"},
        Deed{"GenerationForged",
             "flush set inet lokaal applied\nadd element inet lokaal applied { 0x00000063 }\n",
             "applied: 1 missing, 1 foreign"}),
    [](const auto& tested) { return tested.param.name; });

class RulesOfOthers : public Mend, public testing::WithParamInterface<Deed> {};

TEST_P(RulesOfOthers, AskForAnInstall) {
  nft_.run(GetParam().commands);
  const Drift found = drift();
  EXPECT_NE(found.found.find(GetParam().found), std::string::npos) << found.found;
  EXPECT_FALSE(found.mended);
  const auto applied = filter_->apply(desired_, now());
  ASSERT_FALSE(applied) << "lost until it is installed";
  EXPECT_EQ(applied.error().kind, FilterFailure::Kind::lost);
  install();
  EXPECT_EQ(drift().found, "");
  expect_as_left();
}

INSTANTIATE_TEST_SUITE_P(
    Deeds, RulesOfOthers,
    testing::Values(
        Deed{"RuleSetFlushed", "flush ruleset\n", "the table is gone"},
        Deed{"TableDeleted", "delete table inet lokaal\n", "the table is gone"},
        Deed{"ChainFlushed", "flush chain inet lokaal judge\n", "missing (rule judge "},
        Deed{"RuleAdded", "insert rule inet lokaal forward accept\n", "1 foreign (rule forward "},
        Deed{"ChainAdded",
             "add chain inet lokaal mine { type filter hook forward priority 5; policy drop; }\n",
             "1 foreign (chain mine hook policy 0)"},
        Deed{"PolicyChanged", "chain inet lokaal forward { policy drop; }\n", "chain forward hook"},
        Deed{"InterfaceFreed", "delete element inet lokaal room_ports { \"br-a\" }\n",
             "1 missing (room_ports br-a )"},
        Deed{"InterfaceMoved",
             "delete element inet lokaal from_room { \"br-a\" }\n"
             "add element inet lokaal from_room { \"br-a\" : jump from_300 }\n",
             "from_room br-a from_300"},
        Deed{"EverythingAllowed", "add element inet lokaal exam_allowed { * }\n",
             "exam_allowed: 1 foreign"},
        Deed{"SwitchedOff", "table inet lokaal { flags dormant; }\n", "table "}),
    [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace lokaal::test
