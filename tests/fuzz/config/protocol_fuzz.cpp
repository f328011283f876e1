// Any text is a protocol in which every layer cites a rule that it has, or an error with a place.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "core/base/bytes.hpp"
#include "core/protocol/protocol.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lokaal;
  const auto protocol = parse_protocol(as_text({data, size}), "f.toml");
  if (!protocol) {
    if (!protocol.error().place) std::abort();
    return 0;
  }
  const Citations& cites = protocol->cites;
  for (const RuleId& id : {cites.lesson_social, cites.devices_away, cites.device_cut, cites.exam,
                           cites.exam_recording, cites.phone_free, cites.social_free})
    if (protocol->find(id) == nullptr) std::abort();
  (void)make_rulebook(*protocol, {});
  return 0;
}
