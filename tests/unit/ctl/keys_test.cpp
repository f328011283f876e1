#include <gtest/gtest.h>
#include <sys/stat.h>

#include "core/base/json.hpp"
#include "core/command/jwk.hpp"
#include "tests/unit/ctl/workbench.hpp"

namespace lokaal::test {
namespace {

using Ctl = Workbench;

TEST(Keygen, WritesAKeyForItsOwnerAloneAndPrintsThePublicPart) {
  const Ctl ctl;
  const Said said =
      ctl.done({"keygen", "--role", "teacher", "--kid", "t-1", "--out", ctl.path("k")});
  struct stat file {};
  ASSERT_EQ(::stat(ctl.path("k").c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777U, 0600U);
  const auto printed = public_jwk(*parse_json(said.out.substr(0, said.out.size() - 1)));
  ASSERT_TRUE(printed.has_value()) << said.out;
  const auto kept = private_jwk(ctl.text("k"));
  ASSERT_TRUE(kept.has_value()) << kept.error().text();
  EXPECT_EQ(kept->key.public_key(), printed->key);
  EXPECT_EQ(kept->kid, KeyId("t-1"));
  EXPECT_EQ(said.out.find("\"d\""), std::string::npos);
}

TEST(Keygen, NeverWritesOverAKey) {
  const Ctl ctl;
  ctl.key("t-1");
  const std::string before = ctl.text("t-1.jwk");
  const Said said =
      ctl.call({"keygen", "--role", "teacher", "--kid", "t-1", "--out", ctl.path("t-1.jwk")});
  EXPECT_EQ(said.code, 2);
  EXPECT_NE(said.err.find("exists"), std::string::npos);
  EXPECT_EQ(ctl.text("t-1.jwk"), before);
}

TEST(Keygen, MakesAnotherKeyEveryTime) {
  const Ctl ctl;
  EXPECT_NE(ctl.key("a").at("x"), ctl.key("b").at("x"));
}

TEST(Keygen, SaysWhatTheRosterHasToBeTold) {
  const Ctl ctl;
  const auto entry =
      ctl.done({"--json", "keygen", "--role", "panel", "--kid", "p", "--out", ctl.path("p")})
          .json()
          .at("entry")
          .as_object();
  EXPECT_EQ(entry.at("role"), "panel");
  EXPECT_TRUE(entry.contains("node"));
  EXPECT_FALSE(entry.contains("person"));
}

TEST(Keygen, RefusesARoleThatNobodyHas) {
  const Ctl ctl;
  EXPECT_EQ(ctl.call({"keygen", "--role", "king", "--kid", "k", "--out", ctl.path("k")}).code, 2);
  EXPECT_EQ(ctl.call({"keygen", "--role", "it", "--kid", "../k"}).code, 2);
  EXPECT_EQ(ctl.call({"keygen"}).code, 2);
}

TEST(Thumbprint, IsTheSameOfBothPartsOfAKey) {
  const Ctl ctl;
  ctl.put("public",
          R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})");
  ctl.put("private",
          R"({"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",)"
          R"("x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})");
  for (const char* name : {"public", "private"}) {
    EXPECT_EQ(ctl.done({"thumbprint", ctl.path(name)}).out,
              "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k\n");
    EXPECT_EQ(ctl.done({"thumbprint", ctl.path(name), "--json"}).json().at("thumbprint"),
              "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
  }
}

TEST(Thumbprint, OfWhatIsNoKeyIsAnError) {
  const Ctl ctl;
  ctl.put("text", "hello");
  EXPECT_EQ(ctl.call({"thumbprint", ctl.path("text")}).code, 2);
  EXPECT_EQ(ctl.call({"thumbprint", ctl.path("missing")}).code, 2);
  EXPECT_TRUE(
      ctl.call({"--json", "thumbprint", ctl.path("missing")}).json().at("error").is_string());
}

TEST(Program, HasHelpAndAVersion) {
  const Ctl ctl;
  EXPECT_NE(ctl.done({"--help"}).out.find("keygen"), std::string::npos);
  EXPECT_EQ(ctl.done({"--version"}).out.rfind("lokaalctl ", 0), 0U);
  EXPECT_NE(ctl.done({"sign", "--help"}).out.find("set-mode"), std::string::npos);
  EXPECT_EQ(ctl.call({}).code, 2);
  EXPECT_EQ(ctl.call({"dance"}).code, 2);
}

}  // namespace
}  // namespace lokaal::test
