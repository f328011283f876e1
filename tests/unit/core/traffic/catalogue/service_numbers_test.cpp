// Numbers lie in the marks of live flows: what one meant, it means as long as somebody remembers.
#include "core/traffic/service_numbers.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/traffic/catalogue.hpp"

namespace lokaal {
namespace {

using testing::HasSubstr;

struct Declared {
  std::string id;
  int number = 0;  // 0: none
};

std::string file(const std::vector<Declared>& services) {
  std::string out = "category = \"games\"\n";
  for (const auto& [id, number] : services) {
    out += fmt::format("[[service]]\nid = \"{0}\"\nname = \"N\"\nhosts = [\"{0}.nl\"]\n", id);
    if (number != 0) out += fmt::format("number = {}\n", number);
  }
  return out;
}

Result<Catalogue> parse(const std::vector<std::string>& texts, const ServiceNumbers& known = {}) {
  std::vector<CatalogueFile> files;
  for (const std::string& text : texts)
    files.push_back({fmt::format("{}.toml", files.size()), text});
  return Catalogue::parse(files, known);
}

int number(const Result<Catalogue>& catalogue, const char* id) {
  if (!catalogue) return -1;
  const Service* service = catalogue->find(ServiceId(id));
  return service == nullptr ? 0 : service->number;
}

std::string fault(const Result<Catalogue>& catalogue) {
  return catalogue ? "" : catalogue.error().text();
}

TEST(ServiceNumbers, AreTheSameForTheSameFilesWhateverTheirOrder) {
  const auto one = parse({file({{"b", 7}}), file({{"zeta"}, {"alpha"}})});
  const auto two = parse({file({{"zeta"}, {"alpha"}}), file({{"b", 7}})});
  EXPECT_EQ(number(one, "alpha"), 200);
  EXPECT_EQ(number(one, "zeta"), 201);
  EXPECT_EQ(one.value().numbers(), two.value().numbers());
}

TEST(ServiceNumbers, StayWhenAServiceComesBeforeInTheAlphabet) {
  const auto older = parse({file({{"beta"}, {"gamma"}})});
  const auto newer = parse({file({{"alpha"}, {"beta"}, {"gamma"}})}, older.value().numbers());
  EXPECT_EQ(number(newer, "beta"), 200);
  EXPECT_EQ(number(newer, "gamma"), 201);
  EXPECT_EQ(number(newer, "alpha"), 202);
}

TEST(ServiceNumbers, OfAServiceThatIsGoneAreGivenToNoOther) {
  const auto older = parse({file({{"beta"}, {"gamma"}})});
  const auto without = parse({file({{"gamma"}})}, older.value().numbers());
  const auto newer = parse({file({{"alpha"}, {"gamma"}})}, without.value().numbers());
  EXPECT_EQ(number(newer, "gamma"), 201);
  EXPECT_EQ(number(newer, "alpha"), 202);
  const auto back = parse({file({{"beta"}})}, newer.value().numbers());
  EXPECT_EQ(number(back, "beta"), 200);
}

TEST(ServiceNumbers, ThatMeantAnotherAreRefusedWithPlaceAndMend) {
  const auto older = parse({file({{"beta", 7}})});
  EXPECT_THAT(fault(parse({file({{"alpha", 7}})}, older.value().numbers())),
              HasSubstr("0.toml:6:10: number 7 of service \"alpha\" meant \"beta\" until now"));
}

TEST(ServiceNumbers, OfAServiceDoNotChange) {
  const auto declared = parse({file({{"beta", 7}})});
  EXPECT_THAT(
      fault(parse({file({{"beta", 8}})}, declared.value().numbers())),
      HasSubstr("service \"beta\" had number 7 until now, which live flows carry (number = 7)"));
  const auto given = parse({file({{"beta"}})});
  EXPECT_THAT(fault(parse({file({{"beta", 8}})}, given.value().numbers())),
              HasSubstr("leave `number` out"));
  EXPECT_EQ(number(parse({file({{"beta"}})}, declared.value().numbers()), "beta"), 7);
}

TEST(ServiceNumbers, ThatAreUsedUpAreSaidToBe) {
  std::vector<Declared> many;
  for (int i = 0; i < 30; ++i) many.push_back({fmt::format("s{:02}", i), 0});
  const auto full = parse({file(many)});
  EXPECT_EQ(number(full, "s29"), 229);
  EXPECT_THAT(fault(parse({file({{"x"}})}, full.value().numbers())),
              HasSubstr("0.toml:3:6: no number is left for service \"x\""));
  EXPECT_EQ(number(parse({file({{"x", 9}})}, full.value().numbers()), "x"), 9);
}

}  // namespace
}  // namespace lokaal
