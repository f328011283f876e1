#include "core/evidence/private_part.hpp"

#include <algorithm>

namespace lokaal {
namespace {

Bytes associated(const PrivatePlace& place) {
  Bytes out = {'l', 'o', 'k', 'a', 'a', 'l', '/', 'v', '1', '/', 'p', 'r', 'i', 'v', 'a', 't', 'e'};
  out.insert(out.end(), place.journal.begin(), place.journal.end());
  for (unsigned shift = 64; shift > 0; shift -= 8)
    out.push_back(static_cast<std::uint8_t>(place.sequence >> (shift - 8) & 0xffU));
  out.insert(out.end(), place.entry.begin(), place.entry.end());
  return out;
}

}  // namespace

Bytes seal_private(const AeadKey& key, const AeadNonce& nonce, const PrivatePlace& place,
                   ByteView plain) {
  const Bytes sealed = aead_seal(key, nonce, associated(place), plain);
  Bytes out(nonce.bytes.begin(), nonce.bytes.end());
  out.insert(out.end(), sealed.begin(), sealed.end());
  return out;
}

Result<Bytes> open_private(const AeadKey& key, const PrivatePlace& place, ByteView sealed) {
  AeadNonce nonce;
  if (sealed.size() < kSealedOverhead)
    return failure("a private part shorter than its nonce and tag");
  std::copy_n(sealed.begin(), nonce.bytes.size(), nonce.bytes.begin());
  return aead_open(key, nonce, associated(place), sealed.subspan(nonce.bytes.size()));
}

bool is_erased(const AeadKey& key) {
  return std::all_of(key.bytes.begin(), key.bytes.end(), [](std::uint8_t b) { return b == 0; });
}

}  // namespace lokaal
