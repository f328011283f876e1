// An upstream's message: rewriting keeps its size and shape, and what is handed on is whole.
#include <cstdlib>

#include "core/traffic/dns_answer.hpp"
#include "core/traffic/dns_message.hpp"
#include "core/traffic/dns_name.hpp"
#include "core/traffic/dns_wire.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check_ttls(const lokaal::Bytes& message, std::uint32_t most) {
  const auto records = lokaal::dns_records(message);
  require(records.has_value());
  for (const lokaal::DnsRecord& record : *records) {
    if (record.type == lokaal::number_of(lokaal::DnsType::opt)) continue;
    require(lokaal::dns_wire::get32(message, record.ttl_at) <= most);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lokaal;  // NOLINT: a harness is one function
  const ByteView input(data, size);
  Bytes capped(input.begin(), input.end());
  if (cap_ttls(capped, std::chrono::seconds(5))) check_ttls(capped, 5);
  require(capped.size() == size);
  Bytes counted(input.begin(), input.end());
  if (count_down_ttls(counted, std::chrono::seconds(1000000))) check_ttls(counted, 0x7FFFFFFF);
  answered_addresses(input);

  // As the answer to whatever it says that it answers.
  const auto name = read_dns_name(input, kDnsHeader);
  if (!name || name->end + 4 > size) return 0;
  const DnsQuestion question{name->wire, dns_wire::get16(input, name->end),
                             dns_wire::get16(input, name->end + 2), true, false};
  auto answer = parse_dns_answer(input, question, dns_wire::get16(input, 0));
  if (!answer || answer->truncated) return 0;
  cache_lifetime(*answer);
  settle_negative_ttl(*answer);
  const auto query = parse_dns_query(build_dns_query(question, 7));
  if (!query) return 0;
  const Bytes reply =
      answer_client(*query, *answer, std::chrono::seconds(3), std::chrono::seconds(5));
  require(!reply.empty());
  check_ttls(reply, 5);
  return 0;
}
