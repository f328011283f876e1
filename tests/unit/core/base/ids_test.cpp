#include "core/base/ids.hpp"

#include <gtest/gtest.h>

#include <type_traits>

namespace lokaal {
namespace {

static_assert(!std::is_convertible_v<RoomId, SiteId>, "a room is no site");
static_assert(!std::is_convertible_v<std::string, RoomId>,
              "a string becomes an id on purpose only");

TEST(Names, AreMqttTopicLevelsOfTheContract) {
  for (const char* good : {"a", "0", "lokaal-112", "gw-1", "a-", "x"})
    EXPECT_TRUE(is_name(good)) << good;
  EXPECT_TRUE(is_name(std::string(63, 'a')));
}

TEST(Names, RefuseWhatATopicOrAFileNameCouldBeBrokenWith) {
  for (const char* bad : {"", "-a", "A", "lokaal_112", "a/b", "a b", "a+", "#", "..", "é"})
    EXPECT_FALSE(is_name(bad)) << bad;
  EXPECT_FALSE(is_name(std::string(64, 'a')));
  EXPECT_FALSE(is_name(std::string_view("a\0b", 3)));
}

}  // namespace
}  // namespace lokaal
