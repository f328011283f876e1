#include "daemon/dns_server/responder.hpp"

#include <string_view>
#include <utility>

#include "core/traffic/dns_answer.hpp"

namespace lokaal {
namespace {

// INTERFACES section 5: what an allowed name of the catalogue is told with at most.
constexpr std::chrono::seconds kCatalogueTtl(5);
// TKEY, TSIG, IXFR, AXFR, MAILB, MAILA: no questions for a resolver (RFC 6895 section 3.1).
constexpr std::uint16_t kFirstMetaType = 249;
constexpr std::uint16_t kLastMetaType = 254;

bool is_supported(const DnsQuery& query) {
  return query.klass == kClassIn && (query.type < kFirstMetaType || query.type > kLastMetaType);
}

}  // namespace

Responder::Responder(const PublishedSnapshot& snapshots, Resolver& resolver, DnsCounters& counters,
                     RateBound rate, WallClock now, OnAnswer on_answer, WhoAsks who_asks)
    : snapshots_(snapshots),
      resolver_(resolver),
      counters_(counters),
      rate_(std::move(rate)),
      now_(std::move(now)),
      on_answer_(std::move(on_answer)),
      who_asks_(std::move(who_asks)) {}

KnownDevice Responder::device_of(const DnsSnapshot& snapshot, const DnsClient& client) const {
  if (snapshot.neighbours) {
    const auto found = snapshot.neighbours->find({client.interface, client.source});
    if (found != snapshot.neighbours->end()) return found->second;
  }
  return who_asks_ ? who_asks_(client) : KnownDevice{};
}

void Responder::handle(const DnsClient& client, ByteView message, Transport transport, Send send) {
  ++counters_.queries;
  if (!admitted(client, snapshots_.current().get())) {
    ++counters_.dropped;
    send({});
    return;
  }
  auto query = parse_dns_query(message);
  if (!query) {
    ++counters_.malformed;
    send(query.error().reply.value_or(Bytes{}));
    return;
  }
  const auto asked = std::make_shared<const Asked>(Asked{client, std::move(*query)});
  const auto say = [asked, transport, send = std::move(send)](Bytes reply) {
    send(transport == Transport::udp ? fit_udp(asked->query, std::move(reply)) : reply);
  };
  Judged judged;
  if (const auto reply = judge(*asked, judged)) {
    say(*reply);
    return;
  }
  resolver_.resolve(DnsQuestion::of(asked->query), [this, asked, say](const Resolved& resolved) {
    say(conclude(*asked, resolved));
  });
}

bool Responder::admitted(const DnsClient& client, const DnsSnapshot* snapshot) {
  const DeviceNumber device = snapshot ? device_of(*snapshot, client).device : DeviceNumber{0};
  std::uint64_t key = device;
  if (device == 0) {
    const std::string_view address = as_text(client.source.raw());
    key = std::hash<std::string_view>{}(address) ^ (std::uint64_t{client.interface} << 32U);
  }
  return rate_.admit(key, std::chrono::time_point_cast<std::chrono::microseconds>(
                              std::chrono::steady_clock::now()));
}

std::optional<Bytes> Responder::judge(const Asked& asked, Judged& judged) {
  const DnsQuery& query = asked.query;
  const auto snapshot = snapshots_.current();
  if (!snapshot) return servfail(query, {kEdeNotReady, "lokaal is starting"});
  const auto room = snapshot->interfaces.find(asked.client.interface);
  if (room == snapshot->interfaces.end()) {
    ++counters_.refused;
    return error_reply(query, DnsRcode::refused);
  }
  if (query.edns && query.edns->version != 0) return error_reply(query, DnsRcode::bad_vers);
  if (!is_supported(query)) return error_reply(query, DnsRcode::not_imp);

  judged.room = room->second;
  judged.device = device_of(*snapshot, asked.client);
  if (snapshot->names) judged.name = snapshot->names->classify(query.name);
  const DnsDecision decision =
      dns_decision(*snapshot, judged.room, judged.device, judged.name, now_());
  if (!decision.allowed) {
    ++counters_.refused;
    return refuse_name(query, decision.citation.rule, decision.citation.until);
  }
  return without_asking(asked, judged);
}

// What is allowed and still not asked for upstream.
std::optional<Bytes> Responder::without_asking(const Asked& asked, const Judged& judged) const {
  const DnsQuery& query = asked.query;
  switch (special_name(query.name)) {
    case SpecialName::canary:
      return no_such_name(query);
    case SpecialName::resolver_arpa:
      return no_data(query);
    case SpecialName::none:
      break;
  }
  // These records carry addresses and encryption keys past the classification of a flow.
  const bool service_binding = query.is(DnsType::https) || query.is(DnsType::svcb);
  if (service_binding && judged.name && !judged.name->essential()) return no_data(query);
  return std::nullopt;
}

Bytes Responder::conclude(const Asked& asked, const Resolved& resolved) {
  // Judged again: the answer took its time, and another snapshot may be in force.
  Judged judged;
  if (auto reply = judge(asked, judged)) return std::move(*reply);
  if (!resolved.answer)
    return servfail(asked.query, resolved.overloaded
                                     ? ExtendedError{kEdeOther, "lokaal has too much to do"}
                                     : ExtendedError{kEdeNetworkError, "no upstream answers"});
  const auto cap = judged.name ? std::optional(kCatalogueTtl) : std::nullopt;
  Bytes reply = answer_client(asked.query, *resolved.answer, resolved.elapsed, cap);
  if (reply.empty()) return servfail(asked.query, {kEdeOther, "unusable answer"});
  if (judged.name && !learn(judged, reply))
    return servfail(asked.query, {kEdeOther, "not classified"});
  return reply;
}

bool Responder::learn(const Judged& judged, const Bytes& reply) {
  if (!on_answer_) return true;
  for (const AnsweredAddress& found : answered_addresses(reply)) {
    const LearnedAddress learned{judged.device.device, judged.room, found.address,
                                 judged.name->service, found.ttl};
    if (!on_answer_(learned)) return false;
  }
  return true;
}

Bytes Responder::servfail(const DnsQuery& query, ExtendedError why) {
  ++counters_.servfail;
  return error_reply(query, DnsRcode::serv_fail, std::move(why));
}

}  // namespace lokaal
