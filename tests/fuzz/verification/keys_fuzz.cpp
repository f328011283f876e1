// A key set that came with somebody's log.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "core/verification/key_set.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto keys = lokaal::KeySet::parse(lokaal::as_text({data, size}));
  if (!keys) return 0;
  const auto again = lokaal::KeySet::parse(keys->to_text());
  if (!again || !(*again == *keys)) std::abort();
  return 0;
}
