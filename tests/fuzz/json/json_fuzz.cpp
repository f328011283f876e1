// What parse_json takes and is integers only has one canonical form, which reads back as itself.
#include <boost/json.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>

#include "core/base/bytes.hpp"
#include "core/base/json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lokaal;
  (void)from_base64url(as_text({data, size}));
  const auto value = parse_json(as_text({data, size}));
  if (!value) return 0;
  std::string once;
  try {
    once = canonical_json(*value);
  } catch (const std::logic_error&) {
    return 0;  // fractions and large integers: what lokaal never builds
  }
  const auto again = parse_json(once, {.bytes = 1 << 20});
  if (!again || canonical_json(*again) != once) std::abort();
  return 0;
}
