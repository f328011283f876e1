#include "daemon/plan/plan_store.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/unit/daemon/plan/plan_folder.hpp"

namespace lokaal::test {
namespace {

mode_t mode_of(const std::string& path) {
  struct stat found {};
  EXPECT_EQ(::stat(path.c_str(), &found), 0) << path;
  return found.st_mode & 0777U;
}

TEST(PlanStore, KeepsADocumentAsItCameForItsOwnerAlone) {
  const PlanFolder folder;
  const auto store = PlanStore::open(folder.path("plan"));
  ASSERT_TRUE(store) << store.error().text();
  EXPECT_EQ(mode_of(folder.path("plan")), 0700U);
  ASSERT_TRUE(store->put("timetable", "one"));
  ASSERT_TRUE(store->put("timetable", "two"));
  EXPECT_EQ(store->get("timetable").value(), "two");
  EXPECT_EQ(mode_of(folder.path("plan/timetable.plan")), 0600U);
}

TEST(PlanStore, FindsWhatAnEarlierRunPut) {
  const PlanFolder folder;
  ASSERT_TRUE(PlanStore::open(folder.path("plan"))->put("root.2", "text"));
  const auto again = PlanStore::open(folder.path("plan"));
  EXPECT_EQ(again->get("root.2").value(), "text");
  EXPECT_EQ(again->get("root.3").value(), std::nullopt);
}

TEST(PlanStore, SaysWhereItCannotBe) {
  const PlanFolder folder;
  std::ofstream(folder.path("file")) << "in the way";
  const auto in_the_way = PlanStore::open(folder.path("file"));
  ASSERT_FALSE(in_the_way);
  EXPECT_EQ(in_the_way.error().place->file, folder.path("file"));
  EXPECT_FALSE(PlanStore::open(folder.path("nowhere/plan")));
}

}  // namespace
}  // namespace lokaal::test
