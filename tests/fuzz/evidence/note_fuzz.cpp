// A signed note, its checkpoint and a verifier key, all from outside.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "core/evidence/checkpoint.hpp"
#include "core/evidence/signed_note.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = lokaal::as_text({data, size});
  if (const auto verifier = lokaal::NoteVerifier::from_vkey(text)) {
    if (verifier->vkey() != text) std::abort();
  }
  const auto note = lokaal::SignedNote::parse(text);
  if (!note) return 0;
  if (note->to_text() != text) std::abort();
  if (note->verify({})) std::abort();
  if (const auto checkpoint = lokaal::Checkpoint::parse(note->text)) {
    if (!note->text.starts_with(checkpoint->body())) std::abort();
  }
  return 0;
}
