#include "core/base/nearest.hpp"

#include <gtest/gtest.h>

namespace lokaal {
namespace {

TEST(EditDistance, CountsInsertionsDeletionsReplacementsAndSwaps) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("site", "site"), 0U);
  EXPECT_EQ(edit_distance("", "site"), 4U);
  EXPECT_EQ(edit_distance("sit", "site"), 1U);
  EXPECT_EQ(edit_distance("siet", "site"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(EditDistance, IsBoundedForEndlessWords) {
  EXPECT_EQ(edit_distance(std::string(100'000, 'a'), std::string(100'000, 'b')), 64U);
}

TEST(Nearest, SuggestsTheNearestAndListsWhenNoneIsNear) {
  const std::vector<std::string> known{"broker", "site", "node"};
  EXPECT_EQ(mend_by_nearest("sits", known), "did you mean \"site\"?");
  EXPECT_EQ(mend_by_nearest("zzzzzzzz", known).substr(0, 12), "known here: ");
  EXPECT_EQ(mend_by_nearest("x", {}), "leave it out");
}

}  // namespace
}  // namespace lokaal
