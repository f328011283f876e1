// A trust policy from outside. What parses is written again to the same meaning.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "core/evidence/cosignature.hpp"
#include "core/evidence/trust_policy.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lokaal;
  const auto text = as_text({data, size});
  if (const auto note = SignedNote::parse(text)) {
    const NoteVerifier nobody{"nobody", {}, kNoteCosignature};
    if (const auto at = cosigned_at(*note, nobody); at && *at) std::abort();
  }
  const auto policy = TrustPolicy::parse(text, "policy");
  if (!policy) return 0;
  const auto again = TrustPolicy::parse(policy->to_text(), "again");
  if (!again || !(*again == *policy)) std::abort();
  if (policy->needs_witnesses() && policy->met_by({})) std::abort();
  std::set<std::string> all;
  for (const auto& witness : policy->witnesses) all.insert(witness.name);
  if (!policy->met_by(all)) std::abort();
  return 0;
}
