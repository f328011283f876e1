// The private part of a journal record: sealed under a key of its own, so that overwriting 32 bytes
// of the key file erases it and leaves journal, tree and proofs as they are.
#pragma once

#include "core/base/bytes.hpp"
#include "core/base/crypto.hpp"
#include "core/base/result.hpp"
#include "core/evidence/journal_record.hpp"

namespace lokaal {

// nonce || ciphertext || tag
inline constexpr std::size_t kSealedOverhead = 12 + kAeadTagBytes;
inline constexpr std::size_t kMaxSealedBytes = kMaxPersonalBytes + kSealedOverhead;

// Where a private part belongs; it opens nowhere else.
struct PrivatePlace {
  JournalId journal{};
  std::uint64_t sequence = 0;
  Digest entry{};  // leaf_hash() of the record's entry bytes, which may be none
};

// The nonce is random although every key seals one record: a slot can be used again when the record
// that first took it was torn by a power cut and never counted.
Bytes seal_private(const AeadKey& key, const AeadNonce& nonce, const PrivatePlace& place,
                   ByteView plain);
Result<Bytes> open_private(const AeadKey& key, const PrivatePlace& place, ByteView sealed);

// A slot of the key file that was erased holds zeros.
bool is_erased(const AeadKey& key);

}  // namespace lokaal
