// Signed notes (C2SP signed-note): a text, and signature lines that name their key.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/crypto.hpp"
#include "core/base/result.hpp"

namespace lokaal {

// The signature types that a key's identifier is bound to: a log's, and a witness's
// (C2SP tlog-cosignature; see cosignature.hpp).
inline constexpr std::uint8_t kNoteEd25519 = 0x01;
inline constexpr std::uint8_t kNoteCosignature = 0x04;

using NoteKeyId = std::array<std::uint8_t, 4>;

// A public key under a name. Its text form, the vkey: <name>+<hex key id>+<base64(type || key)>.
struct NoteVerifier {
  std::string name;
  Ed25519PublicKey key;
  std::uint8_t type = kNoteEd25519;

  // SHA-256(name || LF || type || key)[:4]
  NoteKeyId key_id() const;
  std::string vkey() const;
  // Refuses types other than the one asked for and a key id that does not match.
  static Result<NoteVerifier> from_vkey(std::string_view vkey, std::uint8_t type = kNoteEd25519);

  bool operator==(const NoteVerifier&) const = default;
};

struct NoteSignature {
  std::string name;
  NoteKeyId key_id{};
  Bytes signature;

  bool operator==(const NoteSignature&) const = default;
};

struct SignedNote {
  std::string text;  // ends in a line feed
  std::vector<NoteSignature> signatures;

  std::string to_text() const;
  // Bounded: at most 64 KiB and 64 signature lines.
  static Result<SignedNote> parse(std::string_view note);
  // The verifiers (of type 0x01) whose signatures hold. Signatures by other keys are ignored; one
  // by a known key that does not hold spoils the note, and so does the lack of any known one.
  Result<std::vector<NoteVerifier>> verify(const std::vector<NoteVerifier>& known) const;
};

// A key's name: UTF-8, not empty, without spaces of any script and without '+'.
bool is_note_name(std::string_view name);

// Signs `text` (it ends in a line feed) under that name.
Result<SignedNote> sign_note(std::string text, std::string name, const Ed25519PrivateKey& key);

}  // namespace lokaal
