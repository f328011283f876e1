#include "core/base/json.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <stdexcept>
#include <string>

namespace lokaal {
namespace {

namespace json = boost::json;

std::string canonical(std::string_view text) {
  return canonical_json(parse_json(text).value());
}

TEST(Json, ReadsWhatRfc8259Allows) {
  for (const char* good : {"null", "true", "0", "-0", "1.5e3", "\"\"", "[]", "{}", " [1 , 2] ",
                           R"({"a":{"b":[null,false]}})", R"("\u00e9\ud83d\ude00")", "\t\r\n1"})
    EXPECT_TRUE(parse_json(good)) << good;
}

TEST(Json, RefusesDuplicateMembersAtAnyDepthWithTheirPlace) {
  for (const char* bad :
       {R"({"a":1,"a":1})", R"({"a":1,"b":{"c":1,"c":2}})", R"([{"x":[{"k":1,"k":1}]}])",
        R"({"a":1,"\u0061":2})", R"({"":1,"":2})"}) {
    const auto value = parse_json(bad);
    ASSERT_FALSE(value) << bad;
    EXPECT_NE(value.error().message.find("twice"), std::string::npos) << value.error().text();
    EXPECT_TRUE(value.error().place);
  }
  EXPECT_TRUE(parse_json(R"([{"a":1},{"a":2}])"));
  EXPECT_TRUE(parse_json(R"({"a":{"a":{"a":1}}})"));
}

TEST(Json, RefusesWhatIsNotJson) {
  for (const char* bad :
       {"",           " ",       "nul",        "tru",           "{",        "[",        "[1,]",
        "{\"a\":1,}", "{\"a\"}", "{a:1}",      "'a'",           "01",       "+1",       "1.",
        ".5",         "1e",      "NaN",        "Infinity",      "-",        "0x10",     "1 2",
        "{} {}",      "[] x",    "// c\n1",    "/**/1",         "\"\x01\"", "\"a\nb\"", "\"\\x41\"",
        "\"\\u12\"",  "\"open",  "{\"a\":1}}", "\xef\xbb\xbf{}"})
    EXPECT_FALSE(parse_json(bad)) << bad;
  EXPECT_FALSE(parse_json(std::string_view("1\0", 2)));
  EXPECT_FALSE(parse_json(std::string_view("\"a\0b\"", 5)));
}

TEST(Json, RefusesInvalidUtf8AndLoneSurrogates) {
  for (const char* bad :
       {"\"\xff\"", "\"\xc0\x80\"", "\"\xed\xa0\x80\"", "\"\xf5\x80\x80\x80\"", "\"\xe2\x82\"",
        "{\"\x80\":1}", R"("\ud800")", R"("\udc00")", R"("\ud800\u0041")"})
    EXPECT_FALSE(parse_json(bad)) << bad;
}

TEST(Json, IsBoundedInSizeAndDepth) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_TRUE(parse_json(nested(16)));
  EXPECT_FALSE(parse_json(nested(17)));
  EXPECT_FALSE(parse_json(nested(30'000)));
  EXPECT_FALSE(parse_json(std::string(60'000, '[')));
  std::string objects;
  for (int i = 0; i < 5000; ++i) objects += "{\"a\":";
  EXPECT_FALSE(parse_json(objects));
  const std::string text = "\"" + std::string(100, 'a') + "\"";
  EXPECT_TRUE(parse_json(text, {.bytes = 102, .depth = 1}));
  EXPECT_FALSE(parse_json(text, {.bytes = 101, .depth = 1}));
}

TEST(Json, SaysWhereItBreaks) {
  const auto value = parse_json("{\"a\": 1,\n \"b\": x}");
  ASSERT_FALSE(value);
  ASSERT_TRUE(value.error().place);
  EXPECT_EQ(value.error().place->line, 2U);
  EXPECT_EQ(value.error().place->column, 7U);
}

// RFC 8785 section 3.2.3: order by UTF-16 code units, where the emoji (surrogates d83d de00) comes
// before the presentation form U+FB33.
TEST(CanonicalJson, SortsMembersAsTheExampleOfRfc8785) {
  EXPECT_EQ(canonical(R"({"\u20ac":"Euro Sign","\r":"Carriage Return",)"
                      R"("\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",)"
                      R"("\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control",)"
                      R"("\u00f6":"Latin Small Letter O With Diaeresis"})"),
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xc2\x80\":\"Control\","
            "\"\xc3\xb6\":\"Latin Small Letter O With Diaeresis\",\"\xe2\x82\xac\":\"Euro Sign\","
            "\"\xf0\x9f\x98\x80\":\"Emoji: Grinning Face\","
            "\"\xef\xac\xb3\":\"Hebrew Letter Dalet With Dagesh\"}");
}

// RFC 8785 section 3.2.2, without its numbers: lokaal writes integers only.
TEST(CanonicalJson, WritesStringsAndLiteralsAsTheExampleOfRfc8785) {
  EXPECT_EQ(canonical(R"({"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",)"
                      R"("literals":[null,true,false]})"),
            "{\"literals\":[null,true,false],\"string\":\"\xe2\x82\xac$\\u000f\\nA'"
            "B\\\"\\\\\\\\\\\"/\"}");
  EXPECT_EQ(canonical(R"("\u0000\u0008\u0009\u000c\u000d\u001f\u007f")"),
            "\"\\u0000\\b\\t\\f\\r\\u001f\x7f\"");
}

TEST(CanonicalJson, NestsAndLeavesOutWhiteSpace) {
  EXPECT_EQ(
      canonical(" { \"b\" : [ ] , \"a\" : { } , \"ab\" : [ 1 , { \"z\" : 0 , \"y\" : -1 } ] } "),
      R"({"a":{},"ab":[1,{"y":-1,"z":0}],"b":[]})");
}

TEST(CanonicalJson, WritesIntegersThatEveryReaderHoldsExactly) {
  EXPECT_EQ(canonical("9007199254740991"), "9007199254740991");
  EXPECT_EQ(canonical("-9007199254740991"), "-9007199254740991");
  EXPECT_THROW(canonical("9007199254740992"), std::logic_error);
  EXPECT_THROW(canonical("18446744073709551615"), std::logic_error);
  EXPECT_THROW(canonical_json(json::value(0.5)), std::logic_error);
}

TEST(CanonicalJson, IsItsOwnCanonicalForm) {
  const std::string once = canonical(R"({"b":[1,{"d":"\u00e9","c":null}],"a":"x"})");
  EXPECT_EQ(canonical(once), once);
}

}  // namespace
}  // namespace lokaal
