#include "core/traffic/dns_answer.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/traffic/dns_name.hpp"
#include "core/traffic/dns_wire.hpp"

namespace lokaal {
namespace {

using namespace dns_wire;
using std::chrono::seconds;

// As many aliases as resolvers follow; more is a loop or an attack.
constexpr int kMaxAliases = 16;
// What is told on of the upstream's own errors.
constexpr std::size_t kMaxErrors = 4;
// RFC 2181 section 8: a TTL has 31 bits, one with the top bit set is zero.
constexpr std::uint32_t kTtlMax = 0x7FFFFFFF;

bool is(const DnsRecord& record, DnsType type) {
  return record.type == number_of(type);
}

std::uint32_t ttl_of(ByteView message, const DnsRecord& record) {
  const std::uint32_t ttl = get32(message, record.ttl_at);
  return ttl > kTtlMax ? 0 : ttl;
}

template <class Change>
Result<void> change_ttls(std::span<std::uint8_t> message, Change change) {
  const auto records = dns_records(message);
  if (!records) return tl::unexpected(records.error());
  for (const DnsRecord& record : *records) {
    if (is(record, DnsType::opt)) continue;
    set32(message, record.ttl_at, change(ttl_of(message, record)));
  }
  return {};
}

std::uint32_t clamp_ttl(seconds value) {
  return static_cast<std::uint32_t>(std::clamp<seconds::rep>(value.count(), 0, kTtlMax));
}

// Whether the message repeats our question, whatever its letter case.
bool repeats(ByteView message, const DnsQuestion& question) {
  const auto name = read_dns_name(message, kDnsHeader);
  return name && name->end == kDnsHeader + name->wire.size() && message.size() - name->end >= 4 &&
         name->wire == question.name_wire && get16(message, name->end) == question.type &&
         get16(message, name->end + 2) == question.klass;
}

// The SOA's minimum: the last four octets, after two names and four numbers.
std::optional<std::uint32_t> soa_minimum(ByteView message, const DnsRecord& soa) {
  const auto primary = skip_dns_name(message, soa.rdata);
  const auto mailbox = primary ? skip_dns_name(message, *primary) : std::nullopt;
  if (!mailbox || *mailbox + 20 != soa.end) return std::nullopt;
  return get32(message, soa.end - 4);
}

bool is_negative(const DnsAnswer& answer, const std::vector<DnsRecord>& records) {
  if (answer.rcode == static_cast<std::uint16_t>(DnsRcode::nx_domain)) return true;
  const auto question = skip_dns_name(answer.message, kDnsHeader);
  const std::uint16_t type = question ? get16(answer.message, *question) : 0;
  return std::none_of(records.begin(), records.end(), [type](const DnsRecord& record) {
    return record.section == DnsRecord::Section::answer &&
           (record.type == type || type == number_of(DnsType::any));
  });
}

const DnsRecord* find_soa(const std::vector<DnsRecord>& records) {
  const auto found = std::find_if(records.begin(), records.end(), [](const DnsRecord& record) {
    return record.section == DnsRecord::Section::authority && is(record, DnsType::soa);
  });
  return found == records.end() ? nullptr : &*found;
}

std::vector<ExtendedError> read_errors(ByteView rdata) {
  std::vector<ExtendedError> errors;
  while (rdata.size() >= 4 && errors.size() < kMaxErrors) {
    const std::uint16_t code = get16(rdata, 0);
    const std::size_t length = get16(rdata, 2);
    if (rdata.size() - 4 < length) break;
    const ByteView data = rdata.subspan(4, length);
    if (code == kEdeOption && length >= 2)
      errors.push_back({get16(data, 0), std::string(as_text(data.subspan(2)))});
    rdata = rdata.subspan(4 + length);
  }
  return errors;
}

// Takes the OPT off, with whatever stands behind it: names may point back over it, and additional
// records are never needed.
void detach_opt(DnsAnswer& answer, const std::vector<DnsRecord>& records) {
  std::size_t kept = 0;
  for (const DnsRecord& record : records) {
    if (record.section != DnsRecord::Section::additional) continue;
    if (is(record, DnsType::opt)) {
      const ByteView message = answer.message;
      answer.rcode |= static_cast<std::uint16_t>(message[record.ttl_at] << 4U);
      answer.errors = read_errors(message.subspan(record.rdata, record.rdata_size));
      answer.message.resize(record.owner);
      set16(answer.message, kAdditionalAt, kept);
      return;
    }
    ++kept;
  }
}

// One record at `at`, or nothing.
std::optional<DnsRecord> read_record(ByteView message, std::size_t at, DnsRecord::Section section) {
  const auto name_end = skip_dns_name(message, at);
  if (!name_end || message.size() - *name_end < 10) return std::nullopt;
  DnsRecord record;
  record.section = section;
  record.owner = at;
  record.type = get16(message, *name_end);
  record.klass = get16(message, *name_end + 2);
  record.ttl_at = *name_end + 4;
  record.rdata = *name_end + 10;
  record.rdata_size = get16(message, *name_end + 8);
  record.end = record.rdata + record.rdata_size;
  if (record.end > message.size()) return std::nullopt;
  return record;
}

bool says_policy(const DnsAnswer& answer) {
  constexpr std::array kPolicy = {kEdeBlocked, kEdeCensored, kEdeFiltered, kEdeProhibited};
  return std::any_of(answer.errors.begin(), answer.errors.end(), [&](const ExtendedError& error) {
    return std::find(kPolicy.begin(), kPolicy.end(), error.code) != kPolicy.end();
  });
}

}  // namespace

DnsQuestion DnsQuestion::of(const DnsQuery& query) {
  return {query.name_wire, query.type, query.klass, query.edns && query.edns->dnssec_ok,
          query.checking_disabled};
}

Bytes build_dns_query(const DnsQuestion& question, std::uint16_t id) {
  Bytes message(kDnsHeader);
  set16(message, kIdAt, id);
  set16(message, kFlagsAt,
        kRecursionDesired | kAuthenticData | (question.checking_disabled ? kCheckingDisabled : 0U));
  set16(message, kQuestionsAt, 1);
  put(message, question.name_wire);
  put16(message, question.type);
  put16(message, question.klass);
  append_opt(message, question.dnssec_ok, {});
  return message;
}

Result<std::vector<DnsRecord>> dns_records(ByteView message) {
  if (message.size() < kDnsHeader || message.size() > kMaxDnsMessage ||
      get16(message, kQuestionsAt) != 1)
    return failure("not a DNS message with one question");
  const auto name_end = skip_dns_name(message, kDnsHeader);
  if (!name_end || message.size() - *name_end < 4) return failure("broken question");
  std::size_t at = *name_end + 4;
  std::vector<DnsRecord> records;
  constexpr std::pair<DnsRecord::Section, std::size_t> kSections[] = {
      {DnsRecord::Section::answer, kAnswersAt},
      {DnsRecord::Section::authority, kAuthorityAt},
      {DnsRecord::Section::additional, kAdditionalAt}};
  for (const auto& [section, count_at] : kSections) {
    for (unsigned left = get16(message, count_at); left > 0; --left) {
      const auto record = read_record(message, at, section);
      if (!record) return failure("broken record");
      at = record->end;
      records.push_back(*record);
    }
  }
  if (at != message.size()) return failure("octets after the last record");
  return records;
}

Result<DnsAnswer> parse_dns_answer(ByteView message, const DnsQuestion& question,
                                   std::uint16_t id) {
  if (message.size() < kDnsHeader || get16(message, kIdAt) != id) return failure("another id");
  const std::uint16_t flags = get16(message, kFlagsAt);
  if ((flags & kResponse) == 0 || (flags & kOpcode) != 0) return failure("not an answer");
  if (get16(message, kQuestionsAt) != 1 || !repeats(message, question))
    return failure("another question");

  DnsAnswer answer;
  answer.rcode = flags & kRcode;
  answer.truncated = (flags & kTruncated) != 0;
  if (answer.truncated) return answer;  // it will be asked for again, over TCP
  const auto records = dns_records(message);
  if (!records) return tl::unexpected(records.error());
  answer.message.assign(message.begin(), message.end());
  std::copy(question.name_wire.begin(), question.name_wire.end(),
            answer.message.begin() + kDnsHeader);
  detach_opt(answer, *records);
  return answer;
}

Result<void> cap_ttls(std::span<std::uint8_t> message, seconds cap) {
  return change_ttls(message,
                     [most = clamp_ttl(cap)](std::uint32_t ttl) { return std::min(ttl, most); });
}

Result<void> count_down_ttls(std::span<std::uint8_t> message, seconds elapsed) {
  return change_ttls(message, [gone = clamp_ttl(elapsed)](std::uint32_t ttl) {
    return ttl > gone ? ttl - gone : 0;
  });
}

seconds cache_lifetime(const DnsAnswer& answer) {
  // A day, and for "no" three hours, are as much as RFC 2308 section 5 finds sensible.
  constexpr std::uint32_t kMost = 86400;
  constexpr std::uint32_t kMostNegative = 10800;
  if (answer.rcode != static_cast<std::uint16_t>(DnsRcode::no_error) &&
      answer.rcode != static_cast<std::uint16_t>(DnsRcode::nx_domain))
    return seconds(0);
  if (says_policy(answer)) return seconds(0);
  const auto records = dns_records(answer.message);
  if (!records) return seconds(0);
  std::uint32_t least = kMost;
  for (const DnsRecord& record : *records)
    if (!is(record, DnsType::opt)) least = std::min(least, ttl_of(answer.message, record));
  if (is_negative(answer, *records)) {
    const DnsRecord* soa = find_soa(*records);
    const auto minimum = soa ? soa_minimum(answer.message, *soa) : std::nullopt;
    if (!minimum || *minimum > kTtlMax) return seconds(0);
    least = std::min({least, *minimum, kMostNegative});
  }
  return seconds(least);
}

void settle_negative_ttl(DnsAnswer& answer) {
  const auto records = dns_records(answer.message);
  if (!records || !is_negative(answer, *records)) return;
  const DnsRecord* soa = find_soa(*records);
  if (soa == nullptr) return;
  const auto minimum = soa_minimum(answer.message, *soa);
  if (!minimum) return;
  set32(answer.message, soa->ttl_at, std::min(*minimum, ttl_of(answer.message, *soa)));
}

std::vector<AnsweredAddress> answered_addresses(ByteView message) {
  std::vector<AnsweredAddress> found;
  const auto records = dns_records(message);
  auto name = read_dns_name(message, kDnsHeader);
  if (!records || !name) return found;
  std::uint32_t alias_ttl = kTtlMax;
  for (int hop = 0; hop <= kMaxAliases; ++hop) {
    std::optional<ReadName> alias;
    for (const DnsRecord& record : *records) {
      if (record.section != DnsRecord::Section::answer || record.klass != kClassIn) continue;
      const bool address = (is(record, DnsType::a) && record.rdata_size == 4) ||
                           (is(record, DnsType::aaaa) && record.rdata_size == 16);
      const bool leads_on = is(record, DnsType::cname) && !alias;
      if (!address && !leads_on) continue;
      const auto owner = read_dns_name(message, record.owner);
      if (!owner || owner->wire != name->wire) continue;
      const std::uint32_t ttl = std::min(alias_ttl, ttl_of(message, record));
      if (address) {
        const auto value = IpAddress::from(message.subspan(record.rdata, record.rdata_size));
        if (value) found.push_back({*value, seconds(ttl)});
      } else {
        alias = read_dns_name(message, record.rdata);
        if (alias) alias_ttl = ttl;
      }
    }
    if (!found.empty() || !alias) break;
    name = std::move(alias);
  }
  return found;
}

Bytes answer_client(const DnsQuery& query, const DnsAnswer& answer, seconds elapsed,
                    std::optional<seconds> cap) {
  Bytes reply = answer.message;
  if (reply.size() < kDnsHeader + query.question.size()) return {};
  set16(reply, kIdAt, query.id);
  unsigned flags = get16(reply, kFlagsAt);
  flags &= ~static_cast<unsigned>(kRecursionDesired | kCheckingDisabled | kReserved);
  flags |= kRecursionAvailable | (query.recursion_desired ? kRecursionDesired : 0U) |
           (query.checking_disabled ? kCheckingDisabled : 0U);
  // RFC 6840 section 5.8: AD is for those who asked.
  if (!query.authentic_data && !(query.edns && query.edns->dnssec_ok))
    flags &= ~static_cast<unsigned>(kAuthenticData);
  if (elapsed > seconds(0)) flags &= ~static_cast<unsigned>(kAuthoritative);
  set16(reply, kFlagsAt, flags);
  std::copy(query.question.begin(), query.question.end(), reply.begin() + kDnsHeader);
  if (elapsed > seconds(0) && !count_down_ttls(reply, elapsed)) return {};
  if (cap && !cap_ttls(reply, *cap)) return {};
  if (query.edns) append_opt(reply, query.edns->dnssec_ok, answer.errors);
  return reply;
}

}  // namespace lokaal
