// A client's datagram: whatever it is, what we say to it is a DNS message that fits.
#include <cstdlib>

#include "core/traffic/dns_answer.hpp"
#include "core/traffic/dns_message.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lokaal;  // NOLINT: a harness is one function
  const auto query = parse_dns_query({data, size});
  if (!query) {
    const auto& reply = query.error().reply;
    require(!reply || (reply->size() == kDnsHeader && (*reply)[0] == data[0]));
    return 0;
  }
  const auto until = from_unix_seconds(1795428000);
  for (const Bytes& reply :
       {refuse_name(*query, RuleId("mondia:lesson-social"), until), no_data(*query),
        no_such_name(*query), error_reply(*query, DnsRcode::bad_vers)}) {
    require(reply.size() <= kPlainUdpSize);
    require(dns_records(reply).has_value());
    require(fit_udp(*query, reply) == reply);
  }
  special_name(query->name);
  // What we ask upstream for it is a query again, for the same name.
  const auto again = parse_dns_query(build_dns_query(DnsQuestion::of(*query), 1));
  require(again && again->name_wire == query->name_wire && again->name == query->name);
  return 0;
}
