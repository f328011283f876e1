#include "core/site/site_copy.hpp"

#include <gtest/gtest.h>

#include <map>

namespace lokaal {
namespace {

class SiteCopyTest : public testing::Test {
 protected:
  SiteFiles disk() {
    SiteFiles files;
    files.read = [this](const std::string& path, std::size_t) -> Result<std::string> {
      const auto found = on_disk.find(path);
      if (found == on_disk.end()) return failure(path + " is not there");
      return found->second;
    };
    files.read_private = files.read;
    files.toml_files = [](const std::string& path) -> Result<std::vector<std::string>> {
      return std::vector<std::string>{path + "/a.toml", path + "/b.toml"};
    };
    return files;
  }

  std::map<std::string, std::string> on_disk{{"lokaald.toml", "site = \"voorbeeld\"\n"},
                                             {"node.jwk", "secret"}};
};

TEST_F(SiteCopyTest, SaysWhatTheFilesSaidWhenTheyWereRead) {
  SiteCopy copy;
  const SiteFiles noting = copy.noting(disk());
  ASSERT_TRUE(noting.read("lokaald.toml", 1000));
  ASSERT_TRUE(noting.toml_files("services"));
  EXPECT_FALSE(noting.read("missing.toml", 1000));
  on_disk["lokaald.toml"] = "site = \n";
  const auto again = SiteCopy::parse(copy.text());
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_TRUE(*again == copy);
  const SiteFiles replayed = again->replaying(disk());
  EXPECT_EQ(replayed.read("lokaald.toml", 1000).value(), "site = \"voorbeeld\"\n");
  EXPECT_EQ(replayed.toml_files("services").value().back(), "services/b.toml");
  EXPECT_FALSE(replayed.read("devices.toml", 1000)) << "what was never read is not made up";
  EXPECT_FALSE(replayed.toml_files("others"));
  EXPECT_FALSE(replayed.read("lokaald.toml", 3)) << "the bound holds";
}

TEST_F(SiteCopyTest, RemembersWhatNumbersMeant) {
  SiteCopy copy;
  copy.set_numbers({{ServiceId("instagram"), 2}, {ServiceId("gone"), 201}});
  EXPECT_EQ(SiteCopy::parse(copy.text()).value().numbers(), copy.numbers());
}

TEST_F(SiteCopyTest, KeepsNoSecret) {
  SiteCopy copy;
  ASSERT_TRUE(copy.noting(disk()).read_private("node.jwk", 1000));
  EXPECT_EQ(copy.text().find("secret"), std::string::npos);
  EXPECT_EQ(copy.replaying(disk()).read_private("node.jwk", 1000).value(), "secret");
}

TEST_F(SiteCopyTest, WhatIsNoCopyIsSaidToBeNone) {
  for (const char* text : {"", "{", "[]", "{}", R"({"files":{},"folders":{"a":"b"}})",
                           R"({"files":{"a":1},"folders":{},"numbers":{}})",
                           R"({"files":{},"folders":{},"numbers":{"a":0}})",
                           R"({"files":{},"folders":{},"numbers":{"a":230}})",
                           R"({"files":{},"folders":{},"numbers":{"a":300}})",
                           R"({"files":{},"folders":{},"numbers":{"a":"1"}})",
                           R"({"files":{},"folders":{},"numbers":{"A b":1}})",
                           R"({"files":{},"folders":{},"numbers":{"a":1,"b":1}})"})
    EXPECT_FALSE(SiteCopy::parse(text)) << text;
  EXPECT_TRUE(SiteCopy::parse(R"({"files":{},"folders":{}})"));
  EXPECT_TRUE(SiteCopy::parse(R"({"files":{},"folders":{},"numbers":{"a":229}})"));
}

}  // namespace
}  // namespace lokaal
