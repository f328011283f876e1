#include "core/command/command.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "core/base/json.hpp"

namespace lokaal {
namespace {

template <class T>
T read(const char* text) {
  const auto command = parse_command(*parse_json(text));
  EXPECT_TRUE(command.has_value()) << text << ": " << command.error().text();
  const T* found = command ? std::get_if<T>(&*command) : nullptr;
  EXPECT_NE(found, nullptr) << text;
  return found != nullptr ? *found : T{};
}

TEST(Command, ReadsEveryFormOfTheContract) {
  const auto mode = read<SetMode>(
      R"({"type":"set-mode","mode":"exam","until":"2026-11-22T10:20:00Z","allow":["remindo","exam.example.nl"],"if_generation":4})");
  EXPECT_EQ(mode, (SetMode{"exam", "2026-11-22T10:20:00Z",
                           std::vector<std::string>{"remindo", "exam.example.nl"}, 4}));
  EXPECT_EQ(read<SetMode>(R"({"type":"set-mode","mode":"open"})"), (SetMode{"open", {}, {}, {}}));
  EXPECT_EQ(read<RunExam>(
                R"({"type":"exam","action":"extend","exam":"e-1","until":"x","candidate":"d-1"})"),
            (RunExam{ExamAction::extend, ExamId("e-1"), "x", DeviceId("d-1")}));
  EXPECT_EQ(read<GiveGrant>(
                R"({"type":"grant","services":["instagram"],"minutes":10,"reason":"teaching"})"),
            (GiveGrant{{ServiceId("instagram")}, {}, {}, 10, false, "teaching"}));
  EXPECT_TRUE(
      read<GiveGrant>(
          R"({"type":"grant","services":["x"],"devices":["d"],"lesson-end":true,"reason":"care"})")
          .lesson_end);
  EXPECT_EQ(read<RevokeGrant>(R"({"type":"revoke","grant":"g-1"})").grant, GrantId("g-1"));
  EXPECT_EQ(read<SetDevices>(R"({"type":"set-devices","forbid":["phone"]})"),
            (SetDevices{{}, std::vector<std::string>{"phone"}}));
  EXPECT_EQ(read<SetOverlay>(R"({"type":"set-overlay","overlay":"phone-free","on":true})"),
            (SetOverlay{"phone-free", true, {}}));
  EXPECT_EQ(
      read<Exempt>(
          R"({"type":"exempt","device":"d","from":["exam"],"until":"u","reason":"facility","accept_weak_identity":true})"),
      (Exempt{DeviceId("d"), {"exam"}, {}, "u", "facility", true}));
  EXPECT_EQ(read<EndExemption>(R"({"type":"end-exemption","exemption":"x-1"})").exemption,
            ExemptionId("x-1"));
  read<TakeRoom>(R"({"type":"take-room"})");
  EXPECT_TRUE(read<Emergency>(R"({"type":"emergency","on":true})").on);
  read<Release>(R"({"type":"release"})");
}

TEST(Command, NamesItsType) {
  for (const char* type : {"set-mode", "exam", "grant", "revoke", "set-devices", "set-overlay",
                           "exempt", "end-exemption", "take-room", "emergency", "release"}) {
    const auto unknown = parse_command(boost::json::object{{"type", type}, {"colour", 1}});
    ASSERT_FALSE(unknown.has_value()) << type;
  }
  EXPECT_EQ(type_of(Command{TakeRoom{}}), "take-room");
  EXPECT_EQ(type_of(Command{SetDevices{}}), "set-devices");
  EXPECT_EQ(type_of(Command{UnknownCommand{"dance"}}), "dance");
}

TEST(Command, KeepsUnknownTypesModesAndOverlaysForLater) {
  EXPECT_EQ(read<UnknownCommand>(R"({"type":"dance","steps":[1,2,null]})").type, "dance");
  EXPECT_EQ(read<SetMode>(R"({"type":"set-mode","mode":"nap","until":"soon","allow":[]})").until,
            "soon");
  EXPECT_EQ(read<SetOverlay>(R"({"type":"set-overlay","overlay":"quiet","on":true})").overlay,
            "quiet");
}

TEST(Command, TakesAGenerationInBothForms) {
  EXPECT_EQ(
      read<SetMode>(R"({"type":"set-mode","mode":"open","if_generation":"18"})").if_generation,
      18U);
  EXPECT_EQ(
      read<SetMode>(R"({"type":"set-mode","mode":"open","if_generation":18446744073709551615})")
          .if_generation,
      18446744073709551615U);
}

class Malformed : public testing::TestWithParam<const char*> {};

TEST_P(Malformed, IsRefused) {
  EXPECT_FALSE(parse_command(*parse_json(GetParam())).has_value());
}

INSTANTIATE_TEST_SUITE_P(
    Command, Malformed,
    testing::Values(
        "[]", "\"set-mode\"", "{}", R"({"type":1})", R"({"type":null})", R"({"type":""})",
        R"({"type":"set-mode"})", R"({"type":"set-mode","mode":1})",
        R"({"type":"set-mode","mode":"open","until":1800000000})",
        R"({"type":"set-mode","mode":"open","until":null})",
        R"({"type":"set-mode","mode":"lesson","allow":["x"]})",
        R"({"type":"set-mode","mode":"exam","allow":"x"})",
        R"({"type":"set-mode","mode":"exam","allow":[1]})",
        R"({"type":"set-mode","mode":"open","if_generation":-1})",
        R"({"type":"set-mode","mode":"open","if_generation":1.5})",
        R"({"type":"set-mode","mode":"open","if_generation":"04"})",
        R"({"type":"set-mode","mode":"open","if_generation":"-4"})",
        R"({"type":"set-mode","mode":"open","if_generation":true})",
        R"({"type":"set-mode","mode":"open","room":"lokaal-112"})",
        R"({"type":"exam","action":"pause","exam":"e","candidate":"d"})",
        R"({"type":"exam","action":"resume","exam":"e","candidate":"d"})",
        R"({"type":"exam","action":"start","exam":"e","candidate":"d"})",
        R"({"type":"exam","action":"begin","exam":"e"})", R"({"type":"exam","action":"start"})",
        R"({"type":"grant","services":[],"minutes":5,"reason":"teaching"})",
        R"({"type":"grant","services":["x"],"reason":"teaching"})",
        R"({"type":"grant","services":["x"],"minutes":5,"lesson-end":true,"reason":"teaching"})",
        R"({"type":"grant","services":["x"],"lesson-end":false,"reason":"teaching"})",
        R"({"type":"grant","services":["x"],"minutes":"5","reason":"teaching"})",
        R"({"type":"grant","services":["x"],"minutes":5,"reason":"because she has asthma"})",
        R"({"type":"grant","services":["x"],"minutes":5})",
        R"({"type":"grant","services":["x"],"devices":[],"minutes":5,"reason":"teaching"})",
        R"({"type":"revoke"})", R"({"type":"set-devices","allow":"phone"})",
        R"({"type":"set-overlay","overlay":"phone-free"})",
        R"({"type":"set-overlay","overlay":"phone-free","on":"yes"})",
        R"({"type":"exempt","device":"d","from":[],"until":"u","reason":"care"})",
        R"({"type":"exempt","device":"d","from":["everything"],"until":"u","reason":"care"})",
        R"({"type":"exempt","device":"d","from":["exam"],"services":["x"],"until":"u","reason":"care"})",
        R"({"type":"exempt","device":"d","from":["exam"],"reason":"care"})",
        R"({"type":"exempt","device":"d","from":["exam"],"until":"u","reason":"care","accept_weak_identity":1})",
        R"({"type":"end-exemption","exemption":""})", R"({"type":"take-room","room":"r"})",
        R"({"type":"emergency"})", R"({"type":"release","all":true})"));

}  // namespace
}  // namespace lokaal
