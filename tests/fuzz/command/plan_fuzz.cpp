// Roots and rosters, as payloads and as signed documents.
#include <cstdlib>

#include "core/command/roster.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lokaal;
  const std::string_view text = as_text({data, size});
  const auto root = parse_root(text);
  if (root && (root->threshold < 1 || root->threshold > root->keys.size())) std::abort();
  const auto roster = parse_roster(text);
  if (roster) {
    for (const auto& [kid, entry] : roster->entries) {
      if (entry.subject().empty() || entry.person.empty() == entry.node.empty()) std::abort();
    }
  }
  if (first_root(text, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")) std::abort();
  static const Root nobody;
  if (verify_roster(text, nobody)) std::abort();
  return 0;
}
