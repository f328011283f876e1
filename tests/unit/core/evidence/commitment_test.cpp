#include "core/evidence/commitment.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <numeric>

#include "core/base/json.hpp"
#include "core/evidence/committed_fields.hpp"

namespace lokaal {
namespace {

Salt counting_salt() {
  Salt salt{};
  std::iota(salt.begin(), salt.end(), std::uint8_t{0});
  return salt;
}

// Computed by Python's hmac over the message written out.
TEST(Commitment, IsTheHmacOfPrefixFieldAndCanonicalValue) {
  const auto value = parse_json(R"({"b":"é","a":[1,2]})");
  ASSERT_TRUE(value);
  EXPECT_EQ(commitment("jws_c", *value, counting_salt()),
            "QNriwO3NR0ccstkQfDc2ocZRRdFaaOLxg7bO8cDxZXI");
}

TEST(Commitment, DependsOnFieldValueAndSalt) {
  const std::string one = commitment("allow_c", "phone-7", counting_salt());
  EXPECT_NE(one, commitment("forbid_c", "phone-7", counting_salt()));
  EXPECT_NE(one, commitment("allow_c", "phone-8", counting_salt()));
  EXPECT_NE(one, commitment("allow_c", "phone-7", Salt{}));
}

TEST(PrivateValues, OpenTheCommitmentsInTheLeaf) {
  PrivateValues values;
  const std::string in_leaf = values.commit("jws_c", "eyJ...", counting_salt());
  EXPECT_EQ(values.matches("jws_c", in_leaf), true);
  EXPECT_EQ(values.matches("jws_c", commitment("jws_c", "other", counting_salt())), false);
  EXPECT_EQ(values.matches("allow_c", in_leaf), std::nullopt);
}

TEST(PrivateValues, ReadBackWhatTheyWrote) {
  PrivateValues values;
  values.commit("cmd.devices_c", boost::json::array{"phone-7", "laptop-2"}, counting_salt());
  values.commit("jws_c", "eyJ...", Salt{});
  const auto again = PrivateValues::from_json(values.to_json());
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(again->to_json(), values.to_json());
  EXPECT_EQ(again->fields.at("cmd.devices_c").salt, counting_salt());
}

TEST(PrivateValues, RefuseWhatIsNotSaltAndValue) {
  const std::string good_salt(43, 'A');
  EXPECT_TRUE(PrivateValues::from_json(R"({"x":{"salt":")" + good_salt + R"(","value":1}})"));
  EXPECT_FALSE(PrivateValues::from_json(R"({"x":{"salt":"AAAA","value":1}})"));
  EXPECT_FALSE(PrivateValues::from_json(R"({"x":{"salt":"!","value":1}})"));
  EXPECT_FALSE(PrivateValues::from_json(R"({"x":{"salt":")" + good_salt + R"("}})"));
  EXPECT_FALSE(PrivateValues::from_json(R"({"x":[]})"));
  EXPECT_FALSE(PrivateValues::from_json(R"({"x":{"salt":")" + good_salt + R"(","value":1.5}})"));
  EXPECT_FALSE(PrivateValues::from_json("[]"));
  EXPECT_FALSE(PrivateValues::from_json(""));
}

TEST(CommittedFields, AreFoundByTheirPathAtAnyDepth) {
  const auto fields = committed_fields(
      R"({"a_c":"1","b":{"c_c":"2","d":{"e_c":"3"}},"f_c":null,"g":"x","h_c":{"i_c":"4"}})");
  EXPECT_EQ(fields, (std::map<std::string, std::string, std::less<>>{
                        {"a_c", "1"}, {"b.c_c", "2"}, {"b.d.e_c", "3"}, {"h_c.i_c", "4"}}));
  EXPECT_TRUE(committed_fields("[]").empty());
  EXPECT_TRUE(committed_fields("no JSON").empty());
}

}  // namespace
}  // namespace lokaal
