#include "core/traffic/dns_message.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/traffic/dns_name.hpp"
#include "core/traffic/dns_wire.hpp"

namespace lokaal {
namespace {

using namespace dns_wire;

// INTERFACES section 5: a refusal is forgotten after this many seconds.
constexpr std::uint32_t kRefusalTtl = 5;
// More than any client sends; each costs an allocation.
constexpr std::size_t kMaxEdnsOptions = 32;
// RFC 8914 leaves the text's length open; ours must leave room in 512 octets.
constexpr std::size_t kMaxErrorText = 160;
// A pointer to the question's name, which always stands right after the header.
constexpr std::uint16_t kQuestionName = 0xC000 | kDnsHeader;

// A header alone: all that can be said of a message that cannot be read.
DnsFault fault(ByteView message, DnsRcode code) {
  const std::uint16_t asked = get16(message, kFlagsAt);
  Bytes reply(kDnsHeader);
  set16(reply, kIdAt, get16(message, kIdAt));
  set16(reply, kFlagsAt,
        kResponse | (asked & (kOpcode | kRecursionDesired)) | static_cast<unsigned>(code));
  return DnsFault{std::move(reply)};
}

// The options of an OPT record; nothing if they do not fill it exactly.
std::optional<std::vector<EdnsOption>> read_options(ByteView rdata) {
  std::vector<EdnsOption> options;
  while (!rdata.empty()) {
    if (rdata.size() < 4 || options.size() == kMaxEdnsOptions) return std::nullopt;
    const std::uint16_t code = get16(rdata, 0);
    const std::size_t length = get16(rdata, 2);
    if (rdata.size() - 4 < length) return std::nullopt;
    const ByteView data = rdata.subspan(4, length);
    options.push_back({code, Bytes(data.begin(), data.end())});
    rdata = rdata.subspan(4 + length);
  }
  return options;
}

// The one additional record that a query may have: an OPT, whose owner is the root, up to the end.
std::optional<Edns> read_opt(ByteView message, std::size_t at) {
  constexpr std::size_t kFixed = 11;  // root, type, size, extended code, version, flags, length
  if (message.size() - at < kFixed || message[at] != 0) return std::nullopt;
  if (get16(message, at + 1) != number_of(DnsType::opt)) return std::nullopt;
  if (message.size() - at - kFixed != get16(message, at + 9)) return std::nullopt;
  auto options = read_options(message.subspan(at + kFixed));
  if (!options) return std::nullopt;
  Edns edns;
  edns.udp_size = get16(message, at + 3);
  edns.version = message[at + 6];
  edns.dnssec_ok = (get16(message, at + 7) & kDnssecOk) != 0;
  edns.options = std::move(*options);
  return edns;
}

// Header and question of an answer of ours: AA and AD are 0.
Bytes begin_reply(const DnsQuery& query, DnsRcode code) {
  Bytes reply(kDnsHeader);
  reply.reserve(kPlainUdpSize);
  set16(reply, kIdAt, query.id);
  set16(reply, kFlagsAt,
        kResponse | kRecursionAvailable | (query.recursion_desired ? kRecursionDesired : 0U) |
            (query.checking_disabled ? kCheckingDisabled : 0U) |
            (static_cast<unsigned>(code) & kRcode));
  set16(reply, kQuestionsAt, 1);
  put(reply, query.question);
  return reply;
}

// The SOA that says how long "no" may be remembered (RFC 2308 section 5). Its owner is the name
// that was asked for; its two names are under .invalid (RFC 2606), for no such zone exists.
void append_soa(Bytes& reply) {
  static const Bytes rdata = [] {
    Bytes soa = dns_name_wire("lokaal.invalid").value_or(Bytes{0});
    put(soa, dns_name_wire("nobody.invalid").value_or(Bytes{0}));
    for (const std::uint32_t value : {1U, 1800U, 900U, 604800U, kRefusalTtl}) put32(soa, value);
    return soa;
  }();
  put16(reply, kQuestionName);
  put16(reply, number_of(DnsType::soa));
  put16(reply, kClassIn);
  put32(reply, kRefusalTtl);
  put16(reply, rdata.size());
  put(reply, rdata);
  set16(reply, kAuthorityAt, get16(reply, kAuthorityAt) + 1U);
}

void finish(Bytes& reply, const DnsQuery& query, const std::vector<ExtendedError>& errors) {
  if (query.edns) append_opt(reply, query.edns->dnssec_ok, errors);
}

Bytes negative(const DnsQuery& query, DnsRcode code, const std::vector<ExtendedError>& errors) {
  Bytes reply = begin_reply(query, code);
  append_soa(reply);
  finish(reply, query, errors);
  return reply;
}

}  // namespace

tl::expected<DnsQuery, DnsFault> parse_dns_query(ByteView message) {
  if (message.size() < kDnsHeader) return tl::unexpected(DnsFault{});
  const std::uint16_t flags = get16(message, kFlagsAt);
  // Answering an answer is how two servers talk to each other for ever.
  if ((flags & kResponse) != 0) return tl::unexpected(DnsFault{});
  if ((flags & kOpcode) != 0) return tl::unexpected(fault(message, DnsRcode::not_imp));
  const auto malformed = [&] { return tl::unexpected(fault(message, DnsRcode::form_err)); };
  const unsigned additional = get16(message, kAdditionalAt);
  if (get16(message, kQuestionsAt) != 1 || get16(message, kAnswersAt) != 0 ||
      get16(message, kAuthorityAt) != 0 || additional > 1 || (flags & kTruncated) != 0)
    return malformed();
  // There is nothing before the first name that a pointer could mean.
  auto name = read_dns_name(message, kDnsHeader);
  if (!name || name->end != kDnsHeader + name->wire.size() || message.size() - name->end < 4)
    return malformed();

  DnsQuery query;
  query.id = get16(message, kIdAt);
  query.recursion_desired = (flags & kRecursionDesired) != 0;
  query.checking_disabled = (flags & kCheckingDisabled) != 0;
  query.authentic_data = (flags & kAuthenticData) != 0;
  const std::size_t end = name->end + 4;
  query.type = get16(message, name->end);
  query.klass = get16(message, name->end + 2);
  query.question.assign(message.begin() + kDnsHeader,
                        message.begin() + static_cast<std::ptrdiff_t>(end));
  query.name = dns_name_text(name->wire);
  query.name_wire = std::move(name->wire);
  if (query.is(DnsType::opt)) return malformed();
  if (additional == 1) {
    query.edns = read_opt(message, end);
    if (!query.edns) return malformed();
  } else if (end != message.size()) {
    return malformed();
  }
  return query;
}

std::string refusal_text(const RuleId& rule, std::optional<WallTime> until) {
  std::string text = "lokaal " + rule.str();
  if (until) text += " until " + format_time_seconds(*until);
  return text;
}

Bytes refuse_name(const DnsQuery& query, const RuleId& rule, std::optional<WallTime> until) {
  return negative(query, DnsRcode::nx_domain, {{kEdeBlocked, refusal_text(rule, until)}});
}

Bytes no_such_name(const DnsQuery& query) {
  return negative(query, DnsRcode::nx_domain, {});
}

Bytes no_data(const DnsQuery& query) {
  return negative(query, DnsRcode::no_error, {});
}

Bytes error_reply(const DnsQuery& query, DnsRcode code, std::optional<ExtendedError> why) {
  Bytes reply = begin_reply(query, code);
  std::vector<ExtendedError> errors;
  if (why) errors.push_back(std::move(*why));
  const std::size_t opt = reply.size();
  finish(reply, query, errors);
  // The upper eight bits of the code are in the OPT's TTL field (RFC 6891 section 6.1.3).
  if (query.edns) reply[opt + 5] = static_cast<std::uint8_t>(static_cast<unsigned>(code) >> 4U);
  return reply;
}

SpecialName special_name(std::string_view name) {
  constexpr std::array kCanaries = {std::string_view("mask.icloud.com"),
                                    std::string_view("mask-h2.icloud.com"),
                                    std::string_view("use-application-dns.net")};
  if (std::find(kCanaries.begin(), kCanaries.end(), name) != kCanaries.end())
    return SpecialName::canary;
  if (is_at_or_below(name, "resolver.arpa")) return SpecialName::resolver_arpa;
  return SpecialName::none;
}

std::size_t udp_limit(const DnsQuery& query) {
  if (!query.edns) return kPlainUdpSize;
  return std::max<std::size_t>(kPlainUdpSize, query.edns->udp_size);
}

Bytes fit_udp(const DnsQuery& query, Bytes reply) {
  if (reply.size() <= udp_limit(query)) return reply;
  const unsigned flags = get16(reply, kFlagsAt);
  Bytes cut = begin_reply(query, DnsRcode::no_error);
  set16(cut, kFlagsAt, flags | kTruncated);
  finish(cut, query, {});
  return cut;
}

void append_opt(Bytes& message, bool dnssec_ok, const std::vector<ExtendedError>& errors) {
  message.push_back(0);
  put16(message, number_of(DnsType::opt));
  put16(message, kOurUdpSize);
  put32(message, dnssec_ok ? kDnssecOk : 0U);
  const std::size_t length_at = message.size();
  put16(message, 0);
  for (const ExtendedError& error : errors) {
    const std::string_view text = std::string_view(error.text).substr(0, kMaxErrorText);
    put16(message, kEdeOption);
    put16(message, 2 + text.size());
    put16(message, error.code);
    put(message, as_bytes(text));
  }
  set16(message, length_at, message.size() - length_at - 2);
  set16(message, kAdditionalAt, get16(message, kAdditionalAt) + 1U);
}

}  // namespace lokaal
