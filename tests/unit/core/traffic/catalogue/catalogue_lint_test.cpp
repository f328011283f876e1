#include "core/traffic/catalogue_lint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/traffic/catalogue.hpp"

namespace lokaal {
namespace {

using testing::HasSubstr;

struct BadName {
  std::string name;
  const char* says;
  const char* mend;
};

TEST(CatalogueLint, RefusesNamesThatWouldNotMatchOrMatchTooMuch) {
  const BadName bad[] = {
      {"X.com", "has upper case", "write \"x.com\""},
      {".x.com", "begins with a dot", "write \"x.com\""},
      {"x.com.", "ends with a dot", "write \"x.com\""},
      {"*.x.com", "has a wildcard", "write \"x.com\" under suffixes"},
      {"caf\xc3\xa9.nl", "is not in A-label form", "xn--"},
      {"com", "has one label only", "top-level"},
      {"x..com", "empty or longer", "check"},
      {std::string(64, 'a') + ".com", "empty or longer", "check"},
      {"-x.com", "is not a DNS name", "no - at either end"},
      {"x com.nl", "is not a DNS name", "a-z"},
      {"http://x.com", "is not a DNS name", "a-z"},
      {"akamaihd.net", "is shared by many services", "exact hosts"},
      {"googleapis.com", "is shared by many services", "exact hosts"},
      {std::string(250, 'a') + ".com", "longer than 253", "no DNS name"},
  };
  for (const auto& one : bad) {
    const DraftName name{one.name, Place{"a.toml", 1, 2}, true};
    const auto good = check_name(name, Category::social_media);
    ASSERT_FALSE(good) << one.name;
    EXPECT_THAT(good.error().message, HasSubstr(one.says)) << one.name;
    EXPECT_THAT(good.error().mend, HasSubstr(one.mend)) << one.name;
    EXPECT_EQ(good.error().place, name.place);
  }
}

TEST(CatalogueLint, TakesNamesAsDnsHasThem) {
  for (const char* good :
       {"x.com", "fbcdn-a.akamaihd.net", "xn--caf-dma.nl", "_dns.resolver.arpa", "1v1.lol"})
    EXPECT_TRUE(check_name({good, {}, true}, Category::social_media)) << good;
  EXPECT_TRUE(check_name({"googleapis.com", {}, false}, Category::social_media));
  EXPECT_TRUE(check_name({"microsoft.com", {}, true}, Category::essential));
}

std::string faults(std::vector<CatalogueFile> files) {
  const auto catalogue = Catalogue::parse(files);
  return catalogue ? "" : catalogue.error().text();
}

std::string service(std::string_view id, std::string_view category, std::string_view names) {
  return "[[service]]\nid = \"" + std::string(id) + "\"\nname = \"N\"\ncategory = \"" +
         std::string(category) + "\"\n" + std::string(names) + "\n";
}

TEST(CatalogueLint, RefusesANameThatTwoServicesClaimWithBothPlaces) {
  const std::string said =
      faults({{"a.toml", service("one", "social-media", "suffixes = [\"x.com\"]")},
              {"b.toml", service("two", "games", "hosts = [\"x.com\"]")}});
  EXPECT_EQ(said,
            "b.toml:5:10: \"x.com\" of service \"two\" belongs to \"one\" already (keep one of the "
            "two; the "
            "first is at a.toml:5:13: )");
}

TEST(CatalogueLint, RefusesASuffixThatWouldSwallowAnEssentialName) {
  const std::string essential = service("zermelo", "essential", "hosts = [\"school.zportal.nl\"]");
  for (const char* order : {"before", "after"}) {
    std::vector<CatalogueFile> files{
        {"e.toml", essential},
        {"s.toml", service("s", "social-media", "suffixes = [\"zportal.nl\"]")}};
    if (std::string_view(order) == "after") std::swap(files[0], files[1]);
    const std::string said = faults(files);
    EXPECT_THAT(said,
                HasSubstr("s.toml:5:13: suffix \"zportal.nl\" of service \"s\" would swallow"));
    EXPECT_THAT(said, HasSubstr("e.toml:5:10"));
  }
}

TEST(CatalogueLint, RefusesARefusableNameWithinAnEssentialOne) {
  EXPECT_THAT(
      faults({{"a.toml", service("somtoday", "essential", "suffixes = [\"somtoday.nl\"]") +
                             service("s", "circumvention", "hosts = [\"proxy.somtoday.nl\"]")}}),
      HasSubstr(
          "a.toml:10:10: \"proxy.somtoday.nl\" of service \"s\" lies within \"somtoday.nl\""));
}

TEST(CatalogueLint, LetsExamAndEssentialNamesNest) {
  EXPECT_EQ(
      faults({{"a.toml", service("e", "essential", "suffixes = [\"school.nl\"]") +
                             service("x", "exam-platform", "hosts = [\"toets.school.nl\"]")}}),
      "");
}

TEST(CatalogueLint, LetsAServiceHaveAHostUnderAnothersSuffix) {
  EXPECT_EQ(
      faults({{"a.toml", service("facebook", "social-media", "suffixes = [\"facebook.com\"]") +
                             service("instagram", "social-media",
                                     "hosts = [\"instagram.c10r.facebook.com\"]")}}),
      "");
}

TEST(CatalogueLint, RefusesANumberGivenTwice) {
  EXPECT_THAT(faults({{"a.toml", service("one", "games", "number = 7\nhosts = [\"a.nl\"]") +
                                     service("two", "games", "number = 7\nhosts = [\"b.nl\"]")}}),
              HasSubstr("a.toml:11:10: number 7 of service \"two\" belongs to \"one\" already"));
}

}  // namespace
}  // namespace lokaal
