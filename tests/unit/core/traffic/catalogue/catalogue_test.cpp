#include "core/traffic/catalogue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace lokaal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kFirst = R"(category = "social-media"
[[service]]
id = "instagram"
name = "Instagram"
number = 2
minimum_age = 13
suffixes = ["instagram.com", "cdninstagram.com"]
hosts = ["instagram.example.net"]
shared = ["cdninstagram.com"]
sources = ["https://example.org"]
note = "a note"
)";

Result<Catalogue> parse(std::vector<CatalogueFile> files) {
  return Catalogue::parse(files);
}

std::string faults(std::vector<CatalogueFile> files) {
  const auto catalogue = parse(std::move(files));
  return catalogue ? "" : catalogue.error().text();
}

TEST(Catalogue, HoldsAllThatAFileSaysOfAService) {
  const auto catalogue = parse({{"a.toml", kFirst}});
  ASSERT_TRUE(catalogue) << catalogue.error().text();
  const Service* service = catalogue->find(ServiceId("instagram"));
  ASSERT_NE(service, nullptr);
  EXPECT_EQ(service->number, 2);
  EXPECT_EQ(service->name, "Instagram");
  EXPECT_EQ(service->category, Category::social_media);
  EXPECT_EQ(service->minimum_age, 13U);
  EXPECT_THAT(service->suffixes, ElementsAre("instagram.com", "cdninstagram.com"));
  EXPECT_THAT(service->hosts, ElementsAre("instagram.example.net"));
  EXPECT_THAT(service->shared, ElementsAre("cdninstagram.com"));
  EXPECT_EQ(catalogue->find(ServiceNumber{2}), service);
  EXPECT_EQ(catalogue->find_name("scontent.cdninstagram.com"), service);
  EXPECT_EQ(catalogue->find(ServiceNumber{3}), nullptr);
  EXPECT_EQ(catalogue->find(ServiceNumber{0}), nullptr);
  EXPECT_EQ(catalogue->find(ServiceNumber{255}), nullptr);
  EXPECT_EQ(catalogue->find(ServiceId("x")), nullptr);
}

TEST(Catalogue, LetsALaterFileAddNamesToAService) {
  const auto catalogue =
      parse({{"a.toml", kFirst},
             {"b.toml", "[[extend]]\nid = \"instagram\"\nhosts = [\"ig.school.nl\"]\n"}});
  ASSERT_TRUE(catalogue) << catalogue.error().text();
  EXPECT_EQ(catalogue->find_name("ig.school.nl")->id.str(), "instagram");
}

TEST(Catalogue, RefusesToExtendWhatIsNotThere) {
  EXPECT_EQ(faults({{"a.toml", kFirst},
                    {"b.toml", "[[extend]]\nid = \"instagran\"\nhosts = [\"a.nl\"]\n"}}),
            "b.toml:2:6: no service \"instagran\" to extend (did you mean \"instagram\"?)");
}

TEST(Catalogue, RefusesASecondServiceOfOneIdWithBothPlaces) {
  const std::string said = faults({{"a.toml", kFirst}, {"b.toml", R"([[service]]
id = "instagram"
name = "Anders"
category = "games"
hosts = ["a.nl"]
)"}});
  EXPECT_THAT(said, HasSubstr("b.toml:2:6: service \"instagram\" is there already"));
  EXPECT_THAT(said, HasSubstr("a.toml:3:6"));
}

TEST(Catalogue, SaysAllFaultsOfAllFiles) {
  const std::string said =
      faults({{"a.toml", "[[service]]\nid = \"a\"\n"}, {"b.toml", "x = ["}, {"c.toml", "y = 1"}});
  EXPECT_THAT(said, HasSubstr("a.toml:1:1: [service[1]] has no \"name\""));
  EXPECT_THAT(said, HasSubstr("a.toml:2:6: service \"a\" has no names"));
  EXPECT_THAT(said, HasSubstr("has no category"));
  EXPECT_THAT(said, HasSubstr("b.toml:1:"));
  EXPECT_THAT(said, HasSubstr("c.toml:1:1: unknown key \"y\""));
}

TEST(Catalogue, RefusesASharedNameThatIsNotItsOwn) {
  EXPECT_THAT(faults({{"a.toml", R"([[service]]
id = "a"
name = "A"
category = "games"
hosts = ["a.nl"]
shared = ["b.nl"]
)"}}),
              HasSubstr("a.toml:6:11: \"b.nl\" is not a name of this service"));
}

}  // namespace
}  // namespace lokaal
