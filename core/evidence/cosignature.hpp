// What a witness says of a checkpoint: "I have seen this one, at that time, and none that
// contradicts it" (C2SP tlog-cosignature, Ed25519, type 0x04).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/time.hpp"
#include "core/evidence/signed_note.hpp"

namespace lokaal {

// A signature line's content for a checkpoint's body: keyed to `name`, over the body and the time
// in whole seconds.
NoteSignature cosign(std::string_view body, std::string_view name, const Ed25519PrivateKey& key,
                     WallTime at);

// When this witness (a verifier of type 0x04) cosigned the note. nullopt: it has not; an Error:
// there is a signature by it that does not hold.
Result<std::optional<WallTime>> cosigned_at(const SignedNote& note, const NoteVerifier& witness);

}  // namespace lokaal
