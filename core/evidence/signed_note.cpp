#include "core/evidence/signed_note.hpp"

#include <algorithm>
#include <utility>

namespace lokaal {
namespace {

constexpr std::size_t kMaxNote = 64UL * 1024;
constexpr std::size_t kMaxSignatures = 64;
constexpr std::string_view kDash = "\xe2\x80\x94 ";  // U+2014, space

// Well-formed UTF-8 (Unicode 15, table 3-7).
bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto at = [&](std::size_t k) {
      return i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0U;
    };
    const unsigned lead = at(0);
    std::size_t length = 1;
    unsigned low = 0x80, high = 0xbf;
    if (lead >= 0xc2 && lead <= 0xdf) {
      length = 2;
    } else if (lead >= 0xe0 && lead <= 0xef) {
      length = 3;
      if (lead == 0xe0) low = 0xa0;
      if (lead == 0xed) high = 0x9f;
    } else if (lead >= 0xf0 && lead <= 0xf4) {
      length = 4;
      if (lead == 0xf0) low = 0x90;
      if (lead == 0xf4) high = 0x8f;
    } else if (lead > 0x7f) {
      return false;
    }
    if (length > 1 && (at(1) < low || at(1) > high)) return false;
    for (std::size_t k = 2; k < length; ++k)
      if (at(k) < 0x80 || at(k) > 0xbf) return false;
    i += length;
  }
  return true;
}

// Neither control characters (but the line feed) nor anything that is not UTF-8.
bool is_note_text(std::string_view text) {
  return is_utf8(text) && std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x20 && c != '\n';
         });
}

Result<NoteSignature> parse_signature(std::string_view line) {
  if (!line.starts_with(kDash)) return failure("a signature line begins with an em dash");
  line.remove_prefix(kDash.size());
  const auto space = line.find(' ');
  if (space == std::string_view::npos || !is_note_name(line.substr(0, space)))
    return failure("a signature line is: em dash, key name, base64");
  const auto raw = from_base64(line.substr(space + 1));
  if (!raw) return with_context("a signature line", raw.error());
  NoteSignature signature;
  if (raw->size() <= signature.key_id.size()) return failure("a signature line without signature");
  signature.name = line.substr(0, space);
  const auto split = raw->begin() + static_cast<std::ptrdiff_t>(signature.key_id.size());
  std::copy(raw->begin(), split, signature.key_id.begin());
  signature.signature.assign(split, raw->end());
  return signature;
}

}  // namespace

bool is_note_name(std::string_view name) {
  // What Unicode calls white space beyond ASCII.
  constexpr std::array<std::string_view, 9> spaces = {
      "\xc2\x85",     "\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\xa8", "\xe2\x80\xa9",
      "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80", "\xef\xbb\xbf"};
  if (name.empty() || !is_utf8(name) || name.find('+') != std::string_view::npos) return false;
  for (const char c : name)
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f) return false;
  for (const auto space : spaces)
    if (name.find(space) != std::string_view::npos) return false;
  for (unsigned last = 0x80; last <= 0x8a; ++last) {  // U+2000 to U+200A
    const std::string space{'\xe2', '\x80', static_cast<char>(last)};
    if (name.find(space) != std::string_view::npos) return false;
  }
  return true;
}

NoteKeyId NoteVerifier::key_id() const {
  Bytes message(name.begin(), name.end());
  message.push_back('\n');
  message.push_back(type);
  message.insert(message.end(), key.bytes.begin(), key.bytes.end());
  const Digest digest = sha256(message);
  NoteKeyId id{};
  std::copy_n(digest.begin(), id.size(), id.begin());
  return id;
}

std::string NoteVerifier::vkey() const {
  Bytes typed{type};
  typed.insert(typed.end(), key.bytes.begin(), key.bytes.end());
  return name + "+" + hex(key_id()) + "+" + base64(typed);
}

