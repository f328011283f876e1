#include "core/evidence/checkpoint.hpp"

#include <gtest/gtest.h>

#include "core/evidence/merkle.hpp"

namespace lokaal {
namespace {

TEST(Checkpoint, IsThreeLines) {
  const Checkpoint checkpoint{"voorbeeld/gw-1/2026-11-22", 0, empty_root()};
  EXPECT_EQ(checkpoint.body(),
            "voorbeeld/gw-1/2026-11-22\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
}

TEST(Checkpoint, ReadsBackWhatItWrote) {
  const Checkpoint checkpoint{"voorbeeld/gw-1/2026-11-22.2", 18'446'744'073'709'551'615U,
                              leaf_hash({})};
  const auto again = Checkpoint::parse(checkpoint.body());
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(*again, checkpoint);
}

TEST(Checkpoint, IgnoresExtensionLinesOfOthers) {
  EXPECT_TRUE(Checkpoint::parse(Checkpoint{"o", 1, {}}.body() + "extension\n"));
  EXPECT_FALSE(Checkpoint::parse(Checkpoint{"o", 1, {}}.body() + "unended"));
  EXPECT_FALSE(Checkpoint::parse(Checkpoint{"o", 1, {}}.body() + "\n"));
}

TEST(Checkpoint, RefusesWhatIsNotOne) {
  const std::string root = hash_text(empty_root());
  EXPECT_TRUE(Checkpoint::parse("o\n10\n" + root + "\n"));
  for (const std::string size : {"", "-1", "+1", "01", "1.0", " 1", "1 ", "18446744073709551616"})
    EXPECT_FALSE(Checkpoint::parse("o\n" + size + "\n" + root + "\n")) << size;
  for (const std::string origin : {"", "a b", "a+b"})
    EXPECT_FALSE(Checkpoint::parse(origin + "\n1\n" + root + "\n")) << origin;
  EXPECT_FALSE(Checkpoint::parse("o\n1\n" + root));
  EXPECT_FALSE(Checkpoint::parse("o\n1\n" + root.substr(0, 40) + "\n"));
  EXPECT_FALSE(Checkpoint::parse("o\n1\n" + base64(Bytes(31)) + "\n"));
  EXPECT_FALSE(Checkpoint::parse(""));
}

}  // namespace
}  // namespace lokaal
