#include "adapters/journal/segment_store.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "core/evidence/journal_record.hpp"
#include "core/evidence/merkle.hpp"
#include "core/evidence/private_part.hpp"

namespace lokaal {
namespace {

// More is written in several groups, so that the first of them need not wait for the last.
constexpr std::uint64_t kMaxGroupBytes = 1024UL * 1024;
// How far the journal grows before a full disk is tried again.
constexpr std::uint64_t kRetryBytes = 64UL * 1024;

}  // namespace

BatchSize size_of(const JournalBatch& batch) {
  BatchSize size;
  for (const JournalItem& item : batch.items) {
    const bool sealed = !item.personal.empty();
    size.bytes += record_bytes(item.entry.size(),
                               sealed ? item.personal.size() + kSealedOverhead : std::size_t{0});
    size.keys += sealed ? 1 : 0;
  }
  return size;
}

SegmentStore::SegmentStore(std::shared_ptr<JournalDisk> disk, std::string directory,
                           SegmentShape shape, Reserve reserve, RandomBytes random,
                           JournalState state)
    : disk_(std::move(disk)),
      directory_(std::move(directory)),
      reserve_(reserve),
      random_(std::move(random)),
      state_(std::move(state)),
      maker_(*disk_, directory_, shape, state_.journal, random_) {}

bool SegmentStore::wants_preparation() const {
  if (state_.spare) return false;
  return !preparation_error_ || (state_.current && state_.current->offset >= retry_at_);
}

void SegmentStore::prepare() {
  auto step = maker_.step(state_.last_number + 1);
  if (!step) {
    preparation_error_ = step.error();
    retry_at_ = (state_.current ? state_.current->offset : 0) + kRetryBytes;
    return;
  }
  preparation_error_.reset();
  if (!*step) return;
  state_.last_number = (*step)->number;
  state_.spare = std::move(*step);
}

Result<void> SegmentStore::finish_preparation() {
  do {
    prepare();
    if (preparation_error_) return tl::unexpected(*preparation_error_);
  } while (!state_.spare);
  return {};
}

std::uint64_t SegmentStore::end_of_group() const {
  const std::uint64_t start =
      state_.current->offset == 0 && group_.empty() ? kSegmentHeaderBytes : state_.current->offset;
  return start + group_.size();
}

bool SegmentStore::fits(const BatchSize& size, Purpose purpose) const {
  if (!state_.current) return false;
  if (!group_.empty() && group_.size() + size.bytes > kMaxGroupBytes) return false;
  const bool all = state_.spare.has_value() || purpose == Purpose::ending;
  const std::uint64_t kept_bytes = all ? 0 : reserve_.bytes;
  const std::uint32_t kept_keys = all ? 0 : reserve_.keys;
  return end_of_group() + size.bytes + kept_bytes <= state_.current->capacity &&
         state_.current->next_slot + size.keys + kept_keys <= state_.current->keys.keys.size();
}

Result<void> SegmentStore::make_room(const BatchSize& size, Purpose purpose) {
  if (fits(size, purpose)) return {};
  if (!state_.spare) {
    if (auto made = finish_preparation(); !made)
      return with_context("the journal has no room", made.error());
  }
  if (fits(size, purpose)) return {};
  roll();
  if (fits(size, purpose)) return {};
  // An ordinary batch in a new segment whose own successor does not exist yet.
  if (auto made = finish_preparation(); !made)
    return with_context("the journal has no room", made.error());
  if (fits(size, purpose)) return {};
  return failure("a batch that fits no segment of the journal");
}

void SegmentStore::roll() {
  state_.current = std::move(state_.spare);
  state_.spare.reset();
  retry_at_ = 0;
}

Bytes SegmentStore::seal(const JournalItem& item, const Digest& leaf, std::uint32_t& slot) {
  if (item.personal.empty()) return {};
  slot = state_.current->next_slot++;
  AeadKey& key = state_.current->keys.keys[slot];
  AeadNonce nonce;
  const Bytes random = random_(nonce.bytes.size());
  std::copy_n(random.begin(), nonce.bytes.size(), nonce.bytes.begin());
  const PrivatePlace place{state_.journal, state_.chain.next_sequence, leaf};
  Bytes sealed = seal_private(key, nonce, place, as_bytes(item.personal));
  // From now on it is in the key file only: what is erased there is not left in memory.
  key = AeadKey{};
  state_.key_places.push_back({state_.chain.next_sequence, state_.current->number, slot});
  return sealed;
}

Appended SegmentStore::add(const JournalBatch& batch, std::vector<Digest> leaves) {
  ChainState& chain = state_.chain;
  if (group_.empty()) {
    group_first_ = chain.next_sequence;
    if (state_.current->offset == 0) {
      const SegmentHeader header{static_cast<std::uint32_t>(state_.current->capacity),
                                 state_.journal,
                                 state_.current->number,
                                 chain.next_sequence,
                                 chain.next_index,
                                 chain.link};
      group_ = header.encode();
      chain.link = header.link();
    }
  }
  if (batch.begins_log) chain.next_index = 0;
  Appended appended{chain.next_sequence, chain.next_index, {}};
  auto leaf = leaves.begin();
  for (std::size_t i = 0; i < batch.items.size(); ++i) {
    const JournalItem& item = batch.items[i];
    RecordHeader header;
    header.leaf = !item.entry.empty();
    header.begins_log = batch.begins_log && i == 0;
    header.batch_left = static_cast<std::uint16_t>(batch.items.size() - i - 1);
    header.sequence = chain.next_sequence;
    header.group = group_first_;
    header.index = chain.next_index;
    header.previous = chain.link;
    const Bytes sealed = seal(item, header.leaf ? *leaf : leaf_hash({}), header.key_slot);
    chain.link = encode_record(group_, header, as_bytes(item.entry), sealed);
    ++chain.next_sequence;
    if (header.leaf) {
      ++chain.next_index;
      ++leaf;
    }
  }
  appended.leaves = std::move(leaves);
  return appended;
}

Result<void> SegmentStore::commit() {
  OpenSegment& segment = *state_.current;
  auto done = segment.file.write(group_, segment.offset);
  if (done) done = segment.file.sync_data();
  if (!done) return done;
  segment.offset += group_.size();
  group_.clear();
  return done;
}

Result<void> SegmentStore::erase(const std::vector<std::uint64_t>& sequences) {
  std::map<std::uint64_t, std::vector<std::uint32_t>> slots;
  for (const std::uint64_t sequence : sequences) {
    const auto place =
        std::lower_bound(state_.key_places.begin(), state_.key_places.end(), sequence,
                         [](const KeyPlace& candidate, std::uint64_t wanted) {
                           return candidate.sequence < wanted;
                         });
    if (place != state_.key_places.end() && place->sequence == sequence)
      slots[place->segment].push_back(place->slot);
  }
  for (const auto& [segment, in_segment] : slots) {
    auto erased = erase_keys(*disk_, directory_ + "/" + keys_name(segment), in_segment);
    if (!erased) return erased;
  }
  return {};
}

}  // namespace lokaal
