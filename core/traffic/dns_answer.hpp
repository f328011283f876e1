// Answers of an upstream resolver: whether one belongs to our question, what it says, and how it is
// handed on. Everything is bounded by the message's size.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/ip.hpp"
#include "core/base/result.hpp"
#include "core/traffic/dns_message.hpp"

namespace lokaal {

// What a question to an upstream is a question for; who asks is no part of it.
struct DnsQuestion {
  Bytes name_wire;  // lower case
  std::uint16_t type = 0;
  std::uint16_t klass = kClassIn;
  bool dnssec_ok = false;
  bool checking_disabled = false;

  static DnsQuestion of(const DnsQuery& query);
  auto operator<=>(const DnsQuestion&) const = default;
};

// A query to an upstream: recursion desired, AD asked for (RFC 6840 section 5.7), our EDNS size.
// What the client put into its OPT goes no further.
Bytes build_dns_query(const DnsQuestion& question, std::uint16_t id);

// A well-formed answer to our question.
struct DnsAnswer {
  Bytes message;            // without an OPT record; question in lower case
  std::uint16_t rcode = 0;  // with the OPT's upper bits
  bool truncated = false;
  std::vector<ExtendedError> errors;  // what the upstream told with it
};

// An answer with another id, another question, or that is broken is an error: it is not ours, and
// whoever waits goes on waiting.
Result<DnsAnswer> parse_dns_answer(ByteView message, const DnsQuestion& question, std::uint16_t id);

// A resource record's place in its message.
struct DnsRecord {
  enum class Section : std::uint8_t { answer, authority, additional };
  Section section = Section::answer;
  std::size_t owner = 0;  // where its name begins
  std::uint16_t type = 0;
  std::uint16_t klass = 0;
  std::size_t ttl_at = 0;
  std::size_t rdata = 0;
  std::size_t rdata_size = 0;
  std::size_t end = 0;
};

// All records of a message with one question; an error if they do not fill it exactly.
Result<std::vector<DnsRecord>> dns_records(ByteView message);

// Lowers every TTL above `cap`, but the OPT's, which is none. In place.
Result<void> cap_ttls(std::span<std::uint8_t> message, std::chrono::seconds cap);
// Takes `elapsed` off every TTL but the OPT's, down to 0. In place.
Result<void> count_down_ttls(std::span<std::uint8_t> message, std::chrono::seconds elapsed);

// How long an answer may be remembered: the least TTL, or for "no" what RFC 2308 section 5 says.
// Zero: not at all, as for what the upstream's own policy said (RFC 8914 sections 4.16 to 4.19):
// of a lab machine it is the room's gateway, and may say otherwise with the next command.
std::chrono::seconds cache_lifetime(const DnsAnswer& answer);
// Lowers a negative answer's SOA TTL to its minimum field, so that counting it down is right
// (RFC 2308 section 5).
void settle_negative_ttl(DnsAnswer& answer);

struct AnsweredAddress {
  IpAddress address;
  std::chrono::seconds ttl{};  // the least on the way to it

  auto operator<=>(const AnsweredAddress&) const = default;
};
// Addresses of the question's name, by way of aliases that are in the same answer.
std::vector<AnsweredAddress> answered_addresses(ByteView message);

// The answer for this client: its id, its letter case, its OPT. `elapsed` since it was fetched.
// `cap`: what an allowed name of the catalogue gets. An empty result: the answer does not fit the
// query.
Bytes answer_client(const DnsQuery& query, const DnsAnswer& answer, std::chrono::seconds elapsed,
                    std::optional<std::chrono::seconds> cap);

}  // namespace lokaal
