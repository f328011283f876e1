// Opens what a foreign JOSE library encrypted (LOKAAL_JWE names its file).
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "core/base/json.hpp"
#include "core/plan/jwe.hpp"

namespace lokaal {
namespace {

TEST(ForeignJwe, OpensWhatIsEncryptedToTheNodeAndNothingElse) {
  const char* path = std::getenv("LOKAAL_JWE");
  ASSERT_NE(path, nullptr) << "LOKAAL_JWE names the file of a corpus";
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto made = parse_json(text);
  ASSERT_TRUE(made) << made.error().text();
  const auto& corpus = made->as_object();
  const auto key = decryption_jwk(boost::json::serialize(corpus.at("key")));
  ASSERT_TRUE(key) << key.error().text();
  int opened = 0;
  int refused = 0;
  for (const auto& one : corpus.at("cases").as_array()) {
    const std::string jwe(one.at("jwe").as_string());
    const auto plain = open_jwe(jwe, *key);
    EXPECT_EQ(plain.has_value(), one.at("opens").as_bool())
        << jwe << ": " << (plain ? "opened" : plain.error().text());
    if (plain) {
      EXPECT_EQ(as_text(*plain), std::string(corpus.at("plain").as_string()));
    }
    ++(plain ? opened : refused);
  }
  EXPECT_GE(opened, 3);
  EXPECT_GE(refused, 5);
}

}  // namespace
}  // namespace lokaal
