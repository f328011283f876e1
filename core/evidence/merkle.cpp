#include "core/evidence/merkle.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace lokaal {
namespace {

// The largest power of two below `size` (size >= 2): where RFC 6962 splits a tree.
std::uint64_t split(std::uint64_t size) {
  return std::bit_floor(size - 1);
}

// The hash of leaves [start, start + size). `start` is a multiple of the subtree's span, which
// every split of a tree that begins at leaf 0 gives.
Result<Digest> range_hash(std::uint64_t start, std::uint64_t size, const NodeSource& nodes) {
  if (std::has_single_bit(size)) {
    const auto level = static_cast<unsigned>(std::countr_zero(size));
    const auto node = nodes(level, start >> level);
    if (!node) return failure("a hash of the log is missing");
    return *node;
  }
  const std::uint64_t left_size = split(size);
  const auto left = range_hash(start, left_size, nodes);
  if (!left) return left;
  const auto right = range_hash(start + left_size, size - left_size, nodes);
  if (!right) return right;
  return node_hash(*left, *right);
}

// Walks down from the tree [0, size) and collects the sibling of each step, root side first.
struct Walk {
  const NodeSource& nodes;
  Proof siblings;
  std::optional<Error> error;

  bool take(std::uint64_t start, std::uint64_t size) {
    const auto hash = range_hash(start, size, nodes);
    if (hash) {
      siblings.push_back(*hash);
    } else {
      error = hash.error();
    }
    return hash.has_value();
  }
};

}  // namespace

Digest leaf_hash(ByteView entry) {
  Bytes message;
  message.reserve(entry.size() + 1);
  message.push_back(0x00);
  message.insert(message.end(), entry.begin(), entry.end());
  return sha256(message);
}

Digest node_hash(const Digest& left, const Digest& right) {
  std::array<std::uint8_t, 65> message{};
  message[0] = 0x01;
  std::copy(left.begin(), left.end(), message.begin() + 1);
  std::copy(right.begin(), right.end(), message.begin() + 33);
  return sha256(message);
}

Digest empty_root() {
  return sha256({});
}

Result<TreeFrontier> TreeFrontier::from(std::uint64_t size, std::vector<Digest> subtrees) {
  if (subtrees.size() != static_cast<std::size_t>(std::popcount(size)))
    return failure("a frontier has one hash for each set bit of its size");
  TreeFrontier frontier;
  frontier.size_ = size;
  frontier.subtrees_ = std::move(subtrees);
  return frontier;
}

void TreeFrontier::append(const Digest& leaf) {
  Digest hash = leaf;
  for (std::uint64_t rest = size_; (rest & 1U) != 0; rest >>= 1U) {
    hash = node_hash(subtrees_.back(), hash);
    subtrees_.pop_back();
  }
  subtrees_.push_back(hash);
  ++size_;
}

Digest TreeFrontier::root() const {
  if (subtrees_.empty()) return empty_root();
  Digest hash = subtrees_.back();
  for (auto it = subtrees_.rbegin() + 1; it != subtrees_.rend(); ++it) hash = node_hash(*it, hash);
  return hash;
}

void MerkleTree::append(const Digest& leaf) {
  Digest hash = leaf;
  for (std::size_t level = 0;; ++level) {
    if (levels_.size() == level) levels_.emplace_back();
    auto& row = levels_[level];
    row.push_back(hash);
    if (row.size() % 2 != 0) return;
    hash = node_hash(row[row.size() - 2], row.back());
  }
}

Digest MerkleTree::root() const {
  const auto root = root_of(size(), nodes());
  return root ? *root : empty_root();
}

NodeSource MerkleTree::nodes() const {
  return [this](unsigned level, std::uint64_t position) -> std::optional<Digest> {
    if (level >= levels_.size() || position >= levels_[level].size()) return std::nullopt;
    return levels_[level][position];
  };
}

Result<Digest> root_of(std::uint64_t size, const NodeSource& nodes) {
  if (size == 0) return empty_root();
  return range_hash(0, size, nodes);
}

Result<Proof> inclusion_proof(std::uint64_t index, std::uint64_t size, const NodeSource& nodes) {
  if (index >= size) return failure("no such entry in a log of that size");
  Walk walk{nodes, {}, {}};
  std::uint64_t start = 0;
  while (size > 1) {
    const std::uint64_t left = split(size);
    const bool go_left = index - start < left;
    if (!(go_left ? walk.take(start + left, size - left) : walk.take(start, left)))
      return tl::unexpected(*walk.error);
    if (!go_left) start += left;
    size = go_left ? left : size - left;
  }
  std::reverse(walk.siblings.begin(), walk.siblings.end());
  return std::move(walk.siblings);
}

Result<Proof> consistency_proof(std::uint64_t old_size, std::uint64_t size,
                                const NodeSource& nodes) {
  if (old_size == 0 || old_size > size)
    return failure("a consistency proof goes from 1 or more entries to as many or more");
  Walk walk{nodes, {}, {}};
  std::uint64_t start = 0;
  std::uint64_t old_left = old_size;  // the old tree's leaves within [start, start + size)
  bool known = true;                  // the old root is this very subtree: the verifier has it
  while (old_left != size) {
    const std::uint64_t left = split(size);
    const bool go_left = old_left <= left;
    if (!(go_left ? walk.take(start + left, size - left) : walk.take(start, left)))
      return tl::unexpected(*walk.error);
    if (!go_left) {
      start += left;
      old_left -= left;
      known = false;
    }
    size = go_left ? left : size - left;
  }
  if (!known && !walk.take(start, size)) return tl::unexpected(*walk.error);
  std::reverse(walk.siblings.begin(), walk.siblings.end());
  return std::move(walk.siblings);
}

bool verify_inclusion(const Digest& leaf, std::uint64_t index, std::uint64_t size,
                      const Proof& proof, const Digest& root) {
  if (index >= size) return false;
  std::uint64_t node = index;
  std::uint64_t last = size - 1;
  Digest hash = leaf;
  for (const Digest& sibling : proof) {
    if (last == 0) return false;
    if ((node & 1U) != 0 || node == last) {
      hash = node_hash(sibling, hash);
      while ((node & 1U) == 0 && node != 0) {
        node >>= 1U;
        last >>= 1U;
      }
    } else {
      hash = node_hash(hash, sibling);
    }
    node >>= 1U;
    last >>= 1U;
  }
  return last == 0 && hash == root;
}

bool verify_consistency(std::uint64_t old_size, const Digest& old_root, std::uint64_t size,
                        const Digest& root, const Proof& proof) {
  if (old_size > size) return false;
  if (old_size == 0) return proof.empty() && old_root == empty_root();
  if (old_size == size) return proof.empty() && old_root == root;
  auto next = proof.begin();
  if (!std::has_single_bit(old_size) && next == proof.end()) return false;
  std::uint64_t node = old_size - 1;
  std::uint64_t last = size - 1;
  while ((node & 1U) != 0) {
    node >>= 1U;
    last >>= 1U;
  }
  Digest old_hash = std::has_single_bit(old_size) ? old_root : *next++;
  Digest hash = old_hash;
  for (; next != proof.end(); ++next) {
    if (last == 0) return false;
    if ((node & 1U) != 0 || node == last) {
      old_hash = node_hash(*next, old_hash);
      hash = node_hash(*next, hash);
      while ((node & 1U) == 0 && node != 0) {
        node >>= 1U;
        last >>= 1U;
      }
    } else {
      hash = node_hash(hash, *next);
    }
    node >>= 1U;
    last >>= 1U;
  }
  return last == 0 && old_hash == old_root && hash == root;
}

}  // namespace lokaal
