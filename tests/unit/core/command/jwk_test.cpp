#include "core/command/jwk.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "core/base/json.hpp"

namespace lokaal {
namespace {

// RFC 8037 appendix A.1 to A.3.
constexpr std::string_view kPrivate =
    R"({"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",)"
    R"("x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";
constexpr std::string_view kPublic =
    R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";

std::string fault(std::string_view text) {
  const auto jwk = public_jwk(*parse_json(text));
  return jwk ? "" : jwk.error().message;
}

TEST(Jwk, ReadsThePrivateKeyOfRfc8037) {
  const auto jwk = private_jwk(kPrivate);
  ASSERT_TRUE(jwk.has_value()) << jwk.error().text();
  EXPECT_EQ(base64url(jwk->key.public_key().bytes), "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
  EXPECT_TRUE(jwk->kid.empty());
}

TEST(Jwk, ThumbprintIsThatOfRfc8037) {
  const auto jwk = public_jwk(*parse_json(kPublic));
  ASSERT_TRUE(jwk.has_value());
  EXPECT_EQ(thumbprint(jwk->key), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

TEST(Jwk, RefusesWhatIsNoEd25519PublicKey) {
  EXPECT_EQ(fault("[]"), "jwk: not an object");
  EXPECT_EQ(
      fault(R"({"kty":"EC","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})"),
      "jwk: \"kty\" is not \"OKP\"");
  EXPECT_EQ(
      fault(R"({"kty":"OKP","crv":"X25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})"),
      "jwk: \"crv\" is not \"Ed25519\"");
  EXPECT_EQ(
      fault(R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo="})"),
      "jwk: \"x\" is not 32 bytes in base64url");
  EXPECT_EQ(fault(R"({"kty":"OKP","crv":"Ed25519","x":"AAAA"})"),
            "jwk: \"x\" is not 32 bytes in base64url");
  EXPECT_EQ(fault(R"({"kty":"OKP","crv":"Ed25519"})"), "jwk: \"x\" is missing");
  EXPECT_EQ(
      fault(
          R"({"kty":"OKP","crv":"Ed25519","use":"enc","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})"),
      "jwk: \"use\" is not \"sig\"");
  EXPECT_EQ(
      fault(
          R"({"kty":"OKP","crv":"Ed25519","colour":"red","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})"),
      "jwk: \"colour\" is not a member that is known here");
}

TEST(Jwk, RefusesAPrivateKeyWhereAPublicOneBelongs) {
  const auto jwk = public_jwk(*parse_json(kPrivate));
  ASSERT_FALSE(jwk.has_value());
  EXPECT_EQ(jwk.error().message, "jwk: a private key");
}

TEST(Jwk, RefusesAKeyFileWhosePartsDoNotBelongTogether) {
  const auto jwk = private_jwk(
      R"({"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",)"
      R"("x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})");
  ASSERT_FALSE(jwk.has_value());
  EXPECT_EQ(jwk.error().message, "key file: \"x\" is not the public part of \"d\"");
}

TEST(Jwk, WritesAKeyFileThatItReadsAgain) {
  PrivateJwk key = *private_jwk(kPrivate);
  key.kid = KeyId("teacher-1");
  const auto again = private_jwk(boost::json::serialize(to_json(key)));
  ASSERT_TRUE(again.has_value()) << again.error().text();
  EXPECT_EQ(again->kid, key.kid);
  EXPECT_EQ(again->key.seed, key.key.seed);
  const auto open = public_jwk(to_json(PublicJwk{key.kid, key.key.public_key()}));
  ASSERT_TRUE(open.has_value()) << open.error().text();
  EXPECT_EQ(open->key, key.key.public_key());
}

}  // namespace
}  // namespace lokaal
