// A machine is one end of every flow that it sees, and judges that end, in both directions; what is
// at the other end its gateway judges. What it forwards is its guests' (virtual machines,
// containers): they are the machine.
#include "adapters/packet_filter/machine_rules.hpp"

#include "adapters/packet_filter/rule_text.hpp"
#include "adapters/packet_filter/script.hpp"
#include "adapters/packet_filter/verdict_rules.hpp"

namespace lokaal::packet_filter {
namespace {

constexpr int kDstnatPriority = -100;  // NF_IP_PRI_NAT_DST

// lokaald's own sockets have the guard mark, which takes CAP_NET_ADMIN: what it asks of its
// resolver is not the machine's to be refused.
void render_identity(std::string& out, const MachineEnd& machine) {
  const std::uint32_t identity = mark_of(machine.device) | mark_of(machine.cohort);
  const std::uint32_t own = mark_of(Cohort{Kind::infrastructure, false});
  line(out, "  chain identify {{");
  line(out, "    meta mark & 0x{0:08x} == 0x{0:08x} goto own_socket", kGuardMark);
  line(out, "    {} != 0x{:08x} ct mark set ct mark & 0x{:08x} | 0x{:08x}", flow(kIdentityMask),
       identity, kForeignMask, identity);
  // A SYN may reuse a tuple whose entry still stands: it is a new flow.
  line(out, "    tcp flags & (fin | syn | rst | ack) == syn ct mark set ct mark & 0x{:08x}",
       ~kServiceMask);
  line(out, "    {} == 0 jump classify", flow(kServiceMask));
  line(out, "  }}");
  line(out, "  chain own_socket {{ ct mark set ct mark & 0x{:08x} | 0x{:08x}; }}", kForeignMask,
       own);
}

// Programs of the machine talk to each other. A redirected question still bears the interface that
// it would have left by.
void render_loopback(std::string& out, const char* interface) {
  line(out, "    {} \"lo\" accept", interface);
  line(out, "    ip daddr 127.0.0.0/8 accept");
  line(out, "    ip6 daddr ::1 accept");
}

// Errors and resets carry nothing, and tell a program at once that it is refused somewhere.
void render_errors(std::string& out) {
  line(out,
       "    icmpv6 type {{ destination-unreachable, packet-too-big, time-exceeded, "
       "parameter-problem, nd-router-solicit, nd-router-advert, nd-neighbor-solicit, "
       "nd-neighbor-advert, mld-listener-query, mld-listener-report, mld-listener-done, "
       "mld2-listener-report }} accept");
  line(out, "    icmp type {{ destination-unreachable, time-exceeded, parameter-problem }} accept");
  line(out, "    tcp flags & rst == rst accept");
}

// Addresses (RFC 2131, RFC 8415), from ports that take privilege.
void render_addresses(std::string& out, const char* machine, const char* server) {
  line(out, "    udp {} 68 udp {} 67 accept", machine, server);
  line(out, "    udp {} 546 udp {} 547 accept", machine, server);
}

// In every mode: addresses, neighbours and routers (RFC 4861), and time (RFC 5905). Neighbours in
// the room are not behind the gateway: by port 123 somebody could talk to them, so it is for the
// system's own users (adduser(8): below 1000), and what answers them.
void render_hooks(std::string& out) {
  line(out, "  chain prerouting {{");
  line(out, "    type filter hook prerouting priority mangle; policy accept;");
  line(out, "  }}");
  line(out, "  chain resolve {{");
  line(out, "    type nat hook output priority {}; policy accept;", kDstnatPriority);
  line(out, "    meta mark & 0x{0:08x} == 0x{0:08x} accept", kGuardMark);
  line(out, "    jump redirect_dns");
  line(out, "  }}");
  line(out, "  chain input {{");
  line(out, "    type filter hook input priority filter; policy accept;");
  render_loopback(out, "iifname");
  render_errors(out);
  render_addresses(out, "dport", "sport");
  line(out, "    ct direction original jump identify");
  line(out, "    goto judge");
  line(out, "  }}");
  line(out, "  chain output {{");
  line(out, "    type filter hook output priority filter; policy accept;");
  render_loopback(out, "oifname");
  render_errors(out);
  render_addresses(out, "sport", "dport");
  line(out, "    udp dport 123 meta skuid < 1000 goto own_socket");
  line(out, "    ct direction original jump identify");
  line(out, "    goto judge");
  line(out, "  }}");
  line(out, "  chain forward {{");
  line(out, "    type filter hook forward priority filter; policy accept;");
  line(out, "    ct direction original jump identify");
  line(out, "    goto judge");
  line(out, "  }}");
}

}  // namespace

void render_machine(std::string& out, const FilterLayout& layout) {
  const RoomNumber room = layout.rooms.front().number;
  render_identity(out, *layout.machine);
  render_hooks(out);
  line(out, "  chain judge {{");
  line(out, "    ct state {{ invalid, untracked }} drop");
  render_servers(out, layout, "");
  line(out, "    goto {}", from_chain(room));
  line(out, "  }}");
  // Packets that come in: only they have an interface that they came by.
  render_cut(out, "meta iif != 0");
  render_from(out, room);
}

std::string render_machine_close() {
  return "insert rule inet lokaal forward drop\n"
         "insert rule inet lokaal input iifname != \"lo\" drop\n"
         "insert rule inet lokaal output oifname != \"lo\" drop\n";
}

}  // namespace lokaal::packet_filter
