// Timestamps and school policies, as payloads and as signed documents.
#include <cstdlib>

#include "core/plan/school_policy.hpp"
#include "core/plan/timestamp.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lokaal;
  const std::string_view text = as_text({data, size});
  if (const auto timestamp = parse_timestamp(text)) {
    if (timestamp->docs.size() > 4) std::abort();
    if (timestamp->stale_from() > timestamp->document.issued + kTimestampLife) std::abort();
  }
  if (const auto policy = parse_school_policy(text))
    for (const RoomId& room : policy->rooms)
      if (!is_name(room.str())) std::abort();
  static const Roster nobody;
  if (verify_timestamp(text, {nobody, std::nullopt})) std::abort();
  if (verify_school_policy(text, {nobody, std::nullopt})) std::abort();
  return 0;
}
