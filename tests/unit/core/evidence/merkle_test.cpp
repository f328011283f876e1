#include "core/evidence/merkle.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

namespace lokaal {
namespace {

// The vectors of Certificate Transparency's own tree tests (RFC 6962): eight entries in hex, and
// the root after each.
constexpr std::array<std::string_view, 8> kEntries = {"",
                                                      "00",
                                                      "10",
                                                      "2021",
                                                      "3031",
                                                      "40414243",
                                                      "5051525354555657",
                                                      "606162636465666768696a6b6c6d6e6f"};
constexpr std::array<std::string_view, 9> kRoots = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

Bytes unhex(std::string_view text) {
  Bytes out;
  for (std::size_t i = 0; i < text.size(); i += 2)
    out.push_back(
        static_cast<std::uint8_t>(std::stoul(std::string(text.substr(i, 2)), nullptr, 16)));
  return out;
}

Digest leaf_number(std::uint64_t number) {
  return leaf_hash(as_bytes(std::to_string(number)));
}

MerkleTree tree_of(std::uint64_t size) {
  MerkleTree tree;
  for (std::uint64_t i = 0; i < size; ++i) tree.append(leaf_number(i));
  return tree;
}

TEST(MerkleTree, HasTheRootsOfTheRfc6962Vectors) {
  MerkleTree tree;
  TreeFrontier frontier;
  EXPECT_EQ(hex(tree.root()), kRoots[0]);
  for (std::size_t i = 0; i < kEntries.size(); ++i) {
    const Digest leaf = leaf_hash(unhex(kEntries[i]));
    tree.append(leaf);
    frontier.append(leaf);
    EXPECT_EQ(hex(tree.root()), kRoots[i + 1]);
    EXPECT_EQ(hex(frontier.root()), kRoots[i + 1]);
  }
}

// From the same tests: the path of the first entry among eight, and of the sixth.
TEST(MerkleTree, ProvesInclusionAsTheVectorsDo) {
  MerkleTree tree;
  for (const auto entry : kEntries) tree.append(leaf_hash(unhex(entry)));
  const auto first = inclusion_proof(0, 8, tree.nodes());
  ASSERT_TRUE(first);
  ASSERT_EQ(first->size(), 3U);
  EXPECT_EQ(hex((*first)[0]), "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7");
  EXPECT_EQ(hex((*first)[1]), "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e");
  EXPECT_EQ(hex((*first)[2]), "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4");
  const auto six_to_eight = consistency_proof(6, 8, tree.nodes());
  ASSERT_TRUE(six_to_eight);
  ASSERT_EQ(six_to_eight->size(), 3U);
  EXPECT_EQ(hex((*six_to_eight)[0]),
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a");
  EXPECT_EQ(hex((*six_to_eight)[1]),
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0");
  EXPECT_EQ(hex((*six_to_eight)[2]), kRoots[4]);
}

TEST(MerkleTree, EveryEntryOfEverySizeIsProvenAndNoOtherPlace) {
  const MerkleTree tree = tree_of(40);
  for (std::uint64_t size = 1; size <= 40; ++size) {
    const Digest root = *root_of(size, tree.nodes());
    for (std::uint64_t index = 0; index < size; ++index) {
      const auto proof = inclusion_proof(index, size, tree.nodes());
      ASSERT_TRUE(proof);
      EXPECT_TRUE(verify_inclusion(leaf_number(index), index, size, *proof, root));
      EXPECT_FALSE(verify_inclusion(leaf_number(index + 1), index, size, *proof, root));
      if (size > 1) {
        EXPECT_FALSE(verify_inclusion(leaf_number(index), (index + 1) % size, size, *proof, root));
      }
      Proof longer = *proof;
      longer.push_back(root);
      EXPECT_FALSE(verify_inclusion(leaf_number(index), index, size, longer, root));
      if (proof->empty()) continue;
      Proof shorter = *proof;
      shorter.pop_back();
      EXPECT_FALSE(verify_inclusion(leaf_number(index), index, size, shorter, root));
    }
  }
}

TEST(MerkleTree, EverySizeIsConsistentWithEveryLaterOneAndARewrittenTreeIsNot) {
  const MerkleTree tree = tree_of(40);
  MerkleTree rewritten;
  for (std::uint64_t i = 0; i < 40; ++i) rewritten.append(leaf_number(i == 3 ? 1000 : i));
  for (std::uint64_t size = 1; size <= 40; ++size) {
    const Digest root = *root_of(size, tree.nodes());
    for (std::uint64_t old_size = 1; old_size <= size; ++old_size) {
      const Digest old_root = *root_of(old_size, tree.nodes());
      const auto proof = consistency_proof(old_size, size, tree.nodes());
      ASSERT_TRUE(proof);
      EXPECT_TRUE(verify_consistency(old_size, old_root, size, root, *proof));
      if (old_size < 4) continue;
      const Digest other_root = *root_of(size, rewritten.nodes());
      const auto other = consistency_proof(old_size, size, rewritten.nodes());
      ASSERT_TRUE(other);
      EXPECT_FALSE(verify_consistency(old_size, old_root, size, other_root, *other));
      EXPECT_FALSE(verify_consistency(old_size, old_root, size, other_root, *proof));
    }
  }
}

TEST(MerkleTree, AnEmptyTreeIsConsistentWithAny) {
  const MerkleTree tree = tree_of(5);
  EXPECT_TRUE(verify_consistency(0, empty_root(), 5, tree.root(), {}));
  EXPECT_FALSE(verify_consistency(0, tree.root(), 5, tree.root(), {}));
  EXPECT_FALSE(verify_consistency(6, tree.root(), 5, tree.root(), {}));
}

TEST(MerkleTree, SaysWhenAHashIsMissing) {
  const MerkleTree tree = tree_of(5);
  EXPECT_FALSE(root_of(6, tree.nodes()));
  EXPECT_FALSE(inclusion_proof(2, 9, tree.nodes()));
  EXPECT_FALSE(inclusion_proof(5, 5, tree.nodes()));
  EXPECT_FALSE(consistency_proof(0, 5, tree.nodes()));
  EXPECT_FALSE(consistency_proof(6, 5, tree.nodes()));
}

TEST(TreeFrontier, GoesOnFromWhatWasStored) {
  TreeFrontier whole;
  for (std::uint64_t i = 0; i < 100; ++i) {
    auto resumed = TreeFrontier::from(whole.size(), whole.subtrees());
    ASSERT_TRUE(resumed);
    whole.append(leaf_number(i));
    resumed->append(leaf_number(i));
    EXPECT_EQ(*resumed, whole);
    EXPECT_EQ(whole.root(), tree_of(i + 1).root());
  }
}

TEST(TreeFrontier, RefusesHashesThatDoNotFitItsSize) {
  EXPECT_FALSE(TreeFrontier::from(3, {Digest{}}));
  EXPECT_FALSE(TreeFrontier::from(0, {Digest{}}));
  EXPECT_TRUE(TreeFrontier::from(4, {Digest{}}));
}

}  // namespace
}  // namespace lokaal
