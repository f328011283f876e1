// What a name server, or who pretends to be it, sends a probe: read, or not taken at all.
#include <cstdlib>

#include "agent/probes/dns_question.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lokaal;
  for (const IpFamily family : {IpFamily::v4, IpFamily::v6}) {
    const auto reply = read_dns_reply({data, size}, family, 0x1234);
    if (!reply) continue;
    for (const IpAddress& address : reply->addresses)
      if (address.family != family) std::abort();
  }
  return 0;
}
