#include "core/command/jws.hpp"

#include <gtest/gtest.h>

#include "tests/unit/core/command/school.hpp"

namespace lokaal {
namespace {

using school::key_of;

std::string b64(std::string_view text) {
  return base64url(as_bytes(text));
}

std::string fault(const std::string& compact) {
  const auto jws = parse_jws(compact);
  return jws ? "" : jws.error().message;
}

std::string header_fault(const std::string& header) {
  return fault(b64(header) + ".e30.AA");
}

TEST(Jws, VerifiesTheExampleOfRfc8037) {
  const auto jws = parse_jws(
      "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
      "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
  ASSERT_TRUE(jws.has_value()) << jws.error().text();
  const auto x = from_base64url("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
  EXPECT_TRUE(jws->signed_by(*Ed25519PublicKey::from(*x)));
  EXPECT_EQ(as_text(jws->payload), "Example of Ed25519 signing");
}

TEST(Jws, RefusesWhatHasNotThreeParts) {
  for (const char* text : {"", ".", "a.b", "a.b.c.d", "{\"payload\":\"\"}"})
    EXPECT_EQ(fault(text), "not three parts with a dot between: no JWS in compact serialisation")
        << text;
}

TEST(Jws, RefusesPaddedAndForeignBase64) {
  EXPECT_EQ(fault(b64("{}") + ".e30.AA=="), "signature: a character that is not base64url");
  EXPECT_EQ(fault(b64("{}") + ".e30=.AA"), "payload: a character that is not base64url");
  EXPECT_EQ(fault(b64("{}") + ".e30.+/AA"), "signature: a character that is not base64url");
  EXPECT_EQ(fault(b64("{}") + ".e30.AA\n"), "signature: a character that is not base64url");
  EXPECT_EQ(fault(b64("{}") + ".e31.AA"), "payload: base64url with stray trailing bits");
}

TEST(Jws, RefusesHeadersThatBendHowItIsRead) {
  for (const char* name : {"crit", "b64", "jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256", "zip"}) {
    const std::string header = std::string(R"({"alg":"EdDSA",")") + name + R"(":[]})";
    EXPECT_EQ(header_fault(header), "header: " + ('"' + std::string(name)) + "\" is forbidden");
  }
}

TEST(Jws, RefusesAHeaderWithAMemberTwice) {
  EXPECT_EQ(header_fault(R"({"alg":"EdDSA","alg":"none"})"),
            "header: member \"alg\" appears twice");
  EXPECT_EQ(header_fault(R"({"alg":"EdDSA","al\u0067":"none"})"),
            "header: member \"alg\" appears twice");
}

TEST(Jws, RefusesAHeaderOfWrongTypes) {
  EXPECT_EQ(header_fault("[]"), "header: not a JSON object");
  EXPECT_EQ(header_fault(R"({"alg":1})"), "header: \"alg\" is not a string");
  EXPECT_EQ(header_fault(R"({"kid":null})"), "header: \"kid\" is not a string");
  EXPECT_NE(header_fault("{}{}"), "");
  EXPECT_NE(header_fault(std::string(9000, ' ') + "{}"), "");
}

TEST(Jws, LeavesOtherHeaderMembersBe) {
  const auto jws = parse_jws(b64(R"({"alg":"EdDSA","cty":"json"})") + ".e30.AA");
  ASSERT_TRUE(jws.has_value());
  EXPECT_EQ(jws->header.members, 2U);
  EXPECT_FALSE(jws->header.kid.has_value());
}

TEST(Jws, SignsWhatItVerifies) {
  const auto key = key_of("k");
  auto jws = parse_jws(sign_jws(key, "t", as_bytes("payload"), "Ed25519"));
  ASSERT_TRUE(jws.has_value());
  EXPECT_EQ(jws->header.alg, "Ed25519");
  EXPECT_EQ(jws->header.kid, KeyId("k"));
  EXPECT_TRUE(jws->signed_by(key.key.public_key()));
  EXPECT_FALSE(jws->signed_by(key_of("other").key.public_key()));
  jws->signing_input.back() = jws->signing_input.back() == 'A' ? 'B' : 'A';
  EXPECT_FALSE(jws->signed_by(key.key.public_key()));
}

class Published : public testing::Test {
 protected:
  std::string topic = "lokaal/v1/school/rooms/lokaal-112/state";
  std::string payload = R"({"v":1})";
  std::string jws = sign_published(key_of("gw-1"), topic, as_bytes(payload));

  Result<KeyId> verify(const std::string& what) {
    return verify_published(what, topic, as_bytes(payload),
                            [](const KeyId& kid) -> std::optional<Ed25519PublicKey> {
                              if (kid != KeyId("gw-1")) return std::nullopt;
                              return key_of("gw-1").key.public_key();
                            });
  }
};

TEST_F(Published, HoldsForItsTopicAndPayload) {
  const auto kid = verify(jws);
  ASSERT_TRUE(kid.has_value()) << kid.error().text();
  EXPECT_EQ(*kid, KeyId("gw-1"));
}

TEST_F(Published, HasExactlyTheHeaderOfTheContract) {
  const auto header = from_base64url(jws.substr(0, jws.find('.')));
  EXPECT_EQ(as_text(*header), R"({"alg":"EdDSA","kid":"gw-1","typ":"lokaal-node+jws"})");
}

TEST_F(Published, DoesNotHoldOnAnotherTopic) {
  topic = "lokaal/v1/school/rooms/lokaal-113/state";
  EXPECT_FALSE(verify(jws).has_value());
}

TEST_F(Published, DoesNotHoldForAnotherPayload) {
  payload += ' ';
  EXPECT_FALSE(verify(jws).has_value());
}

TEST_F(Published, DoesNotHoldByAKeyThatMayNotSpeak) {
  EXPECT_FALSE(verify(sign_published(key_of("gw-2"), topic, as_bytes(payload))).has_value());
}

TEST_F(Published, DoesNotHoldWithAnyOtherHeader) {
  const auto with_header = [&](const std::string& header) {
    const std::string input = b64(header) + '.' + b64(topic + "\n" + payload);
    return b64(header) + ".." + base64url(key_of("gw-1").key.sign(as_bytes(input)));
  };
  EXPECT_TRUE(
      verify(with_header(R"({"typ":"lokaal-node+jws","alg":"Ed25519","kid":"gw-1"})")).has_value());
  EXPECT_FALSE(
      verify(with_header(R"({"typ":"lokaal-node+jws","alg":"EdDSA","kid":"gw-1","cty":"json"})"))
          .has_value());
  EXPECT_FALSE(verify(with_header(R"({"typ":"lokaal-command+jwt","alg":"EdDSA","kid":"gw-1"})"))
                   .has_value());
  EXPECT_FALSE(verify(with_header(R"({"typ":"lokaal-node+jws","kid":"gw-1"})")).has_value());
}

TEST_F(Published, IsDetached) {
  const std::string header = jws.substr(0, jws.find('.'));
  const std::string attached =
      header + '.' + b64(topic + "\n" + payload) + jws.substr(jws.rfind('.'));
  EXPECT_FALSE(verify(attached).has_value());
  EXPECT_FALSE(verify("").has_value());
  EXPECT_FALSE(verify("..").has_value());
  EXPECT_FALSE(verify(jws + ".").has_value());
}

TEST(GeneralJws, CarriesSeveralSignaturesOverOnePayload) {
  const auto parsed = parse_general_jws(
      sign_general_jws({key_of("a"), key_of("b")}, "lokaal-root+jws", as_bytes("{}")));
  ASSERT_TRUE(parsed.has_value()) << parsed.error().text();
  ASSERT_EQ(parsed->size(), 2U);
  EXPECT_TRUE((*parsed)[0].signed_by(key_of("a").key.public_key()));
  EXPECT_TRUE((*parsed)[1].signed_by(key_of("b").key.public_key()));
  EXPECT_FALSE((*parsed)[0].signed_by(key_of("b").key.public_key()));
}

TEST(GeneralJws, RefusesUnprotectedHeadersAndOtherForms) {
  const std::string part = R"({"protected":")" + b64("{}") + R"(","signature":"AA"})";
  const auto ok = [](const std::string& text) { return parse_general_jws(text).has_value(); };
  EXPECT_TRUE(ok(R"({"payload":"e30","signatures":[)" + part + "]}"));
  EXPECT_FALSE(ok(R"({"payload":"e30","signatures":[]})"));
  EXPECT_FALSE(ok(R"({"payload":"e30","protected":"e30","signature":"AA"})"));
  EXPECT_FALSE(
      ok(R"({"payload":"e30","signatures":[{"protected":"e30","signature":"AA","header":{}}]})"));
  EXPECT_FALSE(ok(R"({"payload":"e30","payload":"e30","signatures":[)" + part + "]}"));
  std::string many = part;
  for (int i = 0; i < 16; ++i) many += "," + part;
  EXPECT_FALSE(ok(R"({"payload":"e30","signatures":[)" + many + "]}"));
}

}  // namespace
}  // namespace lokaal
