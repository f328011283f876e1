// The Merkle tree of RFC 6962, section 2: leaf and node hashes, roots, proofs. Pure functions of
// sizes and hashes; where the hashes are kept (memory, tiles) is a NodeSource's matter.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "core/base/crypto.hpp"

namespace lokaal {

using Proof = std::vector<Digest>;

Digest leaf_hash(ByteView entry);                           // SHA-256(0x00 || entry)
Digest node_hash(const Digest& left, const Digest& right);  // SHA-256(0x01 || left || right)
Digest empty_root();                                        // SHA-256("")

// The compact frontier: the roots of the complete subtrees whose sizes are the set bits of `size`,
// largest first. All that appending and the root need: 17 hashes at 70,000 entries.
class TreeFrontier {
 public:
  TreeFrontier() = default;
  // Takes up a stored frontier; an error unless there is one hash for each set bit.
  static Result<TreeFrontier> from(std::uint64_t size, std::vector<Digest> subtrees);

  void append(const Digest& leaf);
  std::uint64_t size() const { return size_; }
  Digest root() const;
  const std::vector<Digest>& subtrees() const { return subtrees_; }

  bool operator==(const TreeFrontier&) const = default;

 private:
  std::uint64_t size_ = 0;
  std::vector<Digest> subtrees_;
};

// The hash of the complete subtree of 2^level leaves that starts at leaf number position * 2^level;
// nullopt where it cannot be read.
using NodeSource = std::function<std::optional<Digest>(unsigned level, std::uint64_t position)>;

// A whole tree in memory: 64 bytes a leaf.
class MerkleTree {
 public:
  void append(const Digest& leaf);
  std::uint64_t size() const { return levels_.empty() ? 0 : levels_.front().size(); }
  Digest root() const;
  // Valid while the tree lives.
  NodeSource nodes() const;

 private:
  std::vector<std::vector<Digest>> levels_;
};

// The root of the tree of the first `size` leaves. An error where a node cannot be read.
Result<Digest> root_of(std::uint64_t size, const NodeSource& nodes);
// RFC 6962 section 2.1.1: the path from leaf `index` to the root of the tree of `size` leaves.
Result<Proof> inclusion_proof(std::uint64_t index, std::uint64_t size, const NodeSource& nodes);
// RFC 6962 section 2.1.2, for 1 <= old_size <= size.
Result<Proof> consistency_proof(std::uint64_t old_size, std::uint64_t size,
                                const NodeSource& nodes);

// RFC 9162 sections 2.1.3.2 and 2.1.4.2: exact, so neither a hash too many nor too few passes.
bool verify_inclusion(const Digest& leaf, std::uint64_t index, std::uint64_t size,
                      const Proof& proof, const Digest& root);
// An empty old tree is consistent with every tree, by an empty proof and the empty root.
bool verify_consistency(std::uint64_t old_size, const Digest& old_root, std::uint64_t size,
                        const Digest& root, const Proof& proof);

}  // namespace lokaal
