#include "core/traffic/name_index.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/core/traffic/catalogue/allocations.hpp"

namespace lokaal {
namespace {

constexpr NameIndex::Value kX = 1, kCdn = 2, kHost = 3, kDeep = 4;

NameIndex index() {
  NameIndex out;
  out.add_suffix("x.com", kX);
  out.add_suffix("cdn.x.com", kCdn);
  out.add_host("fbcdn-a.akamaihd.net", kHost);
  out.add_suffix("a.b.c.d.example", kDeep);
  return out;
}

std::vector<std::uint8_t> wire(std::vector<std::string> labels, bool root = true) {
  std::vector<std::uint8_t> out;
  for (const auto& label : labels) {
    out.push_back(static_cast<std::uint8_t>(label.size()));
    out.insert(out.end(), label.begin(), label.end());
  }
  if (root) out.push_back(0);
  return out;
}

struct Case {
  std::string_view name;
  NameIndex::Value value;
};

constexpr Case kCases[] = {
    {"x.com", kX},
    {"api.x.com", kX},
    {"a.b.c.d.e.x.com", kX},
    {"X.CoM", kX},
    {"x.com.", kX},
    {"cdn.x.com", kCdn},
    {"img.cdn.x.com", kCdn},
    {"notcdn.x.com", kX},
    {"netflix.com", NameIndex::kNone},
    {"fax.com", NameIndex::kNone},
    {"x.com.evil.example", NameIndex::kNone},
    {"com", NameIndex::kNone},
    {"fbcdn-a.akamaihd.net", kHost},
    {"FBCDN-A.akamaihd.net", kHost},
    {"akamaihd.net", NameIndex::kNone},
    {"z.fbcdn-a.akamaihd.net", NameIndex::kNone},
    {"b.c.d.example", NameIndex::kNone},
    {"z.a.b.c.d.example", kDeep},
    {"", NameIndex::kNone},
    {".", NameIndex::kNone},
    {"..", NameIndex::kNone},
    {".x.com", kX},
    {"x..com", NameIndex::kNone},
};

TEST(NameIndex, MatchesOnLabelBoundariesLongestFirst) {
  const NameIndex names = index();
  for (const auto& one : kCases) EXPECT_EQ(names.find(one.name), one.value) << one.name;
}

TEST(NameIndex, TakesAnEscapedDotForAByteOfItsLabel) {
  const NameIndex names = index();
  EXPECT_EQ(names.find("evil\\.x.com"), NameIndex::kNone);
  EXPECT_EQ(names.find("evil\\\\.x.com"), kX);
  EXPECT_EQ(names.find("a\\.b.x.com"), kX);
  EXPECT_EQ(names.find_wire(wire({"evil.x", "com"})), NameIndex::kNone);
  EXPECT_EQ(names.find_wire(wire({"a.b", "x", "com"})), kX);
}

TEST(NameIndex, FindsWireNamesLikeWrittenOnes) {
  const NameIndex names = index();
  EXPECT_EQ(names.find_wire(wire({"API", "x", "Com"})), kX);
  EXPECT_EQ(names.find_wire(wire({"img", "cdn", "x", "com"}, false)), kCdn);
  EXPECT_EQ(names.find_wire(wire({"fbcdn-a", "akamaihd", "net"})), kHost);
  EXPECT_EQ(names.find_wire(wire({"netflix", "com"})), NameIndex::kNone);
}

TEST(NameIndex, RefusesMalformedWireNames) {
  const NameIndex names = index();
  auto trailing = wire({"x", "com"});
  trailing.push_back(1);
  auto cut = wire({"x", "com"});
  cut.resize(4);
  const std::vector<std::vector<std::uint8_t>> bad = {{},
                                                      {0},
                                                      {0, 0},
                                                      {1},
                                                      {63, 'a'},
                                                      {64, 'a'},
                                                      {0xc0, 0x0c},
                                                      {0xff},
                                                      trailing,
                                                      cut,
                                                      std::vector<std::uint8_t>(256, 1),
                                                      std::vector<std::uint8_t>(255, 1)};
  for (const auto& one : bad) EXPECT_EQ(names.find_wire(one), NameIndex::kNone);
}

TEST(NameIndex, TakesNamesUpToTheLongestOfDns) {
  NameIndex names;
  names.add_suffix("x.com", kX);
  std::string longest;
  while (longest.size() + 2 <= 248) longest += "a.";
  longest += "x.com";
  ASSERT_EQ(longest.size(), 253U);
  EXPECT_EQ(names.find(longest), kX);
  EXPECT_EQ(names.find(std::string(300, 'a') + ".x.com"), NameIndex::kNone);
  EXPECT_EQ(names.find(std::string(255, '.')), NameIndex::kNone);
}

TEST(NameIndex, KeepsTheFirstOfTwoClaims) {
  NameIndex names;
  EXPECT_TRUE(names.add_suffix("x.com", 1));
  EXPECT_FALSE(names.add_suffix("x.com", 2));
  EXPECT_TRUE(names.add_host("x.com", 3));
  EXPECT_EQ(names.find("x.com"), 3U);
  EXPECT_EQ(names.find("a.x.com"), 1U);
}

TEST(NameIndex, AllocatesNothingToLookUp) {
  const NameIndex names = index();
  const auto on_wire = wire({"img", "cdn", "x", "com"});
  const std::string far = std::string(60, 'a') + "." + std::string(60, 'b') + ".x.com";
  const std::size_t before = allocations_of_this_thread();
  NameIndex::Value found = 0;
  for (int i = 0; i < 100; ++i) {
    found ^= names.find(far);
    found ^= names.find("netflix.com");
    found ^= names.find_wire(on_wire);
  }
  EXPECT_EQ(allocations_of_this_thread(), before);
  EXPECT_EQ(found, 0U);
}

}  // namespace
}  // namespace lokaal
