#include "adapters/tile_store/tile_store.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace lokaal {
namespace {

namespace fs = std::filesystem;

class TileStoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "tiles-XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
    log = (folder / "evidence" / "2026-11-25").string();
  }
  void TearDown() override { fs::remove_all(folder); }

  static std::string text_of(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static mode_t mode_of(const fs::path& path) {
    struct stat info {};
    EXPECT_EQ(::stat(path.c_str(), &info), 0) << path;
    return info.st_mode & 07777U;
  }

  fs::path folder;
  std::string log;
};

TEST_F(TileStoreTest, WritesWhatTheBuilderGivesUnderItsNames) {
  auto store = TileStore::open(log);
  ASSERT_TRUE(store) << store.error().text();
  TileBuilder builder;
  for (int i = 0; i < 300; ++i) builder.append("entry " + std::to_string(i));
  ASSERT_TRUE(store->put(builder.take_full()));
  ASSERT_TRUE(store->put(builder.partial()));
  for (const TileName& name : tiles_of(300)) {
    const auto bytes = store->files().read(name.path());
    ASSERT_TRUE(bytes && *bytes) << name.path();
  }
  EXPECT_EQ(fs::file_size(fs::path(log) / "tile/0/000"), 8192U);
  EXPECT_FALSE(fs::exists(fs::path(log) / "unfinished"));
}

TEST_F(TileStoreTest, WhatIsPublishedCanBeReadByAnybodyWhateverTheServicesUmask) {
  const mode_t before = ::umask(077);
  auto store = TileStore::open(log);
  const bool put = store && store->put({{{0, 0, 1}, std::string(32, 'a')}});
  ::umask(before);
  ASSERT_TRUE(put);
  EXPECT_EQ(mode_of(log), 0755U);
  EXPECT_EQ(mode_of(fs::path(log) / "tile/0"), 0755U);
  EXPECT_EQ(mode_of(fs::path(log) / "tile/0/000.p/1"), 0644U);
}

TEST_F(TileStoreTest, WritingTheSameAgainChangesNothing) {
  auto store = TileStore::open(log);
  ASSERT_TRUE(store);
  const std::vector<LogFile> files{{{0, 0, 1}, std::string(32, 'a')}};
  ASSERT_TRUE(store->put(files));
  const auto written = fs::last_write_time(fs::path(log) / "tile/0/000.p/1");
  ASSERT_TRUE(store->put(files));
  EXPECT_EQ(fs::last_write_time(fs::path(log) / "tile/0/000.p/1"), written);
}

TEST_F(TileStoreTest, NeverOverwritesAFileWithOtherBytes) {
  auto store = TileStore::open(log);
  ASSERT_TRUE(store);
  ASSERT_TRUE(store->put({{{0, 0, 256}, std::string(8192, 'a')}}));
  const auto refused = store->put({{{0, 0, 256}, std::string(8192, 'b')}});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().text().find("tile/0/000"), std::string::npos);
  EXPECT_EQ(text_of(fs::path(log) / "tile/0/000"), std::string(8192, 'a'));
}

// A stop between making the file and giving it its name leaves bytes that nobody reads.
TEST_F(TileStoreTest, WhatAPowerCutLeftUnfinishedIsInNobodysWay) {
  auto store = TileStore::open(log);
  ASSERT_TRUE(store);
  std::ofstream(fs::path(log) / "unfinished") << "half a ti";
  ASSERT_TRUE(store->put({{{std::nullopt, 0, 1}, std::string("\0\1a", 3)}}));
  EXPECT_EQ(text_of(fs::path(log) / "tile/entries/000.p/1"), std::string("\0\1a", 3));
  EXPECT_FALSE(fs::exists(fs::path(log) / "unfinished"));
}

TEST_F(TileStoreTest, PartialTilesGoOnlyWhenToldAndTheFullOneStays) {
  auto store = TileStore::open(log);
  ASSERT_TRUE(store);
  const TileName full{0, 0, 256};
  ASSERT_TRUE(store->put({{{0, 0, 1}, std::string(32, 'a')}, {full, std::string(8192, 'a')}}));
  EXPECT_TRUE(fs::exists(fs::path(log) / "tile/0/000.p/1"));
  ASSERT_TRUE(store->drop_partial(full));
  EXPECT_FALSE(fs::exists(fs::path(log) / "tile/0/000.p"));
  EXPECT_TRUE(fs::exists(fs::path(log) / "tile/0/000"));
  EXPECT_TRUE(store->drop_partial({1, 0, 256}));
}

TEST_F(TileStoreTest, ReplacesTheCheckpointWholly) {
  auto store = TileStore::open(log);
  ASSERT_TRUE(store);
  EXPECT_EQ(store->files().read("checkpoint").value(), std::nullopt);
  ASSERT_TRUE(store->replace("checkpoint", "one\n"));
  ASSERT_TRUE(store->replace("checkpoint", "two\n"));
  EXPECT_EQ(store->files().read("checkpoint").value(), "two\n");
}

TEST_F(TileStoreTest, PrivateValuesAreForTheirOwnerOnlyAndCanBeErased) {
  auto store = TileStore::open(log);
  ASSERT_TRUE(store);
  ASSERT_TRUE(store->put_private(17, "{}"));
  EXPECT_EQ(mode_of(fs::path(log) / "private"), 0700U);
  EXPECT_EQ(mode_of(fs::path(log) / "private/17.json"), 0600U);
  ASSERT_TRUE(store->erase_private(17));
  EXPECT_FALSE(fs::exists(fs::path(log) / "private/17.json"));
  EXPECT_TRUE(store->erase_private(17));
}

TEST_F(TileStoreTest, SaysWhatIsInTheWay) {
  std::ofstream(folder / "evidence") << "a file";
  const auto store = TileStore::open(log);
  ASSERT_FALSE(store);
  EXPECT_NE(store.error().text().find("evidence"), std::string::npos);
}

TEST_F(TileStoreTest, ReadsNothingButRegularFiles) {
  auto store = TileStore::open(log);
  ASSERT_TRUE(store);
  ASSERT_EQ(::mkfifo((fs::path(log) / "checkpoint").c_str(), 0600), 0);
  EXPECT_FALSE(store->files().read("checkpoint"));
}

}  // namespace
}  // namespace lokaal
