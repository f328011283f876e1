// An entry of somebody's log. What parses is written again with the same bytes, or with fewer
// members.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "core/evidence/commitment.hpp"
#include "core/evidence/entry.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = lokaal::as_text({data, size});
  if (const auto values = lokaal::PrivateValues::from_json(text)) {
    const auto again = lokaal::PrivateValues::from_json(values->to_json());
    if (!again || again->to_json() != values->to_json()) std::abort();
  }
  const auto entry = lokaal::LogEntry::parse(text);
  if (!entry) return 0;
  const auto bytes = entry->to_bytes();
  if (!bytes || bytes->size() > size) std::abort();
  const auto again = lokaal::LogEntry::parse(*bytes);
  if (!again || !(*again == *entry)) std::abort();
  return 0;
}
