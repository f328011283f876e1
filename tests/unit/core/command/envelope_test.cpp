#include "core/command/envelope.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tests/unit/core/command/school.hpp"

namespace lokaal {
namespace {

namespace json = boost::json;
using namespace school;

const std::string kHeader = R"({"alg":"EdDSA","kid":"teacher-key","typ":"lokaal-command+jwt"})";

std::string fault_with(std::string_view claim, const json::value& value) {
  auto spoiled = claims(kLesson);
  spoiled[claim] = value;
  const auto parsed = parse_signed_command(sign(spoiled));
  return parsed ? "" : parsed.error().message;
}

TEST(Envelope, IsReadWithAllItsClaims) {
  auto object = claims(kLesson);
  object["nbf"] = kSecond - 5;
  object["act"] = {{"sub", "panel"}, {"act", {{"sub", "proxy"}}}};
  object["iss"] = 7;
  const auto parsed = parse_signed_command(sign(object));
  ASSERT_TRUE(parsed.has_value()) << parsed.error().text();
  const Envelope& envelope = parsed->envelope;
  EXPECT_EQ(envelope.jti.str(), jti(1));
  EXPECT_EQ(envelope.iat, kNow);
  EXPECT_EQ(envelope.exp, kNow + std::chrono::seconds(60));
  EXPECT_EQ(envelope.nbf, kNow - std::chrono::seconds(5));
  EXPECT_EQ(envelope.subject, PersonId("p-17"));
  EXPECT_EQ(envelope.actor, "panel");
  EXPECT_EQ(envelope.audience, "school/lokaal-112");
  EXPECT_EQ(envelope.kid, KeyId("teacher-key"));
  EXPECT_EQ(envelope.content, sha256(as_bytes(parsed->jws.signing_input)));
}

TEST(Envelope, RefusesClaimsOfTheWrongForm) {
  EXPECT_EQ(fault_with("jti", "17"), "claims: \"jti\" is not a UUID");
  EXPECT_EQ(fault_with("jti", 17), "claims: \"jti\" is not a string");
  EXPECT_EQ(fault_with("iat", "1800000000"), "claims: \"iat\" is not a whole number");
  EXPECT_EQ(fault_with("iat", 1800000000.5), "claims: \"iat\" is not a whole number");
  EXPECT_EQ(fault_with("iat", -1), "claims: \"iat\" is beyond the years 1970 to 9999");
  EXPECT_EQ(fault_with("exp", 253402300800), "claims: \"exp\" is beyond the years 1970 to 9999");
  EXPECT_EQ(fault_with("exp", kSecond), "claims: \"exp\" is not after \"iat\"");
  EXPECT_EQ(fault_with("nbf", nullptr), "claims: \"nbf\" is not a whole number");
  EXPECT_EQ(fault_with("aud", json::array{"school/lokaal-112"}), "claims: \"aud\" is not a string");
  EXPECT_EQ(fault_with("sub", nullptr), "claims: \"sub\" is not a string");
  EXPECT_EQ(fault_with("act", "panel"), "claims: \"act\" is not an object");
  EXPECT_EQ(fault_with("act", nullptr), "claims: \"act\" is not an object");
  EXPECT_EQ(fault_with("act", json::object{}), "claims: act: \"sub\" is missing");
  EXPECT_EQ(fault_with("cmd", nullptr), "cmd: not an object");
}

TEST(Envelope, RefusesAMissingClaim) {
  for (const char* name : {"jti", "iat", "exp", "sub", "aud", "cmd"}) {
    auto object = claims(kLesson);
    object.erase(name);
    const auto parsed = parse_signed_command(sign(object));
    ASSERT_FALSE(parsed.has_value()) << name;
    EXPECT_EQ(parsed.error().message, "claims: \"" + std::string(name) + "\" is missing");
  }
}

TEST(Envelope, RefusesAClaimTwiceOnAnyLevel) {
  const std::string text = json::serialize(claims(kLesson));
  EXPECT_TRUE(parse_signed_command(sign_raw(kHeader, text)).has_value());
  const std::string outer = text.substr(0, text.size() - 1) + R"(,"sub":"p-2"})";
  EXPECT_FALSE(parse_signed_command(sign_raw(kHeader, outer)).has_value());
  std::string inner = text;
  inner.replace(inner.find("\"type\""), 0, "\"mode\":\"open\",");
  EXPECT_FALSE(parse_signed_command(sign_raw(kHeader, inner)).has_value());
}

TEST(Envelope, RefusesTextThatIsNoJson) {
  for (const std::string& text :
       {std::string("{"), std::string("null"), std::string("{\"jti\":\"\xff\"}"),
        std::string(9000, '['), std::string("{}\0{}", 5), std::string("\xef\xbb\xbf{}")})
    EXPECT_FALSE(parse_signed_command(sign_raw(kHeader, text)).has_value());
}

TEST(Envelope, ReadsTheIdsOfWhatItCannotBelieve) {
  auto object = claims(kLesson);
  object["iat"] = "yesterday";
  EXPECT_EQ(readable_ids(sign(object)), (ReadableIds{CommandId(jti(1)), KeyId("teacher-key")}));
  object.erase("jti");
  EXPECT_EQ(readable_ids(sign(object)), (ReadableIds{std::nullopt, KeyId("teacher-key")}));
  EXPECT_EQ(readable_ids("nonsense"), ReadableIds{});
  EXPECT_EQ(readable_ids(sign(claims(kLesson)) + std::string(kCommandLimit, 'A')), ReadableIds{});
}

TEST(Uuid, HasItsTextForm) {
  EXPECT_TRUE(is_uuid("5f0c3a52-6a0e-4d0a-9d0a-000000000001"));
  EXPECT_TRUE(is_uuid("5F0C3A52-6A0E-4D0A-9D0A-000000000001"));
  EXPECT_FALSE(is_uuid("5f0c3a526a0e4d0a9d0a000000000001"));
  EXPECT_FALSE(is_uuid("5f0c3a52-6a0e-4d0a-9d0a-00000000000g"));
  EXPECT_FALSE(is_uuid("{5f0c3a52-6a0e-4d0a-9d0a-00000000001"));
  EXPECT_FALSE(is_uuid(""));
}

}  // namespace
}  // namespace lokaal
