#include "core/plan/jwe.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace lokaal {
namespace {

namespace json = boost::json;

DecryptionJwk key(std::uint8_t seed = 7) {
  DecryptionJwk out;
  out.kid = KeyId("gw-1-inventory");
  out.key.bytes.fill(seed);
  return out;
}

EncryptionJwk open_part(const DecryptionJwk& jwk) {
  return {jwk.kid, jwk.key.public_key()};
}

std::string encrypt(std::string_view text, const EncryptionJwk& to = open_part(key())) {
  X25519PrivateKey once;
  once.bytes.fill(9);
  return make_jwe(to, as_bytes(text), once, GcmNonce{1, 2, 3}).value();
}

// The same message under another header.
std::string with_header(const json::object& header) {
  const std::string made = encrypt("text");
  return base64url(as_bytes(json::serialize(header))) + made.substr(made.find('.'));
}

json::object header_of(const std::string& jwe) {
  const auto bytes = from_base64url(jwe.substr(0, jwe.find('.'))).value();
  return json::parse(std::string(as_text(bytes))).as_object();
}

TEST(Jwe, IsReadByTheNodeThatItIsFor) {
  const std::string jwe = encrypt("vóór de bel");
  EXPECT_EQ(as_text(open_jwe(jwe, key()).value()), "vóór de bel");
  EXPECT_FALSE(open_jwe(jwe, key(8)));
  EXPECT_EQ(as_text(open_jwe(encrypt(""), key()).value()), "");
}

TEST(Jwe, OneThatNamesAnotherKeyIsRefusedBeforeItIsTried) {
  DecryptionJwk other = key();
  other.kid = KeyId("gw-2-inventory");
  const auto opened = open_jwe(encrypt("text"), other);
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("gw-1-inventory"), std::string::npos);
  other.kid = KeyId();
  EXPECT_TRUE(open_jwe(encrypt("text"), other)) << "a key without a name";
}

TEST(Jwe, AnyChangeIsSeen) {
  const std::string jwe = encrypt("text");
  for (std::size_t i = 0; i < jwe.size(); ++i) {
    std::string bent = jwe;
    bent[i] = bent[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(open_jwe(bent, key())) << i;
  }
  for (std::size_t i = 0; i < jwe.size(); ++i) EXPECT_FALSE(open_jwe(jwe.substr(0, i), key())) << i;
  EXPECT_FALSE(open_jwe(jwe + ".", key()));
  EXPECT_FALSE(open_jwe(jwe + "=", key()));
}

TEST(Jwe, HasOneWayAlone) {
  const json::object good = header_of(encrypt("text"));
  const auto refused = [&](const char* member, const json::value& value) {
    json::object header = good;
    header[member] = value;
    const auto opened = open_jwe(with_header(header), key());
    return opened ? std::string("opened") : opened.error().message;
  };
  EXPECT_NE(refused("alg", "ECDH-ES+A256KW").find("ECDH-ES"), std::string::npos);
  EXPECT_NE(refused("alg", "dir").find("ECDH-ES"), std::string::npos);
  EXPECT_NE(refused("enc", "A128GCM").find("A256GCM"), std::string::npos);
  EXPECT_NE(refused("zip", "DEF").find("forbidden"), std::string::npos);
  EXPECT_NE(refused("crit", json::array{"exp"}).find("forbidden"), std::string::npos);
  EXPECT_NE(refused("epk", "x").find("epk"), std::string::npos);
  EXPECT_NE(refused("epk", json::object{{"kty", "EC"}, {"crv", "P-256"}, {"x", "AA"}}).find("OKP"),
            std::string::npos);
  const std::string nothing = base64url(Bytes(32));
  EXPECT_NE(refused("epk", json::object{{"kty", "OKP"}, {"crv", "X25519"}, {"x", nothing}})
                .find("nothing secret"),
            std::string::npos);
}

TEST(EncryptionKey, ComesBackFromItsJwk) {
  const auto read = decryption_jwk(json::serialize(to_json(key())));
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->key.public_key(), key().key.public_key());
  EXPECT_EQ(encryption_jwk(json::serialize(to_json(open_part(key())))).value(), open_part(key()));
}

TEST(EncryptionKey, IsNoOtherKey) {
  json::object jwk = to_json(key()).as_object();
  EXPECT_FALSE(encryption_jwk(json::serialize(jwk))) << "private";
  jwk["crv"] = "Ed25519";
  EXPECT_FALSE(decryption_jwk(json::serialize(jwk)));
  jwk["crv"] = "X25519";
  jwk["use"] = "sig";
  EXPECT_FALSE(decryption_jwk(json::serialize(jwk)));
  jwk["use"] = "enc";
  jwk["x"] = base64url(key(8).key.public_key().bytes);
  EXPECT_FALSE(decryption_jwk(json::serialize(jwk))) << "x is of another key";
  EXPECT_FALSE(decryption_jwk("{}"));
  EXPECT_FALSE(decryption_jwk("no JSON"));
}

}  // namespace
}  // namespace lokaal
