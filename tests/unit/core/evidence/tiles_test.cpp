#include "core/evidence/tiles.hpp"

#include <gtest/gtest.h>

#include <map>

namespace lokaal {
namespace {

std::string entry_number(std::uint64_t number) {
  return "entry " + std::to_string(number);
}

TEST(TileNames, AreWrittenInGroupsOfThreeDigits) {
  EXPECT_EQ((TileName{0, 0, 256}.path()), "tile/0/000");
  EXPECT_EQ((TileName{1, 67, 256}.path()), "tile/1/067");
  EXPECT_EQ((TileName{0, 1234067, 256}.path()), "tile/0/x001/x234/067");
  EXPECT_EQ((TileName{0, 1000, 7}.path()), "tile/0/x001/000.p/7");
  EXPECT_EQ((TileName{std::nullopt, 0, 255}.path()), "tile/entries/000.p/255");
}

TEST(TileNames, AreReadOnlyInTheFormThatTheyAreWrittenIn) {
  for (const TileName& name :
       {TileName{0, 0, 256}, TileName{7, 1234067, 3}, TileName{std::nullopt, 999, 255},
        TileName{2, 18446744073709551615U, 1}})
    EXPECT_EQ(TileName::parse(name.path()), name);
  for (const char* wrong : {"",
                            "tile",
                            "tile/",
                            "tile/0",
                            "tile/0/",
                            "tile/0/0",
                            "tile/0/0000",
                            "tile/0/1000",
                            "tile/0/x000/001",
                            "tile/00/000",
                            "tile/8/000",
                            "tile/-1/000",
                            "tile/0/000.p/0",
                            "tile/0/000.p/256",
                            "tile/0/000.p/01",
                            "tile/0/000.p/",
                            "tile/0/x001",
                            "tile/0/001/",
                            "tile/entries/../000",
                            "tile/0/18446744073709551616",
                            "checkpoint",
                            "tile/0/000 "})
    EXPECT_EQ(TileName::parse(wrong), std::nullopt) << wrong;
}

TEST(TileWidths, FollowFromTheSize) {
  EXPECT_EQ(tile_width(0, 0, 0), 0U);
  EXPECT_EQ(tile_width(0, 0, 1), 1U);
  EXPECT_EQ(tile_width(0, 0, 256), 256U);
  EXPECT_EQ(tile_width(0, 1, 256), 0U);
  EXPECT_EQ(tile_width(1, 0, 255), 0U);
  EXPECT_EQ(tile_width(1, 0, 70'000), 256U);
  EXPECT_EQ(tile_width(1, 1, 70'000), 17U);
  EXPECT_EQ(tile_width(2, 0, 70'000), 1U);
  EXPECT_EQ(tile_width(0, 273, 70'000), 70'000U % 256U);
}

TEST(Tiles, OfALogOf70000EntriesAreAsManyAsTheSpecificationSays) {
  const auto names = tiles_of(70'000);
  // 274 bundles, 274 + 2 + 1 tiles; an empty one is never written.
  EXPECT_EQ(names.size(), 274U + 274U + 2U + 1U);
  EXPECT_EQ(names.front().path(), "tile/entries/000");
  EXPECT_EQ(names.back().path(), "tile/2/000.p/1");
  EXPECT_TRUE(tiles_of(0).empty());
}

// Every size from 1 to a little over two full tiles, and one with a second level that is full.
TEST(TileBuilder, GivesWhatTheTreeSaysForEverySize) {
  TileBuilder builder;
  MerkleTree tree;
  std::map<std::string, std::string> files;
  for (std::uint64_t size = 1; size <= 66'000; ++size) {
    builder.append(entry_number(size - 1));
    tree.append(leaf_hash(as_bytes(entry_number(size - 1))));
    for (LogFile& file : builder.take_full()) files[file.name.path()] = std::move(file.bytes);
    if (size > 520 && size % 9'973 != 0 && size != 65'536 && size != 66'000) continue;
    auto all = files;
    for (LogFile& file : builder.partial()) all[file.name.path()] = std::move(file.bytes);
    ASSERT_EQ(builder.root(), tree.root()) << size;
    const auto names = tiles_of(size);
    ASSERT_EQ(all.size(), names.size()) << size;
    for (const TileName& name : names) {
      ASSERT_TRUE(all.contains(name.path())) << size << " " << name.path();
      const std::string& bytes = all[name.path()];
      if (!name.level) {
        const auto entries = parse_bundle(bytes, name.width);
        ASSERT_TRUE(entries) << entries.error().text();
        EXPECT_EQ(entries->back(), entry_number(name.number * 256 + name.width - 1));
      } else {
        const auto hashes = parse_tile(bytes, name.width);
        ASSERT_TRUE(hashes);
        const auto node = tree.nodes()(8 * *name.level, name.number * 256 + name.width - 1);
        EXPECT_EQ(hashes->back(), node) << size << " " << name.path();
      }
    }
  }
}

TEST(Bundles, ThatAreNotExactlySoManyEntriesAreRefused) {
  const std::string two("\0\1a\0\2bc", 7);
  EXPECT_TRUE(parse_bundle(two, 2));
  EXPECT_FALSE(parse_bundle(two, 1));
  EXPECT_FALSE(parse_bundle(two, 3));
  EXPECT_FALSE(parse_bundle(two.substr(0, 6), 2));
  EXPECT_FALSE(parse_bundle(two.substr(0, 4), 2));
  EXPECT_FALSE(parse_tile(std::string(63, 'x'), 2));
  EXPECT_TRUE(parse_tile(std::string(64, 'x'), 2));
}

}  // namespace
}  // namespace lokaal
