#include "core/base/result.hpp"

#include <gtest/gtest.h>

namespace lokaal {
namespace {

TEST(Error, SaysPlaceThenMessageThenMend) {
  const Error error{"unknown key \"sit\"", Place{"lokaald.toml", 4, 1}, "did you mean \"site\"?"};
  EXPECT_EQ(error.text(), "lokaald.toml:4:1: unknown key \"sit\" (did you mean \"site\"?)");
}

TEST(Error, LeavesOutWhatIsNotKnown) {
  EXPECT_EQ((Error{"broken", std::nullopt, ""}).text(), "broken");
  EXPECT_EQ((Error{"broken", Place{"a.toml", 0, 0}, ""}).text(), "a.toml: broken");
  EXPECT_EQ((Error{"broken", Place{"a.toml", 3, 0}, ""}).text(), "a.toml:3: broken");
}

TEST(Error, KeepsPlaceAndMendWhenContextIsAdded) {
  const Result<int> inner = failure("no such file", Place{"a.toml", 2, 5}, "make it");
  const Result<int> outer = with_context("reading the roster", inner.error());
  EXPECT_EQ(outer.error().message, "reading the roster: no such file");
  EXPECT_EQ(outer.error().place, inner.error().place);
  EXPECT_EQ(outer.error().mend, "make it");
}

}  // namespace
}  // namespace lokaal
