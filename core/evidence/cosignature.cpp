#include "core/evidence/cosignature.hpp"

#include <algorithm>
#include <string>

namespace lokaal {
namespace {

constexpr std::size_t kTimeBytes = 8;
// 9999-12-31T23:59:59Z: the last second that RFC 3339 can write.
constexpr std::uint64_t kLastSecond = 253402300799;

std::string signed_text(std::string_view body, std::uint64_t seconds) {
  return "cosignature/v1\ntime " + std::to_string(seconds) + "\n" + std::string(body);
}

}  // namespace

NoteSignature cosign(std::string_view body, std::string_view name, const Ed25519PrivateKey& key,
                     WallTime at) {
  const NoteVerifier witness{std::string(name), key.public_key(), kNoteCosignature};
  const auto seconds = static_cast<std::uint64_t>(to_unix_seconds(at));
  NoteSignature out{witness.name, witness.key_id(), {}};
  for (unsigned shift = 64; shift > 0; shift -= 8)
    out.signature.push_back(static_cast<std::uint8_t>(seconds >> (shift - 8) & 0xffU));
  const Bytes signature = key.sign(as_bytes(signed_text(body, seconds)));
  out.signature.insert(out.signature.end(), signature.begin(), signature.end());
  return out;
}

Result<std::optional<WallTime>> cosigned_at(const SignedNote& note, const NoteVerifier& witness) {
  const NoteKeyId id = witness.key_id();
  const auto line = std::find_if(
      note.signatures.begin(), note.signatures.end(),
      [&](const NoteSignature& one) { return one.name == witness.name && one.key_id == id; });
  if (line == note.signatures.end()) return std::nullopt;
  const ByteView payload = line->signature;
  if (payload.size() <= kTimeBytes)
    return failure("the cosignature of " + witness.name + " is cut off");
  std::uint64_t seconds = 0;
  for (const std::uint8_t byte : payload.first(kTimeBytes)) seconds = seconds << 8 | byte;
  if (seconds > kLastSecond ||
      !witness.key.verify(as_bytes(signed_text(note.text, seconds)), payload.subspan(kTimeBytes)))
    return failure("the cosignature of " + witness.name + " does not hold");
  return from_unix_seconds(static_cast<std::int64_t>(seconds));
}

}  // namespace lokaal
