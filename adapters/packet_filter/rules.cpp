// How a packet is judged. Both ends of its flow are: who began it by the ct mark, the far end by
// its address, each in the room that the packet's interface says; whatever refuses either is final.
// No rule accepts a packet before that because its flow is established, so that what changes in a
// set ends live flows at once.
//
// `meta mark & 0 ^ N` is how a constant is written as the key of a lookup.
#include "adapters/packet_filter/rules.hpp"

#include <fmt/format.h>

#include <iterator>

#include "adapters/packet_filter/elements.hpp"
#include "adapters/packet_filter/script.hpp"
#include "core/policy/marks.hpp"

namespace lokaal::packet_filter {
namespace {

constexpr unsigned kForeignValues = 1U << (32 - kForeignShift);

template <class... Parts>
void line(std::string& out, fmt::format_string<Parts...> text, Parts&&... parts) {
  fmt::format_to(std::back_inserter(out), text, std::forward<Parts>(parts)...);
  out += '\n';
}

std::string constant(std::uint32_t value) {
  return value == 0 ? "meta mark & 0" : fmt::format("meta mark & 0 ^ 0x{:08x}", value);
}

std::string flow(std::uint32_t mask) {
  return fmt::format("ct mark & 0x{:08x}", mask);
}

std::string mode_is(RoomNumber room, Mode mode) {
  return fmt::format("{} @room_modes", constant(room_mode_mark(room, mode)));
}

// What the ct mark says is made true on each packet that its originator sends: a changed inventory,
// or an address that went to another device, counts from the next packet on.
void render_identity(std::string& out) {
  line(out, "  chain prerouting {{");
  line(out, "    type filter hook prerouting priority mangle; policy accept;");
  line(out, "    meta mark set meta mark | 0x{:08x}", kGuardMark);
  line(out, "    ct direction original iifname @room_ports jump identify");
  line(out, "  }}");
  line(out, "  chain identify {{");
  line(out, "    ether saddr . {} != @identities jump renew_identity", flow(kIdentityMask));
  // A SYN may reuse a tuple whose entry still stands: it is a new flow.
  line(out, "    tcp flags & (fin | syn | rst | ack) == syn ct mark set ct mark & 0x{:08x}",
       ~kServiceMask);
  line(out, "    {} == 0 jump classify", flow(kServiceMask));
  line(out, "  }}");
  // `ct mark set ... map` takes constants only, and overwrites others' bits: they are kept in which
  // chain is entered.
  line(out, "  chain renew_identity {{");
  line(out, "    {} != 0 ct mark set ct mark & 0x{:08x}", flow(kIdentityMask), kForeignMask);
  std::string choices;
  for (unsigned i = 0; i < kForeignValues; ++i)
    choices +=
        fmt::format("{}0x{:08x} : goto identity_{}", i == 0 ? "" : ", ", i << kForeignShift, i);
  line(out, "    {} vmap {{ {} }}", flow(kForeignMask), choices);
  line(out, "  }}");
  for (unsigned i = 0; i < kForeignValues; ++i) {
    line(out, "  chain identity_{} {{", i);
    line(out, "    ct mark set ether saddr map @device_marks");
    if (i != 0) line(out, "    ct mark set ct mark | 0x{:08x}", i << kForeignShift);
    line(out, "  }}");
  }
}

// What else tells a flow's service (its ClientHello, a service's own addresses) comes in here.
void render_classes(std::string& out) {
  line(out, "  chain classify {{");
  line(out, "    {} . ct original ip daddr vmap @learned4", flow(kDeviceMask));
  line(out, "    {} . ct original ip6 daddr vmap @learned6", flow(kDeviceMask));
  line(out, "  }}");
  for (unsigned number = 1; number <= 0xff; ++number) {
    line(out, "  chain {} {{ ct mark set ct mark & 0x{:08x} | 0x{:02x}; }}",
         class_chain(static_cast<ServiceNumber>(number)), ~kServiceMask, number);
  }
}

std::string ports_of(const FilterLayout& layout, Transport transport) {
  std::string ports;
  for (const GatewayPort& open : layout.always_open)
    if (open.transport == transport)
      ports += fmt::format("{}{}", ports.empty() ? "" : ", ", open.port);
  return ports;
}

// What a device has of its gateway in every mode, and what the gateway answers: addresses (RFC
// 2131, RFC 8415), neighbours, routers and listeners (RFC 4861, RFC 3810), names, time.
void render_gateway(std::string& out, const FilterLayout& layout) {
  const std::string tcp = ports_of(layout, Transport::tcp);
  const std::string udp = ports_of(layout, Transport::udp);
  line(out, "  chain input {{");
  line(out, "    type filter hook input priority filter; policy accept;");
  line(out, "    iifname != @room_ports accept");
  line(out,
       "    icmpv6 type {{ nd-router-solicit, nd-neighbor-solicit, nd-neighbor-advert, "
       "mld-listener-report, mld-listener-done, mld2-listener-report }} accept");
  line(out, "    udp dport {{ 67, 123, 547 }} accept");
  line(out, "    meta l4proto {{ tcp, udp }} th dport {{ 53, {} }} accept", layout.dns_port);
  if (!tcp.empty()) line(out, "    tcp dport {{ {} }} accept", tcp);
  if (!udp.empty()) line(out, "    udp dport {{ {} }} accept", udp);
  line(out, "    goto judge");
  line(out, "  }}");
  line(out, "  chain output {{");
  line(out, "    type filter hook output priority filter; policy accept;");
  line(out, "    oifname != @room_ports accept");
  line(out,
       "    icmpv6 type {{ destination-unreachable, packet-too-big, time-exceeded, "
       "parameter-problem, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert, "
       "mld-listener-query, mld-listener-report, mld2-listener-report }} accept");
  line(out, "    icmp type {{ destination-unreachable, time-exceeded, parameter-problem }} accept");
  line(out, "    tcp flags & rst == rst accept");
  line(out, "    udp sport {{ 67, 123, 547 }} accept");
  line(out, "    meta l4proto {{ tcp, udp }} th sport {{ 53, {} }} accept", layout.dns_port);
  if (!tcp.empty()) line(out, "    tcp sport {{ {} }} accept", tcp);
  if (!udp.empty()) line(out, "    udp sport {{ {} }} accept", udp);
  line(out, "    goto judge");
  line(out, "  }}");
}

void render_judge(std::string& out) {
  line(out, "  chain forward {{");
  line(out, "    type filter hook forward priority filter; policy accept;");
  line(out, "    iifname != @room_ports oifname != @room_ports accept");
  line(out, "    goto judge");
  line(out, "  }}");
  line(out, "  chain judge {{");
  line(out, "    ct state {{ invalid, untracked }} drop");
  line(out, "    ct direction original iifname vmap @from_room");
  line(out, "    ct direction original oifname vmap @to_room");
  line(out, "    ct direction reply oifname vmap @from_room");
  line(out, "    ct direction reply iifname vmap @to_room");
  line(out, "    accept");
  line(out, "  }}");
  // A reject tells who sent the packet. The other end of a TCP flow learns of it by its own next
  // one; a device in a room that sends none is told by lokaald, who sees what was cut.
  line(out, "  chain cut {{");
  line(out,
       "    ct direction reply oifname @room_ports meta l4proto tcp tcp flags & rst == 0 "
       "limit rate 2000/second burst 1000 packets log group {} snaplen {} queue-threshold 1",
       kCutLogGroup, kCutLogSnaplen);
  line(out, "    meta l4proto tcp reject with tcp reset");
  line(out, "    limit rate 200/second burst 50 packets reject with icmpx admin-prohibited");
  line(out, "    drop");
  line(out, "  }}");
  line(out, "  chain resolve {{");
  line(out, "    type nat hook prerouting priority dstnat; policy accept;");
  line(out, "    iifname @room_ports jump redirect_dns");
  line(out, "  }}");
}

// Who began the flow, strictest layer first: exam (of the room, of a candidate), cut, devices-away,
// phone-free, social-free, lesson.
void render_from(std::string& out, RoomNumber room) {
  const std::string here = constant(room);
  line(out, "  chain from_{} {{", room);
  line(out, "    {} == 0x{:08x} return", flow(kKindMask),
       mark_of(Cohort{Kind::infrastructure, false}));
  const std::string in_exam = flow(kDeviceMask) + " != @exam_exempt";
  line(out, "    {} @exams {} {} . {} != @exam_allowed goto cut", here, in_exam, here,
       flow(kServiceMask));
  line(out, "    {} . {} @exam_refused {} goto cut", here, flow(kServiceMask), in_exam);
  line(out, "    {} @candidates {} {} != @candidate_allowed goto cut", flow(kDeviceMask), in_exam,
       flow(kDeviceMask | kServiceMask));
  line(out, "    {} @candidate_refused {} goto cut", flow(kDeviceMask | kServiceMask), in_exam);
  line(out, "    {} @cut_devices goto cut", flow(kDeviceMask));
  line(out, "    {} @phone_free {} != @phone_exempt goto cut", flow(kCohortMask),
       flow(kDeviceMask));
  line(out, "    {} @social_free {} @social jump social_{}", flow(kCohortMask), flow(kServiceMask),
       room);
  line(out, "    {} return", mode_is(room, Mode::open));
  line(out, "    {} . {} @unusable_devices goto cut", here, flow(kDeviceMask));
  line(out, "    {} goto lesson_{}", mode_is(room, Mode::lesson), room);
  line(out, "    {} goto away_{}", mode_is(room, Mode::devices_away), room);
  line(out, "    goto cut");
  line(out, "  }}");
  line(out, "  chain lesson_{} {{", room);
  line(out, "    {} . {} @unusable_lesson {} . {} != @usable_devices goto cut", here,
       flow(kCohortMask), here, flow(kDeviceMask));
  line(out, "    goto in_lesson_{}", room);
  line(out, "  }}");
  line(out, "  chain away_{} {{", room);
  line(out, "    {} . {} != @usable_away {} . {} != @usable_devices goto cut", here,
       flow(kCohortMask), here, flow(kDeviceMask));
  line(out, "    goto in_lesson_{}", room);
  line(out, "  }}");
  line(out, "  chain in_lesson_{} {{", room);
  line(out, "    {} @social_cohorts {} @social jump social_{}", flow(kCohortMask),
       flow(kServiceMask), room);
  line(out, "  }}");
  line(out, "  chain social_{} {{", room);
  line(out, "    {} . {} @grants return", here, flow(kServiceMask));
  line(out, "    {} . {} @grants return", here, flow(kDeviceMask | kServiceMask));
  line(out, "    {} @social_exempt return", flow(kDeviceMask));
  line(out, "    {} @social_exempt return", flow(kDeviceMask | kServiceMask));
  line(out, "    goto cut");
  line(out, "  }}");
}

// The far end, by its address. One that is not known is of kind `other`, without a number.
void render_to(std::string& out, RoomNumber room, int family) {
  const std::string here = constant(room);
  const std::string stranger = constant(0);
  const std::string peer = fmt::format("{} . ct reply {} saddr", here, family == 4 ? "ip" : "ip6");
  line(out, "  chain to{}_{} {{", family, room);
  line(out, "    {} @peer_spared{} return", peer, family);
  line(out, "    {} @exams {} != @peer_exam_exempt{} goto cut", here, peer, family);
  line(out, "    {} @peer_candidate{} {} != @peer_exam_exempt{} goto cut", peer, family, peer,
       family);
  line(out, "    {} @peer_cut{} goto cut", peer, family);
  line(out, "    {} @peer_phone{} {} != @peer_phone_exempt{} goto cut", peer, family, peer, family);
  line(out, "    {} @phone_free {} != @peer_known{} goto cut", stranger, peer, family);
  line(out, "    {} return", mode_is(room, Mode::open));
  line(out, "    {} goto to{}_lesson_{}", mode_is(room, Mode::lesson), family, room);
  line(out, "    {} goto to{}_away_{}", mode_is(room, Mode::devices_away), family, room);
  line(out, "    goto cut");
  line(out, "  }}");
  line(out, "  chain to{}_lesson_{} {{", family, room);
  line(out, "    {} @peer_unusable_lesson{} goto cut", peer, family);
  line(out, "    {} . {} @unusable_lesson {} != @peer_known{} goto cut", here, stranger, peer,
       family);
  line(out, "  }}");
  line(out, "  chain to{}_away_{} {{", family, room);
  line(out, "    {} @peer_usable_away{} return", peer, family);
  line(out, "    {} . {} @usable_away {} != @peer_known{} return", here, stranger, peer, family);
  line(out, "    goto cut");
  line(out, "  }}");
}

void render_room(std::string& out, RoomNumber room) {
  render_from(out, room);
  line(out, "  chain {} {{", to_chain(room));
  line(out, "    meta nfproto vmap {{ ipv4 : goto to4_{0}, ipv6 : goto to6_{0} }}", room);
  line(out, "    goto cut");
  line(out, "  }}");
  render_to(out, room, 4);
  render_to(out, room, 6);
}

void render_port_map(std::string& out, const FilterLayout& layout, std::string_view name,
                     std::string (*chain)(RoomNumber)) {
  line(out, "  map {} {{", name);
  line(out, "    type ifname : verdict");
  std::string elements;
  for (const RoomPort& port : layout.rooms)
    for (const std::string& interface : port.interfaces)
      elements += fmt::format("{}\"{}\" : jump {}", elements.empty() ? "" : ", ", interface,
                              chain(port.number));
  if (!elements.empty()) line(out, "    elements = {{ {} }}", elements);
  line(out, "  }}");
}

}  // namespace

std::string from_chain(RoomNumber room) {
  return fmt::format("from_{}", room);
}
std::string to_chain(RoomNumber room) {
  return fmt::format("to_{}", room);
}
std::string class_chain(ServiceNumber service) {
  return fmt::format("class_{}", service);
}

std::string render_close(const FilterLayout& layout) {
  std::string rules;
  for (const RoomPort& port : layout.rooms) {
    for (const std::string& interface : port.interfaces) {
      for (const char* chain :
           {"forward iifname", "forward oifname", "input iifname", "output oifname"})
        line(rules, "insert rule inet lokaal {} \"{}\" drop", chain, interface);
    }
  }
  if (rules.empty()) return rules;
  // Somebody may have taken chains away: they are there again, or as they were.
  std::string out = "table inet lokaal {\n";
  for (const char* hook : {"forward", "input", "output"})
    line(out, "  chain {0} {{ type filter hook {0} priority filter; policy accept; }}", hook);
  return out + "}\n" + rules;
}

std::string render_ports(const FilterLayout& layout) {
  std::string out;
  std::string names;
  for (const RoomPort& port : layout.rooms)
    for (const std::string& interface : port.interfaces)
      names += fmt::format("{}\"{}\"", names.empty() ? "" : ", ", interface);
  line(out, "  set room_ports {{");
  line(out, "    type ifname");
  if (!names.empty()) line(out, "    elements = {{ {} }}", names);
  line(out, "  }}");
  render_port_map(out, layout, "from_room", from_chain);
  render_port_map(out, layout, "to_room", to_chain);
  return out;
}

std::string render_chains(const FilterLayout& layout) {
  std::string out;
  render_identity(out);
  render_classes(out);
  line(out, "  chain redirect_dns {{");
  line(out, "    meta l4proto {{ tcp, udp }} th dport 53 redirect to :{}", layout.dns_port);
  line(out, "  }}");
  render_gateway(out, layout);
  render_judge(out);
  for (const RoomPort& port : layout.rooms) render_room(out, port.number);
  return out;
}

}  // namespace lokaal::packet_filter
