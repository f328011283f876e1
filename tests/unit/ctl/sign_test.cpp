#include <gtest/gtest.h>

#include "core/base/json.hpp"
#include "core/command/envelope.hpp"
#include "core/command/roster.hpp"
#include "ctl/wall_time.hpp"
#include "tests/unit/ctl/workbench.hpp"

namespace lokaal::test {
namespace {

namespace json = boost::json;

class Sign : public testing::Test {
 protected:
  void SetUp() override { jwk = ctl.key("t-1"); }

  std::vector<std::string> arguments(std::vector<std::string> command) {
    std::vector<std::string> out = {"sign", "--key", ctl.path("t-1.jwk"), "--sub",
                                    "p-17", "--aud", "school/lokaal-112"};
    out.insert(out.end(), command.begin(), command.end());
    return out;
  }
  std::string signed_by(std::vector<std::string> command) {
    std::string out = ctl.done(arguments(std::move(command))).out;
    return out.substr(0, out.find('\n'));
  }
  std::string cmd(std::vector<std::string> command) {
    const auto parsed = parse_signed_command(signed_by(std::move(command)));
    EXPECT_TRUE(parsed.has_value());
    return json::serialize(parse_json(as_text(parsed->jws.payload))->at("cmd"));
  }

  Workbench ctl;
  json::value jwk;
};

TEST_F(Sign, MakesACommandThatHolds) {
  const auto before = ctl::wall_now();
  const auto parsed = parse_signed_command(signed_by({"set-mode", "lesson"}));
  ASSERT_TRUE(parsed.has_value()) << parsed.error().text();
  EXPECT_TRUE(parsed->jws.signed_by(public_jwk(jwk)->key));
  EXPECT_EQ(parsed->jws.header.typ, kCommandType);
  EXPECT_EQ(parsed->envelope.kid, KeyId("t-1"));
  EXPECT_EQ(parsed->envelope.subject, PersonId("p-17"));
  EXPECT_EQ(parsed->envelope.audience, "school/lokaal-112");
  EXPECT_EQ(parsed->envelope.exp - parsed->envelope.iat, std::chrono::seconds(60));
  EXPECT_GE(parsed->envelope.iat + std::chrono::seconds(1), before);
  EXPECT_TRUE(std::holds_alternative<SetMode>(parsed->command));
}

TEST_F(Sign, TypesEveryCommand) {
  const std::string until = "2030-11-22T10:20:00+01:00";
  EXPECT_EQ(cmd({"set-mode", "exam", "--until", until, "--allow", "a,b.example.nl",
                 "--if-generation", "4"}),
            R"({"type":"set-mode","mode":"exam","allow":["a","b.example.nl"],"if_generation":4,)"
            R"("until":"2030-11-22T09:20:00Z"})");
  EXPECT_EQ(cmd({"exam", "extend", "e-1", "--candidate", "c-1", "--until", until}),
            R"({"type":"exam","action":"extend","exam":"e-1","candidate":"c-1",)"
            R"("until":"2030-11-22T09:20:00Z"})");
  EXPECT_EQ(cmd({"grant", "instagram,tiktok"}),
            R"({"type":"grant","services":["instagram","tiktok"],"reason":"teaching",)"
            R"("lesson-end":true})");
  EXPECT_EQ(cmd({"grant", "x", "--minutes", "10", "--devices", "d-1", "--reason", "care"}),
            R"({"type":"grant","services":["x"],"devices":["d-1"],"reason":"care","minutes":10})");
  EXPECT_EQ(cmd({"revoke", "g-1"}), R"({"type":"revoke","grant":"g-1"})");
  EXPECT_EQ(cmd({"set-devices", "--forbid", "phone,tablet"}),
            R"({"type":"set-devices","forbid":["phone","tablet"]})");
  EXPECT_EQ(cmd({"set-overlay", "phone-free", "on"}),
            R"({"type":"set-overlay","overlay":"phone-free","on":true})");
  EXPECT_EQ(cmd({"exempt", "d-1", "--from", "phone-free", "--until", until}),
            R"({"type":"exempt","device":"d-1","from":["phone-free"],"reason":"other",)"
            R"("until":"2030-11-22T09:20:00Z"})");
  EXPECT_EQ(cmd({"end-exemption", "x-1"}), R"({"type":"end-exemption","exemption":"x-1"})");
  EXPECT_EQ(cmd({"take-room"}), R"({"type":"take-room"})");
  EXPECT_EQ(cmd({"emergency", "off"}), R"({"type":"emergency","on":false})");
  EXPECT_EQ(cmd({"release"}), R"({"type":"release"})");
}

TEST_F(Sign, TakesTheClaimsThatItIsGiven) {
  const auto parsed = parse_signed_command(
      signed_by({"--act", "panel", "--lifetime", "600", "--alg", "Ed25519", "--jti",
                 "5f0c3a52-6a0e-4d0a-9d0a-000000000001", "set-mode", "open"}));
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->envelope.actor, "panel");
  EXPECT_EQ(parsed->envelope.jti.str(), "5f0c3a52-6a0e-4d0a-9d0a-000000000001");
  EXPECT_EQ(parsed->envelope.exp - parsed->envelope.iat, std::chrono::seconds(600));
  EXPECT_EQ(parsed->jws.header.alg, "Ed25519");
}

TEST_F(Sign, SaysAsJsonWhatItSigned) {
  auto with_json = arguments({"set-mode", "open"});
  with_json.push_back("--json");
  const auto said = ctl.done(with_json).json();
  const auto parsed = parse_signed_command(std::string(said.at("jws").as_string()));
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(said.at("jti").as_string(), parsed->envelope.jti.str());
  EXPECT_EQ(said.at("claims").at("sub"), "p-17");
}

TEST_F(Sign, SignsNothingThatIsMalformed) {
  EXPECT_EQ(ctl.call(arguments({"set-mode", "lesson", "--allow", "x"})).code, 2);
  EXPECT_EQ(ctl.call(arguments({"grant", "x", "--reason", "because"})).code, 2);
  EXPECT_EQ(ctl.call(arguments({"set-mode", "lesson", "--until", "soon"})).code, 2);
  EXPECT_EQ(ctl.call(arguments({"--lifetime", "601", "set-mode", "lesson"})).code, 2);
  EXPECT_EQ(ctl.call(arguments({"set-mode"})).code, 2);
  EXPECT_EQ(ctl.call(arguments({})).code, 2);
  EXPECT_EQ(ctl.call({"sign", "--sub", "p", "--aud", "a/b", "set-mode", "open"}).code, 2);
  EXPECT_EQ(ctl.call({"sign", "--key", ctl.path("none"), "--sub", "p", "--aud", "a/b", "set-mode",
                      "open"})
                .code,
            2);
}

class SignPlan : public Sign {
 protected:
  void SetUp() override {
    Sign::SetUp();
    root_jwk = ctl.key("root-1", "root");
    ctl.put("root.json", json::serialize(json::object{
                             {"doc", "root"},
                             {"site", "school"},
                             {"version", 1},
                             {"issued", "2026-11-01T00:00:00Z"},
                             {"expires", nullptr},
                             {"keys", json::array{{{"kid", "root-1"}, {"jwk", root_jwk}}}},
                             {"threshold", 1}}));
    json::object entry{{"kid", "t-1"},
                       {"jwk", jwk},
                       {"role", "teacher"},
                       {"person", "p-17"},
                       {"rooms", json::array{"lokaal-112"}}};
    ctl.put("roster.json", json::serialize(json::object{{"doc", "roster"},
                                                        {"site", "school"},
                                                        {"version", 3},
                                                        {"issued", "2026-11-01T00:00:00Z"},
                                                        {"expires", nullptr},
                                                        {"entries", json::array{entry}}}));
  }
  json::value root_jwk;
};

TEST_F(SignPlan, MakesARootAndARosterThatANodeBelieves) {
  ctl.done({"sign", "plan", "root", ctl.path("root.json"), "--key", ctl.path("root-1.jwk"), "--out",
            ctl.path("root")});
  ctl.done({"sign", "plan", "roster", ctl.path("roster.json"), "--key", ctl.path("root-1.jwk"),
            "--out", ctl.path("roster")});
  const auto root = first_root(ctl.text("root"), thumbprint(public_jwk(root_jwk)->key));
  ASSERT_TRUE(root.has_value()) << root.error().text();
  const auto roster = verify_roster(ctl.text("roster"), *root);
  ASSERT_TRUE(roster.has_value()) << roster.error().text();
  EXPECT_EQ(roster->document.version, 3U);
  EXPECT_NE(roster->find(KeyId("t-1")), nullptr);
}

TEST_F(SignPlan, SignsARootWithSeveralKeys) {
  ctl.key("root-2", "root");
  const std::string out = ctl.done({"sign", "plan", "root", ctl.path("root.json"), "--key",
                                    ctl.path("root-1.jwk"), "--key", ctl.path("root-2.jwk")})
                              .out;
  EXPECT_EQ(parse_general_jws(out)->size(), 2U);
}

TEST_F(SignPlan, RefusesWhatANodeWouldRefuse) {
  std::string text = ctl.text("roster.json");
  text.replace(text.find("teacher"), 7, "monarch");
  ctl.put("bad.json", text);
  const Said said =
      ctl.call({"sign", "plan", "roster", ctl.path("bad.json"), "--key", ctl.path("root-1.jwk")});
  EXPECT_EQ(said.code, 2);
  EXPECT_NE(said.err.find("entry 1"), std::string::npos) << said.err;
  EXPECT_EQ(
      ctl.call({"sign", "plan", "root", ctl.path("roster.json"), "--key", ctl.path("root-1.jwk")})
          .code,
      2);
}

}  // namespace
}  // namespace lokaal::test