Result<NoteVerifier> NoteVerifier::from_vkey(std::string_view vkey, std::uint8_t type) {
  const auto first = vkey.find('+');
  const auto second = first == std::string_view::npos ? first : vkey.find('+', first + 1);
  if (second == std::string_view::npos || !is_note_name(vkey.substr(0, first)))
    return failure("a verifier key is <name>+<key id>+<base64>");
  const auto raw = from_base64(vkey.substr(second + 1));
  if (!raw) return with_context("a verifier key", raw.error());
  if (raw->empty() || raw->front() != type)
    return failure("a verifier key of type " + hex(ByteView(*raw).first(raw->empty() ? 0 : 1)) +
                       " where type " + hex(ByteView(&type, 1)) + " belongs",
                   "a log's key has type 01, a witness's type 04");
  const auto key = Ed25519PublicKey::from(ByteView(*raw).subspan(1));
  if (!key) return tl::unexpected(key.error());
  NoteVerifier verifier{std::string(vkey.substr(0, first)), *key, type};
  if (hex(verifier.key_id()) != vkey.substr(first + 1, second - first - 1))
    return failure("a verifier key whose key id is not that of its name and key");
  return verifier;
}

std::string SignedNote::to_text() const {
  std::string out = text + "\n";
  for (const NoteSignature& signature : signatures) {
    Bytes raw(signature.key_id.begin(), signature.key_id.end());
    raw.insert(raw.end(), signature.signature.begin(), signature.signature.end());
    out.append(kDash).append(signature.name).append(" ").append(base64(raw)).append("\n");
  }
  return out;
}

Result<SignedNote> SignedNote::parse(std::string_view note) {
  if (note.size() > kMaxNote) return failure("a note over 64 KiB");
  if (!is_note_text(note)) return failure("a note is UTF-8 without control characters");
  const auto blank = note.rfind("\n\n");
  if (blank == std::string_view::npos || note.back() != '\n')
    return failure("a note is a text, a blank line, and signature lines");
  SignedNote parsed;
  parsed.text = note.substr(0, blank + 1);
  std::string_view lines = note.substr(blank + 2);
  while (!lines.empty()) {
    if (parsed.signatures.size() == kMaxSignatures)
      return failure("a note with over 64 signatures");
    const auto end = lines.find('\n');
    auto signature = parse_signature(lines.substr(0, end));
    if (!signature) return tl::unexpected(signature.error());
    parsed.signatures.push_back(std::move(*signature));
    lines.remove_prefix(end + 1);
  }
  if (parsed.signatures.empty()) return failure("a note without signatures");
  return parsed;
}

Result<std::vector<NoteVerifier>> SignedNote::verify(const std::vector<NoteVerifier>& known) const {
  std::vector<NoteVerifier> good;
  for (const NoteVerifier& verifier : known) {
    const NoteKeyId id = verifier.key_id();
    const auto signature =
        std::find_if(signatures.begin(), signatures.end(), [&](const NoteSignature& candidate) {
          return candidate.name == verifier.name && candidate.key_id == id;
        });
    if (signature == signatures.end()) continue;
    if (!verifier.key.verify(as_bytes(text), signature->signature))
      return failure("the signature of " + verifier.name + " does not hold");
    good.push_back(verifier);
  }
  if (good.empty()) return failure("a note that no known key has signed");
  return good;
}

Result<SignedNote> sign_note(std::string text, std::string name, const Ed25519PrivateKey& key) {
  if (text.empty() || text.back() != '\n' || !is_note_text(text))
    return failure("a note's text is UTF-8 and ends in a line feed");
  if (!is_note_name(name)) return failure("\"" + name + "\" cannot name a note's key");
  const NoteVerifier verifier{name, key.public_key(), kNoteEd25519};
  SignedNote note{std::move(text), {}};
  note.signatures.push_back({std::move(name), verifier.key_id(), key.sign(as_bytes(note.text))});
  return note;
}

}  // namespace lokaal
