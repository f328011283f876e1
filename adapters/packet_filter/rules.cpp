// How a packet is judged. Both ends of its flow are: who began it by the ct mark, the far end by
// its address, each in the room that the packet's interface says; whatever refuses either is final.
// No rule accepts a packet before that because its flow is established, so that what changes in a
// set ends live flows at once.
#include "adapters/packet_filter/rules.hpp"

#include "adapters/packet_filter/machine_rules.hpp"
#include "adapters/packet_filter/rule_text.hpp"
#include "adapters/packet_filter/script.hpp"
#include "adapters/packet_filter/verdict_rules.hpp"

namespace lokaal::packet_filter {
namespace {

constexpr unsigned kForeignValues = 1U << (32 - kForeignShift);

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

void render_judge(std::string& out, const FilterLayout& layout) {
  line(out, "  chain forward {{");
  line(out, "    type filter hook forward priority filter; policy accept;");
  line(out, "    iifname != @room_ports oifname != @room_ports accept");
  line(out, "    goto judge");
  line(out, "  }}");
  line(out, "  chain judge {{");
  line(out, "    ct state {{ invalid, untracked }} drop");
  render_servers(
      out, layout,
      fmt::format("{} == 0x{:08x} ", flow(kKindMask), mark_of(Cohort{Kind::lab_pc, false})));
  line(out, "    ct direction original iifname vmap @from_room");
  line(out, "    ct direction original oifname vmap @to_room");
  line(out, "    ct direction reply oifname vmap @from_room");
  line(out, "    ct direction reply iifname vmap @to_room");
  line(out, "    accept");
  line(out, "  }}");
  render_cut(out, "oifname @room_ports");
  line(out, "  chain resolve {{");
  line(out, "    type nat hook prerouting priority dstnat; policy accept;");
  line(out, "    iifname @room_ports jump redirect_dns");
  line(out, "  }}");
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

std::string render_close(const FilterLayout& layout) {
  std::string rules;
  for (const RoomPort& port : layout.rooms) {
    for (const std::string& interface : port.interfaces) {
      for (const char* chain :
           {"forward iifname", "forward oifname", "input iifname", "output oifname"})
        line(rules, "insert rule inet lokaal {} \"{}\" drop", chain, interface);
    }
  }
  if (layout.machine) rules += render_machine_close();
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
  render_classes(out);
  line(out, "  chain redirect_dns {{");
  line(out, "    meta l4proto {{ tcp, udp }} th dport 53 redirect to :{}", layout.dns_port);
  line(out, "  }}");
  if (layout.machine) {
    render_machine(out, layout);
  } else {
    render_identity(out);
    render_gateway(out, layout);
    render_judge(out, layout);
    for (const RoomPort& port : layout.rooms) render_room(out, port.number);
  }
  return out;
}

}  // namespace lokaal::packet_filter
