// DNS messages as a classroom's resolver needs them: a client's query, and the answers that we make
// ourselves. What comes from an upstream resolver is in dns_answer.hpp.
//
// Everything here is bounded by the message's size; no function keeps state.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/ids.hpp"
#include "core/base/time.hpp"

namespace lokaal {

inline constexpr std::size_t kDnsHeader = 12;
inline constexpr std::size_t kMaxDnsMessage = 65535;
// Without EDNS (RFC 1035 section 4.2.1), and the least that an EDNS size may mean (RFC 6891 6.2.3).
inline constexpr std::size_t kPlainUdpSize = 512;
// What we say that we take over UDP: fits IPv6's minimum MTU, so it is never in fragments.
inline constexpr std::uint16_t kOurUdpSize = 1232;

// RFC 1035, 2782, 3596, 6672, 6891, 9460.
enum class DnsType : std::uint16_t {
  a = 1,
  ns = 2,
  cname = 5,
  soa = 6,
  txt = 16,
  aaaa = 28,
  opt = 41,
  svcb = 64,
  https = 65,
  any = 255,
};
inline constexpr std::uint16_t number_of(DnsType type) {
  return static_cast<std::uint16_t>(type);
}
inline constexpr std::uint16_t kClassIn = 1;

enum class DnsRcode : std::uint8_t {
  no_error = 0,
  form_err = 1,
  serv_fail = 2,
  nx_domain = 3,
  not_imp = 4,
  refused = 5,
  bad_vers = 16,  // needs an OPT (RFC 6891 section 6.1.3)
};

// RFC 8914: an info code and a text for people.
struct ExtendedError {
  std::uint16_t code = 0;
  std::string text;

  bool operator==(const ExtendedError&) const = default;
};
inline constexpr std::uint16_t kEdeOther = 0;
inline constexpr std::uint16_t kEdeNotReady = 14;
inline constexpr std::uint16_t kEdeBlocked = 15;
inline constexpr std::uint16_t kEdeCensored = 16;
inline constexpr std::uint16_t kEdeFiltered = 17;
inline constexpr std::uint16_t kEdeProhibited = 18;
inline constexpr std::uint16_t kEdeNetworkError = 23;

struct EdnsOption {
  std::uint16_t code = 0;
  Bytes data;

  bool operator==(const EdnsOption&) const = default;
};

// The OPT pseudo record (RFC 6891).
struct Edns {
  std::uint16_t udp_size = 0;  // as sent; may be below 512
  std::uint8_t version = 0;
  bool dnssec_ok = false;
  std::vector<EdnsOption> options;

  bool operator==(const Edns&) const = default;
};

// One question, well formed. `question` is what stood in the message, letter case kept, for the
// answer must repeat it.
struct DnsQuery {
  std::uint16_t id = 0;
  bool recursion_desired = false;
  bool checking_disabled = false;
  bool authentic_data = false;
  Bytes question;    // name, type and class as sent
  Bytes name_wire;   // lower case
  std::string name;  // lower case, no final dot; "." is the root
  std::uint16_t type = 0;
  std::uint16_t klass = 0;
  std::optional<Edns> edns;

  bool is(DnsType wanted) const { return type == number_of(wanted); }
};

// Why a message is no query that we can answer. Without `reply` there is nothing to say: it has no
// whole header, or is itself an answer.
struct DnsFault {
  std::optional<Bytes> reply;
};

tl::expected<DnsQuery, DnsFault> parse_dns_query(ByteView message);

// NXDOMAIN that names the rule (INTERFACES section 5). Without `until` there is no known end.
Bytes refuse_name(const DnsQuery& query, const RuleId& rule, std::optional<WallTime> until);
// The text of its Extended DNS Error: "lokaal mondia:exam-off until 2026-11-22T10:20:00Z".
std::string refusal_text(const RuleId& rule, std::optional<WallTime> until);
// NXDOMAIN that cites nothing.
Bytes no_such_name(const DnsQuery& query);
// The name exists and has nothing of this type (RFC 2308 section 2.2).
Bytes no_data(const DnsQuery& query);
// A bare code.
Bytes error_reply(const DnsQuery& query, DnsRcode code, std::optional<ExtendedError> why = {});

// Names that stand outside every catalogue.
enum class SpecialName : std::uint8_t {
  none,
  // NXDOMAIN tells Firefox and Apple's Private Relay to use this network's resolver.
  canary,
  // RFC 9462: where encrypted resolvers are announced. There are none here.
  resolver_arpa,
};
SpecialName special_name(std::string_view name);

// How long a UDP answer to this client may be.
std::size_t udp_limit(const DnsQuery& query);
// The reply if it fits, else its header and question with TC, so that the client comes over TCP.
Bytes fit_udp(const DnsQuery& query, Bytes reply);

// Our OPT record, with these errors told.
void append_opt(Bytes& message, bool dnssec_ok, const std::vector<ExtendedError>& errors);

}  // namespace lokaal
